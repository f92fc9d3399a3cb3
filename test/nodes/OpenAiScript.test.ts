/** The OpenAiScript node in n8n's engine, against the sandbox. */
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { OpenAiScript } from '../../nodes/OpenAiScript/OpenAiScript.node';
import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { startEngine, type Engine, type NodeRun } from '../support/engine';
import { temporarySandbox } from '../support/sandbox';
import { queuedJob } from '../support/job';
import { temporaryFolder, temporaryStore } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

async function nodeOn(sandbox: Sandbox, apiKey: string = KEYS.openai.apiKey, file?: string) {
	const databaseFile = file ?? join(await temporaryFolder(), 'jobs.sqlite');
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

/** Messages of the last paid request. */
function lastAsked(sandbox: Sandbox): Array<{ role: string; content: string }> {
	const { body } = sandbox.recorder.list({ service: 'openai', method: 'POST' }).at(-1) ?? {};
	return (body as { messages: Array<{ role: string; content: string }> }).messages;
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

	it('is asked for in the tone that is given, as data', async () => {
		const sandbox = await temporarySandbox();
		const node = await nodeOn(sandbox);
		await node([{ ...request, video_id: '' }], { options: { tone: 'dry humour' } });
		expect(JSON.parse(lastAsked(sandbox)[1]?.content ?? '')).toMatchObject({ style: 'calm', tone: 'dry humour' });
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

describe('the credentials', () => {
	it('may be left out: one of them is enough', () => {
		const { credentials } = new OpenAiScript().description;
		expect(credentials?.map(({ name, required }) => [name, required])).toEqual([
			['ytempireOpenAiApi', false],
			['ytempireAnthropicApi', false],
			['ytempireCohereApi', false],
			['ytempireStoreApi', false],
		]);
	});
});

describe('Script: Improve', () => {
	it('changes the script that came in by the feedback', async () => {
		const sandbox = await temporarySandbox();
		const node = await nodeOn(sandbox);
		const [written] = (await node([{ ...request, video_id: '' }])).items;
		const item = { ...written?.json, video_id: '', feedback: 'The hook is dull' };
		const { items, error } = await node([item], { operation: 'improve' });
		expect(error).toBeUndefined();
		const before = written?.json.script as { scenes: Array<{ id: string; narration: string }> };
		const after = items[0]?.json.script as typeof before;
		expect(after.scenes.map(({ id }) => id)).toEqual(before.scenes.map(({ id }) => id));
		expect(after.scenes[0]?.narration).not.toBe(before.scenes[0]?.narration);
		expect(items[0]?.json).toMatchObject({ topic: request.topic, script: { provider: 'openai', model: 'gpt-6.1-terra' } });
		expect(JSON.parse(lastAsked(sandbox)[1]?.content ?? '')).toMatchObject({ feedback: 'The hook is dull' });
	});

	it('says which field is missing', async () => {
		const node = await nodeOn(await temporarySandbox());
		const { error } = await node([{ script: { title: 'x' } }], { operation: 'improve', feedback: 'x' });
		expect(error?.description).toContain('script.scenes');
	});
});

const narrated = {
	title: 'Volcanoes',
	language: 'en',
	scenes: Array.from({ length: 4 }, (_, index) => ({
		id: `scene-${index + 1}`,
		narration: 'The mountain wakes slowly, and everyone can see the smoke above its top from far away.',
		visual_query: 'lava',
	})),
};

describe('a job', () => {
	it('pays for improvement, review and metadata once, however often the steps run', async () => {
		const sandbox = await temporarySandbox();
		const store = await temporaryStore();
		await queuedJob(store);
		const node = await nodeOn(sandbox, KEYS.openai.apiKey, store.file);
		const item = { video_id: 'v-1', script: narrated, feedback: 'The hook is dull' };
		const paid = () => sandbox.recorder.list({ service: 'openai', method: 'POST' }).length;
		for (const [parameters, field] of [
			[{ operation: 'review' }, 'review'],
			[{ resource: 'metadata' }, 'metadata'],
			[{ operation: 'improve' }, 'script'],
		] as const) {
			const before = paid();
			const first = await node([item], parameters);
			expect(first.error).toBeUndefined();
			expect(paid()).toBe(before + 1);
			// the first execution lets go of the job
			await store.db.updateTable('jobs').set({ holder: '', lease_until: 0 }).execute();
			const second = await node([item], parameters);
			expect(second.items[0]?.json[field]).toEqual(first.items[0]?.json[field]);
			expect(paid()).toBe(before + 1);
		}
		const rows = await store.db.selectFrom('costs').select(['stage', 'provider']).orderBy('stage').execute();
		expect(rows).toEqual(['metadata', 'review', 'script'].map((stage) => ({ stage, provider: 'openai' })));
	});
});

describe('Script: Review', () => {
	it('adds the judgement of another model than the writer’s', async () => {
		const sandbox = await temporarySandbox();
		const node = await nodeOn(sandbox);
		const judge = async (model: string) =>
			(await node([{ topic: 'Volcanoes', script: { ...narrated, model } }], { operation: 'review', videoId: '' })).items[0]?.json;
		expect(await judge('gpt-6.1-terra')).toMatchObject({
			topic: 'Volcanoes',
			review: { score: expect.any(Number), reasons: expect.any(Array), writer: 'gpt-6.1-terra', model: 'gpt-6.1-sol' },
		});
		expect(await judge('gpt-6.1-sol')).toMatchObject({ review: { model: 'gpt-6.1-terra' } });
	});

	it('refuses a writer as its own judge', async () => {
		const node = await nodeOn(await temporarySandbox());
		const options = { model: 'gpt-6.1-terra' };
		const { error } = await node([{ script: { ...narrated, model: 'gpt-6.1-terra' } }], { operation: 'review', videoId: '', options });
		expect(error?.message).toContain('would judge itself');
	});
});

describe('Metadata: Generate', () => {
	const parameters = { resource: 'metadata', operation: 'generate', videoId: '' };

	it('adds title, description, tags and chapters, at the times that were spoken', async () => {
		const node = await nodeOn(await temporarySandbox());
		const scenes = narrated.scenes.map(({ id }, index) => ({ scene_id: id, start_s: index * 15, end_s: index * 15 + 15, words: [] }));
		const audio = { path: '/tmp/voice.wav', sha256: 'a'.repeat(64), bytes: 1, mime: 'audio/wav' };
		const { items, error } = await node([{ script: narrated, voice: { audio, duration_s: 60, scenes } }], parameters);
		expect(error).toBeUndefined();
		const metadata = items[0]?.json.metadata as { chapters: Array<{ start_s: number }>; description: string };
		expect(metadata.chapters.map(({ start_s: start }) => start)).toEqual([0, 15, 30, 45]);
		expect(metadata.description).toContain('0:15 ');
		expect(items[0]?.json).toMatchObject({ script: { title: 'Volcanoes' }, metadata: { tags: expect.any(Array), model: 'gpt-6.1-terra' } });
	});

	it('estimates the times without a narration', async () => {
		const node = await nodeOn(await temporarySandbox());
		const { items, error } = await node([{ script: narrated }], parameters);
		expect(error).toBeUndefined();
		expect(items[0]?.json.metadata).toMatchObject({ title: expect.any(String), chapters: [], warnings: [expect.stringContaining('too short')] });
	});
});
