/** CostOptimizer in n8n's engine, and generation that follows what it configures. */
import type { IDataObject } from 'n8n-workflow';
import { beforeAll, describe, expect, it } from 'vitest';

import type { CostAnalysis } from '../../core/cost/analyze';
import type { Savings } from '../../core/cost/savings';
import type { Settled, Switching } from '../../core/cost/switch';
import { configurationOf, updateConfiguration } from '../../core/routing/configuration';
import { KEYS } from '../../sandbox/keys';
import { startEngine, type Engine } from '../support/engine';
import { queuedJob } from '../support/job';
import { FLOOR, generateMonth, recordMonth } from '../support/month';
import { temporarySandbox } from '../support/sandbox';
import { temporaryStore } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

async function scene(videos = 0) {
	const store = await temporaryStore();
	if (videos > 0) {
		// the node's clock is the machine's
		await recordMonth(store, generateMonth(2, videos, Date.now()));
	}
	const run = async (resource: string, operation: string, parameters: object = {}, item: IDataObject = {}, onError?: 'continueErrorOutput') => {
		const outcome = await engine.runNode({
			type: 'costOptimizer',
			parameters: { resource, operation, ...parameters },
			credentials: { ytempireStoreApi: { databaseFile: store.file } },
			items: [item],
			onError,
		});
		return { ...outcome, json: outcome.items[0]?.json ?? {} };
	};
	return { store, run };
}

const luna = { provider: 'openai', model: 'gpt-6-luna' };

describe('the line from costs to switches', () => {
	it('analyzes, proposes, switches on a share and updates, each step adding its field', async () => {
		const { store, run } = await scene(1_500);
		const analyzed = await run('cost', 'analyze', {}, { asked_by: 'ana' });
		expect(analyzed.error).toBeUndefined();
		const analysis = analyzed.json.analysis as unknown as CostAnalysis;
		expect(analysis).toMatchObject({ videos: 1_500, days: 30 });
		expect(analyzed.json.asked_by).toBe('ana');

		const identified = await run('savings', 'identify', { qualityFloor: FLOOR }, analyzed.json);
		const savings = identified.json.savings as unknown as Savings;
		expect(savings.planned_usd).toBeLessThan(savings.cost_usd);
		for (const one of savings.savings.filter(({ kind }) => kind === 'switch')) {
			expect(one).toMatchObject({ risk: expect.stringMatching(/low|medium|high/), evidence: expect.arrayContaining([expect.any(String)]) });
			expect(one.confidence).toBeGreaterThanOrEqual(0.95);
		}
		expect(savings.planned_quality?.lower_bound).toBeGreaterThanOrEqual(FLOOR);

		const dry = await run('provider', 'switch', {}, identified.json);
		expect((dry.json.switching as unknown as Switching).applied).toBe(false);
		expect((await configurationOf(store.db)).version).toBe(0);

		const applied = await run('provider', 'switch', { apply: true, by: 'ana', greatestShare: 0.1 }, identified.json);
		const switching = applied.json.switching as unknown as Switching;
		expect(switching).toMatchObject({ applied: true, version: 1 });
		expect(switching.switches.every(({ share }) => share === 0.1)).toBe(true);
		expect(await configurationOf(store.db)).toMatchObject({ version: 1, action: 'switch', made_by: 'ana' });

		const updated = await run('configuration', 'update', {}, applied.json);
		const settled = updated.json as unknown as Settled;
		expect(settled.judgements.map(({ verdict }) => verdict)).toEqual(switching.switches.map(() => 'wait'));
		expect(settled.configuration.version).toBe(1);
	});

	it('refuses stages that it does not know rather than switching all of them', async () => {
		const { store, run } = await scene(300);
		const { json } = await run('savings', 'identify', { qualityFloor: 0 });
		for (const stages of ['everything', ['voice', 'mix'], 7]) {
			const { error } = await run('provider', 'switch', { apply: true, options: { stages } }, json);
			expect(error?.description).toContain('stages: a list of script');
		}
		expect((await configurationOf(store.db)).version).toBe(0);
	});

	it('checks what is asked of it field by field, and fills in defaults', async () => {
		const { run } = await scene();
		expect((await run('cost', 'validate', {}, { body: { days: 7, stages: ['voice'] } })).json).toEqual({
			...{ apply: false, days: 7, quality_floor: 0.8, greatest_share: 0.2, stages: ['voice'], by: '', reason: '' },
		});
		const { outputs } = await run('cost', 'validate', {}, { body: { apply: 'yes', qualityFloor: 1 } }, 'continueErrorOutput');
		expect(outputs[1]?.[0]?.json.details).toMatchObject({
			error_class: 'invalid-request',
			issues: [{ field: 'apply', reason: 'true or false' }, { field: 'qualityFloor', reason: 'unknown field' }],
		});
	});

	it('proposes nothing under the floor', async () => {
		const { run } = await scene(600);
		const { json } = await run('savings', 'identify', { qualityFloor: 0.99 });
		expect((json.savings as unknown as Savings).savings.filter(({ kind }) => kind === 'switch')).toEqual([]);
		const { json: dry } = await run('provider', 'switch', { apply: true }, json);
		expect(dry.switching).toMatchObject({ applied: false, switches: [] });
	});

	it('has an answer where nothing was recorded yet', async () => {
		const { run } = await scene();
		const { json } = await run('cost', 'analyze');
		expect(json.analysis).toMatchObject({ cost_usd: 0, videos: 0, cost_per_published_usd: null, by_stage: [] });
		const { json: found } = await run('savings', 'identify');
		expect(found.savings).toMatchObject({ savings: [], cost_usd: 0, planned_usd: 0, quality_now: null });
	});
});

