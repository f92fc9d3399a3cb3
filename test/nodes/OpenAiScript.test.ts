/** The OpenAiScript node in n8n's engine, against the sandbox. */
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { startEngine, type Engine, type NodeRun } from '../support/engine';
import { temporarySandbox } from '../support/sandbox';
import { temporaryFolder } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

async function nodeOn(sandbox: Sandbox, apiKey: string = KEYS.openai.apiKey) {
	const databaseFile = join(await temporaryFolder(), 'jobs.sqlite');
	return async (items: object[], parameters: object = {}, more: Partial<NodeRun> = {}) =>
		await engine.runNode({
			type: 'openAiScript',
			parameters: { resource: 'script', operation: 'generate', ...parameters },
			credentials: {
				ytempireOpenAiApi: { apiKey, baseUrl: `${sandbox.services.openai.url}/v1` },
				ytempireStoreApi: { databaseFile },
			},
			items: items as never,
			...more,
		});
}

const request = { video_id: 'v-1', topic: 'How volcanoes work', style: 'calm', duration: 30 };

describe('Script: Generate', () => {
	it('adds a script to the item, by the fields of the request that came in', async () => {
		const sandbox = await temporarySandbox();
		const node = await nodeOn(sandbox);
		const { items } = await node([{ ...request, video_id: '' }]);
		expect(items[0]?.json).toMatchObject({
			topic: request.topic,
			script: {
				title: expect.any(String),
				language: 'en',
				scenes: expect.arrayContaining([expect.objectContaining({ id: 'scene-1' })]),
				provider: 'openai',
				model: 'gpt-6.1-terra',
				costs: [expect.objectContaining({ basis: 'billed' })],
			},
		});
		const [{ body } = { body: {} }] = sandbox.recorder.list({ service: 'openai' });
		const { messages } = body as { messages: Array<{ content: string }> };
		expect(JSON.parse(messages[1]?.content ?? '')).toEqual({
			topic: request.topic,
			style: 'calm',
			duration_seconds: 28,
			language: 'en',
		});
	});

	it('writes with the tier’s model, or with the one that is named', async () => {
		const sandbox = await temporarySandbox();
		const node = await nodeOn(sandbox);
		const model = async (parameters: object) =>
			(await node([{ ...request, video_id: '' }], parameters)).items[0]?.json.script;
		expect(await model({ tier: 'premium' })).toMatchObject({ model: 'gpt-6.1-sol' });
		expect(await model({ options: { model: 'gpt-6-luna' } })).toMatchObject({ model: 'gpt-6-luna' });
	});

	it('handles every item, and with Continue On Fail goes on past the one that fails', async () => {
		const node = await nodeOn(await temporarySandbox());
		const items = [{ topic: 'Volcanoes' }, { topic: 'x'.repeat(501) }, { topic: 'Rivers' }];
		const { outputs } = await node(items, {}, { onError: 'continueErrorOutput' });
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		expect(outputs[1]?.[0]?.json).toMatchObject({
			details: {
				error_class: 'invalid-request',
				issues: [{ field: 'topic', reason: 'at most 500 characters' }],
			},
		});
	});

	it('tells a wrong key with its cure and without the key', async () => {
		const node = await nodeOn(await temporarySandbox(), 'a-wrong-key');
		const { error, status } = await node([request], { videoId: '' });
		expect(status).toBe('error');
		expect(error?.message).toContain('did not accept the credential');
		expect(error?.description).toContain('Check the key');
		expect(JSON.stringify(error)).not.toContain('a-wrong-key');
	});

	it('stops when the execution is cancelled', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.setLatency('openai', 5000);
		const node = await nodeOn(sandbox);
		const { status } = await node([request], { videoId: '' }, { signal: AbortSignal.timeout(300) });
		expect(status).toBe('canceled');
	});
});
