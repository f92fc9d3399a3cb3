/** The OpenAI provider over real HTTP against the sandbox. */
import { describe, expect, it } from 'vitest';

import type { StructuredRequest } from '../../../../core/providers/language/language';
import { createOpenAi } from '../../../../core/providers/language/openai';
import { KEYS } from '../../../../sandbox/keys';
import type { Sandbox } from '../../../../sandbox/server';
import { temporarySandbox } from '../../../support/sandbox';

const request: StructuredRequest = {
	model: 'gpt-6.1-terra',
	system: 'Answer with the schema.',
	messages: [{ role: 'user', content: '{"topic":"volcanoes","duration_seconds":15}' }],
	schemaName: 'answer',
	schema: {
		type: 'object',
		properties: { title: { type: 'string' } },
		required: ['title'],
		additionalProperties: false,
	},
	sampling: { temperature: 0.8, topP: 0.9, presencePenalty: 0.3, frequencyPenalty: 0.3 },
	maxOutputTokens: 500,
};

function openAi(sandbox: Sandbox, apiKey: string = KEYS.openai.apiKey) {
	return createOpenAi({ apiKey, baseUrl: `${sandbox.services.openai.url}/v1`, timeoutMs: 5000 });
}

async function bodyOfLast(sandbox: Sandbox): Promise<Record<string, unknown>> {
	return sandbox.recorder.list({ service: 'openai' }).at(-1)?.body as Record<string, unknown>;
}

function completion(choice: object, usage: object = {}): object {
	return {
		id: 'chatcmpl-1',
		object: 'chat.completion',
		created: 1,
		model: 'gpt-6.1-terra-2026-10-26',
		choices: [{ index: 0, finish_reason: 'stop', ...choice }],
		usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, ...usage },
	};
}

describe('a completion', () => {
	it('is JSON by the schema, with the tokens it used', async () => {
		const sandbox = await temporarySandbox();
		const answer = await openAi(sandbox).complete(request);
		expect(answer.value).toEqual({ title: expect.any(String) });
		expect(answer).toMatchObject({ model: 'gpt-6.1-terra', cutOff: false, refusal: undefined, warnings: [] });
		expect(answer.usage.inputTokens).toBeGreaterThan(0);
		expect(answer.usage.outputTokens).toBeGreaterThan(0);
	});

	it('is asked for with a strict schema, and with the owner’s sampling where reasoning is off', async () => {
		const sandbox = await temporarySandbox();
		await openAi(sandbox).complete(request);
		expect(await bodyOfLast(sandbox)).toMatchObject({
			model: 'gpt-6.1-terra',
			temperature: 0.8,
			top_p: 0.9,
			presence_penalty: 0.3,
			frequency_penalty: 0.3,
			reasoning_effort: 'none',
			max_completion_tokens: 500,
			response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true } },
		});
	});

	it('is asked for without sampling of a model that takes none, and says so', async () => {
		const sandbox = await temporarySandbox();
		const answer = await openAi(sandbox).complete({ ...request, model: 'gpt-5.6-terra' });
		expect(await bodyOfLast(sandbox)).not.toHaveProperty('temperature');
		expect(answer.warnings[0]).toContain('temperature');
	});

	it.each(['gpt-5.6-terra', 'gpt-5.6-luna'])('leaves %s room to think beside the answer, and asks it to think little', async (model) => {
		const sandbox = await temporarySandbox();
		await openAi(sandbox).complete({ ...request, model });
		expect(await bodyOfLast(sandbox)).toMatchObject({ reasoning_effort: 'low', max_completion_tokens: 500 + 16_000 });
	});

	it('is asked for again without sampling when the table was wrong about the model', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'openai', kind: 'status', status: 400, reason: 'unsupported_value' });
		const answer = await openAi(sandbox).complete(request);
		expect(answer.value).toBeDefined();
		expect(answer.warnings[0]).toContain('temperature');
	});

	it('without its tokens is one whose cost has to be estimated', async () => {
		const sandbox = await temporarySandbox();
		const { usage, ...untold } = completion({ message: { content: '{}' } }) as { usage?: object };
		sandbox.faults.add({ service: 'openai', kind: 'status', status: 200, body: untold });
		expect(usage).toBeDefined();
		expect(await openAi(sandbox).complete(request)).toMatchObject({ isUsageUntold: true });
		expect(await openAi(sandbox).complete(request)).toMatchObject({ isUsageUntold: false });
	});

	it('tells cached tokens, refusals and a cut-off apart', async () => {
		const sandbox = await temporarySandbox();
		const reply = (body: object) => sandbox.faults.add({ service: 'openai', kind: 'status', status: 200, body });
		reply(completion({ message: { content: '{}' } }, { prompt_tokens_details: { cached_tokens: 4 } }));
		reply(completion({ message: { content: null, refusal: 'I will not' } }));
		reply(completion({ message: { content: '{"ti' }, finish_reason: 'length' }));
		reply(completion({ message: { content: '' }, finish_reason: 'content_filter' }));
		const provider = openAi(sandbox);
		const cached = await provider.complete(request);
		expect(cached.usage).toEqual({ inputTokens: 6, cachedInputTokens: 4, outputTokens: 5 });
		expect((await provider.complete(request)).refusal).toBe('I will not');
		expect(await provider.complete(request)).toMatchObject({ cutOff: true, value: undefined });
		expect((await provider.complete(request)).refusal).toContain('content filter');
	});

	it('comes from the models of the account, which name the day on which they end', async () => {
		const sandbox = await temporarySandbox();
		const models = await openAi(sandbox).listModels();
		expect(models).toContainEqual({ id: 'gpt-6.1-terra' });
		expect(models).toContainEqual({ id: 'gpt-4o-mini', shutDown: '2027-01-14' });
	});
});