describe('the configuration', () => {
	it('is updated, looked at and rolled back', async () => {
		const { run } = await scene();
		const changes = JSON.stringify({ script: { standard: luna } });
		const updated = await run('configuration', 'update', { changes, by: 'ana', reason: 'cheaper' });
		expect(updated.json.configuration).toMatchObject({ version: 1, made_by: 'ana', reason: 'cheaper' });
		expect(updated.json.configuration).toEqual((await run('configuration', 'get')).json.configuration);
		const back = await run('configuration', 'rollBack', { by: 'ben' });
		expect(back.json.configuration).toMatchObject({ version: 2, restores: 0, stages: {}, made_by: 'ben' });
		const { json } = await run('configuration', 'get');
		expect((json.versions as IDataObject[]).map(({ version, action }) => [version, action])).toEqual([[2, 'roll-back'], [1, 'update']]);
	});

	it.each([
		['configuration', 'update', { changes: '{' }, 'changes'],
		['configuration', 'update', { changes: '{"script": {"standard": {"provider": "nobody", "model": "x"}}}' }, 'script.standard.provider'],
		['cost', 'analyze', { days: 0 }, 'days'],
		['savings', 'identify', { qualityFloor: 2 }, 'qualityFloor'],
		['provider', 'switch', { savings: '{}' }, 'savings'],
		['provider', 'switch', { savings: '{"savings": []}', greatestShare: 3 }, 'greatestShare'],
	])('says which value is not valid: %s %s %j', async (resource, operation, parameters, field) => {
		const { run } = await scene();
		const { outputs } = await run(resource, operation, parameters, {}, 'continueErrorOutput');
		const details = outputs[1]?.[0]?.json.details as { error_class: string; issues: Array<{ field: string }> };
		expect(details).toMatchObject({ error_class: 'invalid-request' });
		expect(details.issues.map((issue) => issue.field)).toContain(field);
	});
});

