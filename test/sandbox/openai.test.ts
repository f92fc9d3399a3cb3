/** OpenAI's stand-in: structured output, plain text, its models and its refusals. */
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';

import { ask } from '../support/http';
import { temporarySandbox } from '../support/sandbox';
import { chat, chatBody, OPENAI_KEY, responses, responsesBody, SCRIPT_SCHEMA } from './requests';

const ajv = new Ajv({ strict: false });

function formatOf(schema: object) {
	return { response_format: { type: 'json_schema', json_schema: { name: 'any', strict: true, schema } } };
}

describe('structured output', () => {
	it('is a script of the asked length in chat completions', async () => {
		const { body } = await chat(await temporarySandbox(), chatBody('How bees find their way', 40));
		const script = JSON.parse(body.choices[0].message.content);
		expect(ajv.validate(SCRIPT_SCHEMA, script)).toBe(true);
		const words = script.scenes.map((scene: any) => scene.narration).join(' ').split(' ').length;
		expect(Math.abs(words - 100)).toBeLessThanOrEqual(5);
		expect(new Set(script.scenes.map((scene: any) => scene.id)).size).toBe(script.scenes.length);
	});

	it('is the same in responses', async () => {
		const { body } = await responses(await temporarySandbox(), responsesBody('How bees find their way', 40));
		const script = JSON.parse(body.output[0].content[0].text);
		expect(ajv.validate(SCRIPT_SCHEMA, script)).toBe(true);
		expect(script.title).toContain('How Bees Find Their Way');
	});

	it('fits any other schema, with references, choices and limits', async () => {
		const schema = {
			type: 'object',
			properties: {
				score: { type: 'number', minimum: 0, maximum: 1 },
				stars: { type: 'integer', minimum: 1, maximum: 5 },
				verdict: { enum: ['good', 'bad'] },
				note: { anyOf: [{ type: 'null' }, { type: 'string' }] },
				parts: { type: 'array', minItems: 4, items: { $ref: '#/$defs/part' } },
			},
			required: ['score', 'stars', 'verdict', 'note', 'parts'],
			additionalProperties: false,
			$defs: {
				part: {
					type: 'object',
					properties: { name: { type: 'string' }, done: { type: 'boolean' }, kind: { const: 'part' } },
					required: ['name', 'done', 'kind'],
					additionalProperties: false,
				},
			},
		};
		const { body } = await chat(await temporarySandbox(), chatBody('bees', 20, formatOf(schema)));
		const value = JSON.parse(body.choices[0].message.content);
		expect(ajv.validate(schema, value), ajv.errorsText()).toBe(true);
	});

	it('keeps to the number of scenes that the schema allows', async () => {
		const sandbox = await temporarySandbox();
		for (const [minItems, maxItems] of [[3, 3], [12, 14]] as const) {
			const scenes = { ...SCRIPT_SCHEMA.properties.scenes, minItems, maxItems };
			const schema = { ...SCRIPT_SCHEMA, properties: { ...SCRIPT_SCHEMA.properties, scenes } };
			const { body } = await chat(sandbox, chatBody('bees', 60, formatOf(schema)));
			expect(ajv.validate(schema, JSON.parse(body.choices[0].message.content)), ajv.errorsText()).toBe(true);
		}
	});

	it('is refused for a schema that is not strict', async () => {
		const schema = { type: 'object', properties: { a: { type: 'string' } }, required: [], additionalProperties: false };
		const { status, body } = await chat(await temporarySandbox(), chatBody('bees', 20, formatOf(schema)));
		expect(status).toBe(400);
		expect(body.error).toMatchObject({ code: 'invalid_json_schema', message: expect.stringContaining("Missing 'a'") });
	});
});

describe('an answer', () => {
	it('is plain text when no format is asked', async () => {
		const { body } = await chat(await temporarySandbox(), chatBody('bees', 30, { response_format: undefined }));
		expect(body.choices[0].message.content).toMatch(/bees/);
	});

	it('is the same for the same seed and question', async () => {
		const [one, same, other] = [await temporarySandbox(5), await temporarySandbox(5), await temporarySandbox(6)];
		const text = async (sandbox: typeof one) => (await chat(sandbox, chatBody('bees', 60))).body.choices[0].message.content;
		expect(await text(one)).toBe(await text(same));
		expect(await text(one)).not.toBe(await text(other));
	});

	it('is billed by its length, with the thinking before it', async () => {
		const sandbox = await temporarySandbox();
		const { body } = await chat(sandbox, chatBody('bees', 30, { reasoning_effort: 'low' }));
		const text: string = body.choices[0].message.content;
		expect(body.usage.completion_tokens).toBe(Math.ceil([...text].length / 4) + 64);
		expect(body.usage.completion_tokens_details.reasoning_tokens).toBe(64);
		expect(sandbox.state('openai')).toMatchObject({
			billed: [{ id: body.id, units: { output_tokens: body.usage.completion_tokens } }],
		});
	});

	it('is cut where the allowed tokens end', async () => {
		const { body } = await chat(await temporarySandbox(), chatBody('bees', 60, { reasoning_effort: 'none', max_completion_tokens: 20 }));
		expect(body.choices[0].finish_reason).toBe('length');
		expect(body.usage.completion_tokens).toBe(20);
	});

	it('names its request and the limits in headers', async () => {
		const { headers } = await chat(await temporarySandbox(), chatBody('bees', 10));
		expect(headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
		expect(Number(headers.get('x-ratelimit-remaining-requests'))).toBeGreaterThan(0);
	});
});

describe('a refusal', () => {
	it.each([
		['a model that was switched off', { model: 'gpt-4-turbo-preview' }, 404, 'model_not_found'],
		['a model that never was', { model: 'gpt-99' }, 404, 'model_not_found'],
		['an unknown parameter', { topic: 'bees' }, 400, 'unknown_parameter'],
		['a temperature on a model that thinks', { temperature: 0.8 }, 400, 'unsupported_value'],
		['max_tokens on a model that thinks', { max_tokens: 100 }, 400, 'unsupported_parameter'],
		['no messages', { messages: [] }, 400, 'empty_array'],
	])('meets %s', async (_name, change, status, code) => {
		const answer = await chat(await temporarySandbox(), { ...chatBody('bees', 10), ...change });
		expect(answer.status).toBe(status);
		expect(answer.body.error.code).toBe(code);
	});

	it('does not meet a temperature when the model is told not to think', async () => {
		const sampling = { reasoning_effort: 'none', temperature: 0.8, top_p: 0.9 };
		expect((await chat(await temporarySandbox(), chatBody('bees', 10, sampling))).status).toBe(200);
	});

	it('meets a model from the day on that it is switched off', async () => {
		const sandbox = await temporarySandbox();
		const body = chatBody('bees', 10, { model: 'gpt-4o-mini' });
		sandbox.clock.set(Date.parse('2027-01-13T00:00:00Z'));
		expect((await chat(sandbox, body)).status).toBe(200);
		sandbox.clock.set(Date.parse('2027-01-14T00:00:00Z'));
		expect((await chat(sandbox, body)).status).toBe(404);
	});
});

describe('the list of models', () => {
	it('says when each will be switched off', async () => {
		const { services } = await temporarySandbox();
		const { body } = await ask(`${services.openai.url}/v1/models`, { headers: OPENAI_KEY });
		const dates = Object.fromEntries(body.data.map((model: any) => [model.id, model.shutdown_date]));
		expect(dates).toMatchObject({ 'gpt-4o-mini': '2027-01-14', 'gpt-6-luna': null });
		expect(dates).not.toHaveProperty('gpt-3.5-turbo');
	});
});
