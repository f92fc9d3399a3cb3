/** Anthropic's and Cohere's stand-ins: their own refusals, and answers by their own contracts. */
import { describe, expect, it } from 'vitest';

import { contractFor, describeContracts } from '../support/contracts';
import { ask, type Answer } from '../support/http';
import { temporarySandbox } from '../support/sandbox';
import type { Sandbox } from '../../sandbox/server';

import { SCRIPT_SCHEMA } from './requests';

const content = JSON.stringify({ topic: 'How bees find their way', style: 'calm', duration_seconds: 20 });

function messages(sandbox: Sandbox, more: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
	return ask(`${sandbox.services.anthropic.url}/v1/messages`, {
		headers: { 'x-api-key': 'sandbox-anthropic-key', 'anthropic-version': '2023-06-01', ...headers },
		json: {
			model: 'claude-sonnet-5-5',
			max_tokens: 4000,
			messages: [{ role: 'user', content }],
			output_config: { effort: 'low', format: { type: 'json_schema', schema: SCRIPT_SCHEMA } },
			...more,
		},
	});
}

function chat(sandbox: Sandbox, more: object = {}): Promise<Answer> {
	return ask(`${sandbox.services.cohere.url}/v2/chat`, {
		headers: { authorization: 'Bearer sandbox-cohere-key' },
		json: {
			model: 'command-a-03-2025',
			messages: [{ role: 'user', content }],
			response_format: { type: 'json_object', json_schema: SCRIPT_SCHEMA },
			...more,
		},
	});
}

describe('Anthropic’s stand-in', () => {
	it('writes a script after it has thought, and bills both', async () => {
		const sandbox = await temporarySandbox();
		const { body } = await messages(sandbox);
		expect(body.content.map(({ type }: { type: string }) => type)).toEqual(['thinking', 'text']);
		expect(JSON.parse(body.content[1].text).scenes.length).toBeGreaterThan(0);
		expect(sandbox.state('anthropic')).toMatchObject({
			billed: [{ id: body.id, units: { output_tokens: body.usage.output_tokens } }],
		});
	});

	it.each([
		['a temperature', { temperature: 0.8 }, 400, 'does not support setting temperature'],
		['a model that is gone', { model: 'claude-sonnet-4-0' }, 404, 'claude-sonnet-4-0'],
		['no max_tokens', { max_tokens: undefined }, 400, 'max_tokens: Field required'],
		['too many tokens', { max_tokens: 500_000 }, 400, 'maximum allowed number of output tokens'],
		['a system turn', { messages: [{ role: 'system', content: 'x' }] }, 400, "'user' or 'assistant'"],
		['an answer begun for it', { messages: [{ role: 'user', content }, { role: 'assistant', content: '{' }] }, 400, 'prefill'],
		['a field of another provider', { response_format: {} }, 400, 'Extra inputs'],
		[
			'a schema with a range',
			{ output_config: { format: { type: 'json_schema', schema: { type: 'number', minimum: 0 } } } },
			400,
			"property 'minimum' is not supported",
		],
	])('refuses %s', async (_name, change, status, words) => {
		const answer = await messages(await temporarySandbox(), change);
		expect(answer.status).toBe(status);
		expect(answer.body.error.message).toContain(words);
	});

	it('answers a model no more from the day on that it is switched off', async () => {
		const sandbox = await temporarySandbox();
		const old = { model: 'claude-sonnet-4-5', output_config: undefined };
		sandbox.clock.set(Date.parse('2026-11-29T00:00:00Z'));
		expect((await messages(sandbox, old)).status).toBe(200);
		sandbox.clock.set(Date.parse('2026-11-30T00:00:00Z'));
		expect((await messages(sandbox, old)).status).toBe(404);
	});
});

describe('Cohere’s stand-in', () => {
	it('writes a script, and bills what it says', async () => {
		const sandbox = await temporarySandbox();
		const { body } = await chat(sandbox);
		expect(JSON.parse(body.message.content[0].text).scenes.length).toBeGreaterThan(0);
		expect(sandbox.state('cohere')).toMatchObject({ billed: [{ id: body.id, units: body.usage.billed_units }] });
	});

	it.each([
		['a temperature over 1', { temperature: 1.5 }, 400, 'between 0 and 1'],
		['a model that is gone', { model: 'command-r-plus' }, 404, 'was removed'],
		['a model that never was', { model: 'gpt-6-luna' }, 404, 'not found'],
		['a field of another provider', { top_p: 0.9 }, 422, 'not a valid field'],
		['a schema in OpenAI’s form', { response_format: { type: 'json_schema' } }, 400, 'text, json_object'],
	])('refuses %s', async (_name, change, status, words) => {
		const answer = await chat(await temporarySandbox(), change);
		expect(answer.status).toBe(status);
		expect(answer.body.message).toContain(words);
	});
});

describe('a script of the wrong length', () => {
	const fault = (sandbox: Sandbox, factor: number) =>
		ask(`${sandbox.controlUrl}/faults`, { json: { service: '*', kind: 'wrong-length', factor } });
	const words = (text: string) =>
		(JSON.parse(text) as { scenes: Array<{ narration: string }> }).scenes.flatMap(({ narration }) => narration.split(' ')).length;

	it('is written when the control API says so, once, by each service', async () => {
		const sandbox = await temporarySandbox();
		const anthropic = async () => words((await messages(sandbox)).body.content.at(-1).text);
		const cohere = async () => words((await chat(sandbox)).body.message.content[0].text);
		for (const write of [anthropic, cohere]) {
			expect((await fault(sandbox, 2)).status).toBe(201);
			expect(await write()).toBeGreaterThan(90);
			expect(await write()).toBeLessThan(60);
		}
	});

	it('needs a factor', async () => {
		const sandbox = await temporarySandbox();
		expect((await fault(sandbox, 0)).body.error).toContain('factor');
	});
});

describeContracts('the contracts of Anthropic and Cohere', ['anthropic', 'cohere'], () => {
	it('hold for Anthropic’s answers', async () => {
		const sandbox = await temporarySandbox();
		const contract = contractFor('anthropic');
		contract.response('POST', '/v1/messages', 200)((await messages(sandbox)).body);
		const headers = { 'x-api-key': 'sandbox-anthropic-key' };
		const models = await ask(`${sandbox.services.anthropic.url}/v1/models`, { headers });
		contract.response('GET', '/v1/models', 200)(models.body);
	});

	it('hold for Cohere’s answers', async () => {
		const sandbox = await temporarySandbox();
		const contract = contractFor('cohere');
		contract.response('POST', '/v2/chat', 200)((await chat(sandbox)).body);
		const headers = { authorization: 'Bearer sandbox-cohere-key' };
		const models = await ask(`${sandbox.services.cohere.url}/v1/models`, { headers });
		contract.response('GET', '/v1/models', 200)(models.body);
		contract.response('POST', '/v2/chat', 404)((await chat(sandbox, { model: 'x' })).body);
	});
});