describe('a failure', () => {
	it.each([
		[401, 'invalid_api_key', 'auth'],
		[429, 'insufficient_quota', 'quota-exhausted'],
		[429, 'rate_limit_exceeded', 'rate-limited'],
		[400, 'content_policy_violation', 'refused'],
		[400, 'context_length_exceeded', 'invalid-request'],
		[404, 'model_not_found', 'invalid-request'],
		[500, undefined, 'unavailable'],
		[503, undefined, 'unavailable'],
	])('%i %s is %s, once', async (status, reason, errorClass) => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'openai', kind: 'status', status, reason, times: 0 });
		const work = openAi(sandbox).complete(request);
		await expect(work).rejects.toMatchObject({ errorClass, provider: 'openai', httpStatus: status });
		expect(sandbox.recorder.list({ service: 'openai' })).toHaveLength(1);
	});

	it('names no key, even a wrong one that the service repeats', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({
			service: 'openai',
			kind: 'status',
			status: 401,
			body: { error: { message: 'Incorrect API key provided: my-own-secret', code: 'invalid_api_key' } },
		});
		const error = await openAi(sandbox, 'my-own-secret').complete(request).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(Error);
		expect(JSON.stringify(error) + (error as Error).message).not.toContain('my-own-secret');
	});

	it('keeps how long to wait and the id of the request', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({
			service: 'openai',
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '3', 'x-request-id': 'req_42' },
		});
		await expect(openAi(sandbox).complete(request)).rejects.toMatchObject({
			retryAfterMs: 3000,
			requestId: 'req_42',
		});
	});

	it.each(['drop', 'drop-answer', 'malformed'] as const)('of the connection (%s) is unavailable', async (kind) => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'openai', kind });
		await expect(openAi(sandbox).complete(request)).rejects.toMatchObject({ errorClass: 'unavailable' });
	});

	it('of patience is unavailable, and of the user cancelled', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'openai', kind: 'slow', delayMs: 3000, times: 0 });
		const baseUrl = `${sandbox.services.openai.url}/v1`;
		const impatient = createOpenAi({ apiKey: KEYS.openai.apiKey, baseUrl, timeoutMs: 100 });
		await expect(impatient.complete(request)).rejects.toMatchObject({ errorClass: 'unavailable', reason: 'timeout' });
		const signal = AbortSignal.timeout(100);
		await expect(openAi(sandbox).complete({ ...request, signal })).rejects.toMatchObject({ errorClass: 'cancelled' });
	});

	it('is what a redirect is: the key goes nowhere else', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({
			service: 'openai',
			kind: 'status',
			status: 302,
			headers: { location: `${sandbox.services.elevenlabs.url}/v1/models` },
			body: {},
		});
		await expect(openAi(sandbox).complete(request)).rejects.toMatchObject({ errorClass: 'invalid-request' });
		expect(sandbox.recorder.list({ service: 'elevenlabs' })).toHaveLength(0);
	});
});
