/** OpenAiScript over several providers, in n8n's engine, against the sandbox. */
import { beforeAll, describe, expect, it } from 'vitest';

import type { Budget } from '../../core/cost/budget';
import type { Tried } from '../../core/documents';
import { modelOfTier, reviewerModel } from '../../core/providers/language/models';
import { defaultPerMinute } from '../../core/routing/candidate';
import { YtempireAnthropicApi } from '../../credentials/YtempireAnthropicApi.credentials';
import { YtempireCohereApi } from '../../credentials/YtempireCohereApi.credentials';
import { YtempireOpenAiApi } from '../../credentials/YtempireOpenAiApi.credentials';
import { tierField } from '../../nodes/OpenAiScript/fields';
import { getModels } from '../../nodes/OpenAiScript/load-options';
import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { FAILURES, PROVIDER_IDS } from '../core/providers/language/providers';
import { startEngine, type Engine, type NodeRun } from '../support/engine';
import { queuedJob } from '../support/job';
import { billedBy, expectAccountedFor } from '../support/money';
import { temporarySandbox } from '../support/sandbox';
import { temporaryStore } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

type Credentials = NonNullable<NodeRun['credentials']>;

const signIns = ({ services }: Sandbox): Record<(typeof PROVIDER_IDS)[number], Credentials> => ({
	openai: { ytempireOpenAiApi: { ...KEYS.openai, baseUrl: `${services.openai.url}/v1` } },
	anthropic: { ytempireAnthropicApi: { ...KEYS.anthropic, baseUrl: services.anthropic.url } },
	cohere: { ytempireCohereApi: { ...KEYS.cohere, baseUrl: services.cohere.url } },
});

const request = { video_id: 'v-1', topic: 'How volcanoes work', style: 'calm', duration: 30 };

async function scene(budget: Budget = {}) {
	const sandbox = await temporarySandbox();
	const store = await temporaryStore();
	await queuedJob(store, {}, budget);
	const { openai, anthropic, cohere } = signIns(sandbox);
	const all = { ...openai, ...anthropic, ...cohere };
	const run = async (options: object = {}, parameters: object = {}, credentials: Credentials = all, item: object = request) => {
		const outcome = await engine.runNode({
			type: 'openAiScript',
			parameters: { resource: 'script', operation: 'generate', options, ...parameters } as never,
			credentials: { ...credentials, ytempireStoreApi: { databaseFile: store.file } },
			items: [item as never],
		});
		// the execution lets go of the job
		await store.db.updateTable('jobs').set({ holder: '', lease_until: 0 }).execute();
		const { script, review } = (outcome.items[0]?.json ?? {}) as Record<string, { tried: Tried[]; provider: string; model: string; warnings: string[] }>;
		return { ...outcome, script, review };
	};
	const billed = () => billedBy(sandbox, PROVIDER_IDS, 'language');
	const asked = (id: string) => sandbox.recorder.list({ service: id, method: 'POST' }).length;
	return { sandbox, store, openai, run, billed, asked };
}

/** A wait longer than the node waits for, so that the test doesn't wait either. */
const headers = { 'retry-after': '120' };

const CLASSES = ['unavailable', 'rate-limited', 'auth', 'refused', 'quota-exhausted'] as const;

describe.each(PROVIDER_IDS)('when %s is preferred', (id) => {
	it.each(CLASSES)('and fails (%s), the next provider writes, and the item says why', async (errorClass) => {
		const { sandbox, store, run, billed } = await scene();
		const { status, reason } = FAILURES[id].find((failure) => failure.errorClass === errorClass)!;
		sandbox.faults.add({ service: id, kind: 'status', status, reason, headers, times: 0, match: { method: 'POST' } });
		const { script, error } = await run({ provider: id });
		expect(error).toBeUndefined();
		const next = PROVIDER_IDS.find((one) => one !== id)!;
		expect(script?.tried).toMatchObject([
			{ provider: id, model: modelOfTier(id, 'standard'), outcome: 'failed', error_class: errorClass, cost_usd: 0 },
			{ provider: next, model: modelOfTier(next, 'standard'), outcome: 'used', cost_usd: expect.any(Number) },
		]);
		expect(script).toMatchObject({ provider: next, model: modelOfTier(next, 'standard') });
		expect(script?.warnings[0]).toContain(`${id} could not be used`);
		expect(await expectAccountedFor(store, billed())).toBe(0);
	});
});

describe('a refusal inside a good answer', () => {
	it('is paid, and the next provider writes', async () => {
		const { sandbox, store, run, billed } = await scene();
		sandbox.faults.add({ service: 'openai', kind: 'refusal', match: { method: 'POST' } });
		const { script } = await run();
		expect(script?.tried).toMatchObject([{ provider: 'openai', error_class: 'refused' }, { provider: 'anthropic', outcome: 'used' }]);
		expect(script?.tried[0]?.cost_usd).toBeGreaterThan(0);
		expect(billed()).toHaveLength(2);
		expect(await expectAccountedFor(store, billed())).toBe(0);
	});
});