describe('generation', () => {
	const write = async (videoId: string, options: object, { store, sandbox }: { store: Awaited<ReturnType<typeof temporaryStore>>; sandbox: Awaited<ReturnType<typeof temporarySandbox>> }) => {
		const { items, error } = await engine.runNode({
			type: 'openAiScript',
			parameters: { resource: 'script', operation: 'generate', options } as never,
			credentials: {
				ytempireOpenAiApi: { ...KEYS.openai, baseUrl: `${sandbox.services.openai.url}/v1` },
				ytempireAnthropicApi: { ...KEYS.anthropic, baseUrl: sandbox.services.anthropic.url },
				ytempireStoreApi: { databaseFile: store.file },
			},
			items: [{ video_id: videoId, topic: 'How volcanoes work', style: 'calm', duration: 30 }],
		});
		expect(error).toBeUndefined();
		await store.db.updateTable('jobs').set({ holder: '', lease_until: 0 }).execute();
		const { provider, model } = items[0]?.json.script as IDataObject;
		return { provider, model };
	};

	it('asks whom the configuration names; a rerun keeps to it and pays nothing, and the options come first', async () => {
		const [store, sandbox] = [await temporaryStore(), await temporarySandbox()];
		const all = { store, sandbox };
		for (const id of ['v-1', 'v-2', 'v-3', 'v-4']) await queuedJob(store, { video_id: id });
		const haiku = { provider: 'anthropic', model: 'claude-haiku-5-5' };
		await updateConfiguration(store, { script: { standard: haiku } }, { by: 'ana', reason: 'a test' });
		expect(await write('v-1', {}, all)).toEqual(haiku);
		await updateConfiguration(store, { script: { standard: luna } }, { by: 'ana', reason: 'a test' });
		expect(await write('v-1', {}, all)).toEqual(haiku);
		expect(sandbox.recorder.list({ service: 'anthropic', method: 'POST' })).toHaveLength(1);
		expect(await write('v-2', {}, all)).toEqual(luna);
		expect(await write('v-3', { provider: 'openai' }, all)).toMatchObject({ provider: 'openai', model: 'gpt-6.1-terra' });
		await updateConfiguration(store, { script: { standard: { provider: 'cohere', model: 'command-a-03-2025' } } }, { by: 'ana', reason: 'a test' });
		// no credential is chosen for it
		expect(await write('v-4', {}, all)).toMatchObject({ provider: 'openai', model: 'gpt-6.1-terra' });
	});

	const script = { title: 'Volcanoes', language: 'en', description: '', tags: [], scenes: [{ id: 'scene-1', narration: 'Volcanoes are hot.', visual_query: 'lava', on_screen_text: '' }] };

	it.each([
		{
			stage: 'voice',
			arm: { provider: 'azure-speech', model: 'neural' },
			usual: 'elevenlabs',
			node: { type: 'elevenLabsVoice', parameters: { resource: 'speech', operation: 'generate' } },
			field: 'voice',
		},
		{
			stage: 'metadata',
			arm: { provider: 'anthropic', model: 'claude-haiku-5-5' },
			usual: 'openai',
			node: { type: 'openAiScript', parameters: { resource: 'metadata', operation: 'generate' } },
			field: 'metadata',
		},
		{
			stage: 'image',
			arm: { provider: 'openai', model: 'gpt-image-1-mini' },
			usual: 'stability',
			node: { type: 'sceneImage', parameters: { resource: 'image', operation: 'generate', prompt: 'A volcano', size: 'custom', width: 320, height: 180, options: { sceneId: 'scene-1' } } },
			field: 'image',
		},
		{
			stage: 'thumbnail',
			arm: { provider: 'openai', model: 'gpt-image-1-mini' },
			usual: 'stability',
			node: { type: 'sceneImage', parameters: { resource: 'image', operation: 'generate', purpose: 'thumbnail', prompt: 'A volcano' } },
			field: 'image',
		},
	])('of $stage follows it, too, unless nothing is configured or the node names somebody', async ({ stage, arm, usual, node, field }) => {
		const [store, { services }] = [await temporaryStore(), await temporarySandbox()];
		for (const id of ['before', 'follows', 'named']) await queuedJob(store, { video_id: id });
		const providerOf = async (videoId: string, options: object = {}) => {
			const { options: own, ...parameters } = node.parameters as { options?: object };
			const { items, error } = await engine.runNode({
				type: node.type,
				parameters: { ...parameters, options: { ...own, ...options } },
				credentials: {
					ytempireElevenLabsApi: { ...KEYS.elevenlabs, baseUrl: services.elevenlabs.url },
					ytempireAzureSpeechApi: { ...KEYS.azureSpeech, baseUrl: services['azure-speech'].url },
					ytempireStabilityApi: { ...KEYS.stability, baseUrl: services.stability.url },
					ytempireOpenAiApi: { ...KEYS.openai, baseUrl: `${services.openai.url}/v1` },
					ytempireAnthropicApi: { ...KEYS.anthropic, baseUrl: services.anthropic.url },
					ytempireStoreApi: { databaseFile: store.file },
				},
				items: [{ video_id: videoId, topic: 'How volcanoes work', script }] as never,
			});
			expect(error).toBeUndefined();
			await store.db.updateTable('jobs').set({ holder: '', lease_until: 0 }).execute();
			const { provider, model } = items[0]?.json[field] as IDataObject;
			return { provider, model };
		};
		expect(await providerOf('before')).toMatchObject({ provider: usual });
		await updateConfiguration(store, { [stage]: { standard: arm } }, { by: 'ana', reason: 'a test' });
		expect(await providerOf('follows')).toEqual(arm);
		expect(await providerOf('named', { provider: usual })).toMatchObject({ provider: usual });
		const enrolled = await store.db.selectFrom('configuration_trials').select(['video_id', 'stage', 'arm']).execute();
		expect(enrolled).toEqual([{ video_id: 'follows', stage, arm: 'standard' }]);
	});
});