describe('an account out of credit', () => {
	it('is left alone by the next stages too', async () => {
		const { sandbox, run, asked } = await scene();
		sandbox.faults.add({ service: 'openai', kind: 'status', status: 429, reason: 'insufficient_quota', times: 0 });
		const { script, items } = await run();
		expect(asked('openai')).toBe(1);
		const { review } = await run({}, { operation: 'review' }, undefined, items[0]?.json);
		expect(asked('openai')).toBe(1);
		expect(review?.tried[0]).toMatchObject({ provider: 'openai', reason: 'resting' });
		expect(review).toMatchObject({ provider: 'anthropic', model: reviewerModel('anthropic', script?.model ?? '') });
		expect(review?.model).not.toBe(script?.model);
	});
});

describe('the options', () => {
	it('can forbid the fallback: then it is the provider’s own error', async () => {
		const { sandbox, run, asked } = await scene();
		sandbox.faults.add({ service: 'openai', kind: 'status', status: 401, times: 0 });
		const { error } = await run({ fallback: false });
		expect(error?.message).toContain('openai did not accept the credential');
		expect(asked('anthropic')).toBe(0);
	});

	it('name a model for the preferred provider only', async () => {
		const { sandbox, run } = await scene();
		sandbox.faults.add({ service: 'anthropic', kind: 'status', status: 529, headers, times: 0 });
		const { script } = await run({ provider: 'anthropic', model: 'claude-haiku-5-5' });
		expect(script?.tried).toMatchObject([{ model: 'claude-haiku-5-5' }, { model: modelOfTier('openai', 'standard') }]);
	});

	it('tell what is missing when the preferred provider has no credential', async () => {
		const { run, openai } = await scene();
		const { error } = await run({ provider: 'cohere' }, {}, openai);
		expect(error?.message).toContain('No credential is chosen for Cohere');
	});

	it('list the models of the preferred provider', async () => {
		const { anthropic } = signIns(await temporarySandbox());
		const editor = {
			getCurrentNodeParameter: (path: string) => (path === 'options.provider' ? 'anthropic' : undefined),
			getCredentials: async (type: string) => anthropic[type],
			getNode: () => ({ name: 'OpenAI Script' }),
		};
		const models = await getModels.call(editor as never);
		expect(models).toContainEqual(expect.objectContaining({ value: 'claude-sonnet-5-5' }));
		expect(models.some(({ value }) => String(value).startsWith('gpt'))).toBe(false);
	});

	it('show each tier’s models of all providers', () => {
		for (const option of tierField.options ?? []) {
			const { value, description } = option as { value: 'standard'; description: string };
			for (const id of PROVIDER_IDS) expect(description).toContain(modelOfTier(id, value));
		}
	});
});

it('needs no credential of OpenAI when another provider is the preferred one', async () => {
	const { sandbox, run, asked } = await scene();
	const { script } = await run({ provider: 'anthropic' }, {}, signIns(sandbox).anthropic);
	expect(script?.provider).toBe('anthropic');
	expect(asked('openai')).toBe(0);
});

describe('a job', () => {
	it('is not made anew when a fallback’s credential is added', async () => {
		const { openai, run, asked, billed } = await scene();
		const alone = await run({}, {}, openai);
		const more = await run();
		expect(more.script).toEqual(alone.script);
		expect(asked('openai')).toBe(1);
		expect(billed()).toHaveLength(1);
	});

	it('whose budget has no room is refused before anything is sent, with the figures', async () => {
		const { run, billed } = await scene({ video: 1_000 });
		const { error, status } = await run();
		expect(status).toBe('error');
		expect(error?.message).toContain('Video v-1 has a budget of $0.001, of which $0.00 are spent');
		expect(error?.description).toContain('Raise the budget');
		expect(billed()).toEqual([]);
	});

	it('that failed goes on without paying again for what was answered', async () => {
		const { sandbox, store, openai, run, billed } = await scene();
		sandbox.faults.add({ service: 'openai', kind: 'wrong-length', factor: 0.5, match: { method: 'POST' } });
		sandbox.faults.add({ service: 'openai', kind: 'slow', delayMs: 5_000, after: 1, match: { method: 'POST' } });
		const cut = await engine.runNode({
			type: 'openAiScript',
			parameters: { resource: 'script', operation: 'generate' },
			credentials: { ...openai, ytempireStoreApi: { databaseFile: store.file } },
			items: [request],
			signal: AbortSignal.timeout(2_000),
		});
		expect(cut.status).toBe('canceled');
		const before = billed().length;
		await store.db.updateTable('jobs').set({ holder: '', lease_until: 0 }).execute();
		const { script } = await run({}, {}, openai);
		expect(script?.provider).toBe('openai');
		// the correction alone
		const bodies = sandbox.recorder.list({ service: 'openai', method: 'POST' }).slice(before);
		expect(bodies.at(-1)?.body).toMatchObject({ messages: expect.arrayContaining([expect.objectContaining({ role: 'assistant' })]) });
		expect(sandbox.recorder.list({ service: 'openai', method: 'POST' })).toHaveLength(3);
		await expectAccountedFor(store, billed());
	});
});

describe('the credentials', () => {
	it('allow as many requests a minute as the dated table says', () => {
		for (const [id, type] of [
			['openai', new YtempireOpenAiApi()],
			['anthropic', new YtempireAnthropicApi()],
			['cohere', new YtempireCohereApi()],
		] as const) {
			expect([id, type.properties.find(({ name }) => name === 'requestsPerMinute')?.default]).toEqual([id, defaultPerMinute(id)]);
		}
	});
});
