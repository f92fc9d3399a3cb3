/** The routing configuration and its trials, on both databases. */
import { expect, it, vi } from 'vitest';

import { analyzeCosts } from '../../../core/cost/analyze';
import { identifySavings, SAVING_LIMITS } from '../../../core/cost/savings';
import { settleTrials, SWITCH_LIMITS, switchProviders } from '../../../core/cost/switch';
import { configurationHistory, configurationOf, readChanges, rollBack, updateConfiguration } from '../../../core/routing/configuration';
import { configuredArm, takesPart } from '../../../core/routing/configured';
import type { Arm } from '../../../core/routing/configuration';
import { FLOOR, generateMonth, jobRow, costRow, randomOf, recordMonth, stageRow } from '../../support/month';
import { describeStores, type PlacedStore } from '../../support/stores';

// each video of these tests is a transaction of its own, which a busy disk lets wait
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const author = { by: 'ana', reason: 'a test' };
const luna = { provider: 'openai', model: 'gpt-6-luna' };
const terra = { provider: 'openai', model: 'gpt-6.1-terra' };
const azure = { provider: 'azure-speech', model: 'neural' };
const eleven = { provider: 'elevenlabs', model: 'eleven_multilingual_v2' };

describeStores('the routing configuration', (open) => {
	it('keeps every version with who made it, when and why', async () => {
		const store = await open();
		expect(await configurationOf(store.db)).toMatchObject({ version: 0, stages: {}, action: 'none' });
		await updateConfiguration(store, { script: { standard: luna } }, author);
		store.clock.pass(60_000);
		await updateConfiguration(store, { voice: { standard: azure } }, { by: 'ben', reason: 'cheaper' });
		expect(await configurationHistory(store.db, 10)).toMatchObject([
			{ version: 2, made_by: 'ben', reason: 'cheaper', made_at: '2026-11-22T12:01:00.000Z', stages: { script: { standard: luna }, voice: { standard: azure } } },
			{ version: 1, made_by: 'ana', reason: 'a test', made_at: '2026-11-22T12:00:00.000Z', stages: { script: { standard: luna } } },
		]);
	});

	it('makes two versions of two updates at once, and loses neither', async () => {
		const store = await open();
		const other = await open({ of: store });
		await Promise.all([
			updateConfiguration(store, { script: { standard: luna } }, author),
			updateConfiguration(other, { voice: { standard: azure } }, author),
		]);
		const current = await configurationOf(store.db);
		expect(current).toMatchObject({ version: 2, stages: { script: { standard: luna }, voice: { standard: azure } } });
		expect(await configurationHistory(store.db, 10)).toHaveLength(2);
	});

	it('refuses a change upon another version than the one that is expected', async () => {
		const store = await open();
		const both = [store, await open({ of: store })].map(
			async (one) => await updateConfiguration(one, { script: { standard: luna } }, author, { expectedVersion: 0 }),
		);
		const outcomes = await Promise.allSettled(both);
		expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
	});

	it('goes back a version, and further back the next time', async () => {
		const store = await open();
		await updateConfiguration(store, { script: { standard: luna } }, author);
		await updateConfiguration(store, { script: { standard: terra } }, author);
		expect(await rollBack(store, author)).toMatchObject({ version: 3, restores: 1, stages: { script: { standard: luna } } });
		expect(await rollBack(store, author)).toMatchObject({ version: 4, restores: 0, stages: {} });
		await expect(rollBack(store, author)).rejects.toThrow('no earlier configuration');
		expect(await rollBack(store, author, 2)).toMatchObject({ version: 5, restores: 2, stages: { script: { standard: terra } } });
		await expect(rollBack(store, author, 99)).rejects.toThrow('no version 99');
	});

	it('gives a video the same provider through every change, and new videos the new one', async () => {
		const store = await open();
		expect(await configuredArm(store, 'v-0', 'script')).toBeUndefined();
		await updateConfiguration(store, { script: { standard: luna } }, author);
		expect(await configuredArm(store, 'v-1', 'script')).toEqual(luna);
		await updateConfiguration(store, { script: { standard: terra }, voice: { standard: azure } }, author);
		expect(await configuredArm(store, 'v-0', 'script')).toBeUndefined();
		expect(await configuredArm(store, 'v-1', 'script')).toEqual(luna);
		expect(await configuredArm(store, 'v-1', 'voice')).toBeUndefined();
		expect(await configuredArm(store, 'v-2', 'script')).toEqual(terra);
		expect(await configuredArm(store, 'v-2', 'voice')).toEqual(azure);
		expect(await configuredArm(store, 'v-2', 'quality')).toBeUndefined();
	});

	it('leaves a video whose script was there before any configuration to the node', async () => {
		const store = await open();
		await store.transaction(async (trx) => await trx.insertInto('stages').values(stageRow('old', 'script', 1, {}) as never).execute());
		await updateConfiguration(store, { voice: { standard: azure } }, author);
		expect(await configuredArm(store, 'old', 'voice')).toBeUndefined();
	});

	it('goes on with a trial whose share grows, and begins another one anew', async () => {
		const store = await open();
		const trial = async (arm: Arm, share: number) =>
			(await updateConfiguration(store, { voice: { standard: eleven, trial: { ...arm, share } } }, author)).stages.voice?.trial?.since;
		expect([await trial(azure, 0.2), await trial(azure, 0.4), await trial({ ...azure, model: 'neural-hd' }, 0.4)]).toEqual([1, 1, 3]);
	});

	/** Videos as generation would make them, with a score and costs by who did the voice. */
	const produce = async (store: PlacedStore, count: number, { score, cost = azure, status = () => 'published', prefix = 'n', asks = 'voice' }: {
		score: (isTrial: boolean) => number; cost?: Arm; status?: (isTrial: boolean) => string; prefix?: string; asks?: string;
	}) => {
		const random = randomOf(count);
		const [jobs, stages, costs]: [object[], object[], object[]] = [[], [], []];
		for (let index = 0; index < count; index++) {
			const id = `${prefix}-${index}`;
			const arm = await configuredArm(store, id, asks);
			const isTrial = arm?.provider === 'azure-speech';
			const at = store.clock.now();
			jobs.push(jobRow(id, at, status(isTrial)));
			stages.push(stageRow(id, 'quality', at, { score: score(isTrial) + 0.02 * (random() - 0.5) }));
			const use = { tokens: 0, characters: 1000 + Math.floor(100 * random()), pictures: 0 };
			costs.push(costRow(id, id, at, 'voice', isTrial ? cost : eleven, use));
		}
		await store.transaction(async (trx) => {
			await trx.insertInto('jobs').values(jobs as never).execute();
			await trx.insertInto('stages').values(stages as never).execute();
			await trx.insertInto('costs').values(costs as never).execute();
		});
	};
	const begin = async (store: PlacedStore) =>
		await updateConfiguration(store, { voice: { standard: eleven, trial: { ...azure, share: 0.4 } } }, author, { action: 'switch' });
	const settle = async (store: PlacedStore, greatestShare = 0.3) => {
		const settled = await settleTrials(store, { by: 'the test', greatestShare });
		return { ...settled, judgements: settled.judgements.filter(({ kind }) => kind === 'trial') };
	};

	it('undoes a switch that worsens quality by itself, and proposes it no more for a month', async () => {
		const store = await open();
		await begin(store);
		await produce(store, 80, { score: (isTrial) => (isTrial ? 0.78 : 0.9) });
		const settled = await settle(store);
		expect(settled.judgements).toMatchObject([{ stage: 'voice', verdict: 'roll back', trial: { quality: expect.closeTo(0.78, 1) } }]);
		expect(settled.rolled_back).toMatchObject([{ stage: 'voice', ...azure }]);
		expect(settled.configuration).toMatchObject({ version: 2, action: 'automatic-roll-back', made_by: 'the test', reason: expect.stringContaining('mean score'), stages: { voice: { standard: eleven } } });
		expect(await configuredArm(store, 'after', 'voice')).toEqual(eleven);
		const resting = await store.db.selectFrom('configuration_rests').selectAll().execute();
		expect(resting).toMatchObject([{ stage: 'voice', ...azure, rests_until: store.clock.now() + 30 * 24 * 3_600_000 }]);
		const found = await identifySavings(store, { ...SAVING_LIMITS, qualityFloor: 0.5 });
		expect(found.stages[0]?.alternatives.find((one) => one.provider === 'azure-speech' && one.model === 'neural')?.verdict).toBe('resting');
		expect((await settle(store)).rolled_back).toEqual([]);
	});

	it('undoes one whose videos are flagged, and one that other providers have to do', async () => {
		for (const [prefix, more] of [['f', { status: (isTrial: boolean) => (isTrial ? 'flagged' : 'published') }], ['o', { cost: { provider: 'google-tts', model: 'standard' } }]] as const) {
			const store = await open();
			await begin(store);
			await produce(store, 50, { score: () => 0.9, prefix, ...more });
			expect((await settle(store)).rolled_back).toMatchObject([{ stage: 'voice', why: expect.stringContaining('flagged, failed or had to be done') }]);
		}
	});

	it('counts only videos that follow the configuration in the stage, not those whose request names somebody for it', async () => {
		for (const changes of [{ voice: { standard: eleven, trial: { ...azure, share: 0.5 } } }, { voice: { standard: azure } }]) {
			const store = await open();
			await updateConfiguration(store, { voice: { standard: eleven } }, author);
			await produce(store, 15, { score: () => 0.9, prefix: 'before' });
			store.clock.pass(1_000);
			await updateConfiguration(store, changes, author, { action: 'switch' });
			await produce(store, 10, { score: () => 0.9, prefix: 'follows' });
			await produce(store, 40, { score: () => 0.9, prefix: 'named', cost: eleven, asks: 'script' });
			const { rolled_back: undone, judgements } = await settleTrials(store, { by: 'the test', greatestShare: 0.3 });
			expect(undone).toEqual([]);
			expect(judgements.find(({ since }) => since === 2)?.trial.videos).toBeLessThanOrEqual(10);
		}
	});

	it('undoes nothing while there are no videos on the other side', async () => {
		const store = await open();
		await updateConfiguration(store, { voice: { standard: eleven, trial: { ...azure, share: 1 } } }, author, { action: 'switch' });
		await produce(store, 30, { score: () => 0.9, status: () => 'flagged' });
		expect(await settle(store)).toMatchObject({ rolled_back: [], judgements: [{ verdict: 'wait', standard: { videos: 0 }, trial: { bad: 30 } }] });
	});

	it('undoes one that costs more', async () => {
		const store = await open();
		await updateConfiguration(store, { voice: { standard: eleven, trial: { ...azure, share: 0.5 } } }, author);
		await produce(store, 80, { score: () => 0.9, cost: { provider: 'azure-speech', model: 'neural' } });
		await store.transaction(async (trx) => await trx.updateTable('costs').set({ micro_usd: 900_000 }).where('provider', '=', 'azure-speech').execute());
		expect((await settle(store)).rolled_back).toMatchObject([{ why: expect.stringContaining('costs') }]);
	});

	it('widens a good switch step by step until it is the standard, and waits while too little was seen', async () => {
		const store = await open();
		await begin(store);
		await produce(store, 20, { score: () => 0.9 });
		expect((await settle(store)).judgements).toMatchObject([{ verdict: 'wait' }]);
		await produce(store, 80, { score: () => 0.9, prefix: 'm' });
		expect((await settle(store, 0)).widened).toEqual([]);
		expect((await settle(store)).widened).toMatchObject([{ stage: 'voice', ...azure, share: 0.7 }]);
		expect((await settle(store)).configuration).toMatchObject({ version: 3, action: 'widen', stages: { voice: { standard: azure } } });
		expect((await configurationOf(store.db)).stages.voice?.trial).toBeUndefined();
	});

	it('watches a new standard, and brings the one before back when it worsens quality', async () => {
		const store = await open();
		await updateConfiguration(store, { voice: { standard: eleven } }, author);
		await produce(store, 15, { score: () => 0.9, prefix: 'before' });
		store.clock.pass(1_000);
		await updateConfiguration(store, { voice: { standard: azure } }, author);
		expect((await settle(store)).rolled_back).toEqual([]);
		await produce(store, 15, { score: () => 0.7, prefix: 'after' });
		const { rolled_back: undone, configuration } = await settle(store);
		expect(undone).toMatchObject([{ stage: 'voice', ...azure, why: expect.stringContaining('mean score') }]);
		expect(configuration).toMatchObject({ version: 3, action: 'automatic-roll-back', stages: { voice: { standard: eleven } } });
		// what came back is not undone in its turn
		await produce(store, 15, { score: () => 0.5, prefix: 'back' });
		expect((await settle(store)).rolled_back).toEqual([]);
	});

	it('takes one step of two judgements at once', async () => {
		const store = await open();
		await begin(store);
		await produce(store, 100, { score: () => 0.9 });
		const other = await open({ of: store });
		const widened = (await Promise.all([settle(store, 0.1), settle(other, 0.1)])).flatMap((one) => one.widened);
		expect(widened.map(({ share }) => share).sort()).toEqual((await configurationOf(store.db)).version === 2 ? [0.5] : [0.5, 0.6]);
	});

	it('sums up a month, proposes the same on both databases, and switches only when told to', async () => {
		const store = await open();
		const month = generateMonth(1, 800, store.clock.now());
		await recordMonth(store, month);
		const analysis = await analyzeCosts(store, 30);
		const total = (parts: Array<{ cost_usd: number }>) => parts.reduce((sum, { cost_usd: one }) => sum + one, 0);
		for (const parts of [analysis.by_stage, analysis.by_provider, analysis.by_model, analysis.by_channel, analysis.by_day]) {
			expect(total(parts)).toBeCloseTo(analysis.cost_usd, 6);
		}
		const published = month.videos.filter(({ status }) => status === 'published').length;
		expect(analysis).toMatchObject({ videos: 800, published, waste: { failed: { videos: month.videos.filter(({ status }) => status === 'failed').length } } });
		expect(analysis.cost_per_published_usd).toBeCloseTo(analysis.cost_usd / published, 9);
		expect(analysis.by_channel.map(({ channel_id: id }) => id).sort()).toEqual(['channel-0', 'channel-1', 'channel-2', 'channel-3']);
		expect(analysis.forecast).toMatchObject({ month: '2026-11', days_seen: 28 });
		expect(analysis.forecast.expected_usd).toBeGreaterThan(analysis.forecast.so_far_usd);

		const savings = await identifySavings(store, { ...SAVING_LIMITS, qualityFloor: FLOOR });
		const dry = await switchProviders(store, savings, SWITCH_LIMITS, { ...author, apply: false });
		expect(dry).toMatchObject({ applied: false, version: null });
		expect(dry.switches.length).toBeGreaterThan(0);
		expect((await configurationOf(store.db)).version).toBe(0);
		const stage = savings.together.find(({ stages }) => stages.length === 1)!.stages[0]!;
		const only = { ...SWITCH_LIMITS, stages: [stage], greatestShare: 0.1 };
		const applied = await switchProviders(store, savings, only, { ...author, apply: true });
		expect(applied).toMatchObject({ applied: true, version: 1, switches: [{ stage, share: 0.1 }] });
		expect(Object.keys((await configurationOf(store.db)).stages)).toEqual([stage]);
		const again = await switchProviders(store, savings, only, { ...author, apply: true });
		expect(again).toMatchObject({ applied: false, left: expect.arrayContaining([expect.objectContaining({ why: expect.stringContaining('on trial') })]) });
	});
});

it('lets the asked share of the videos take part in a trial, the same ones always, and they stay in it when it grows', () => {
	const of = (share: number) =>
		Array.from({ length: 2_000 }, (_, index) => `video-${index}`).filter((id) => takesPart(id, 'voice', { trial: { ...azure, share, since: 1 } }));
	const [few, more] = [of(0.2), of(0.5)];
	expect(few.length / 2_000).toBeCloseTo(0.2, 1);
	expect(more.length / 2_000).toBeCloseTo(0.5, 1);
	expect(few).toEqual(of(0.2));
	expect(more).toEqual(expect.arrayContaining(few));
	expect(of(1)).toHaveLength(2_000);
	// another stage's trial is drawn by itself
	const both = of(0.5).filter((id) => takesPart(id, 'script', { trial: { ...luna, share: 0.5, since: 1 } }));
	expect(both.length / 2_000).toBeCloseTo(0.25, 1);
});

it.each([
	[{ script: { standard: { provider: 'elevenlabs', model: 'x' } } }, 'script.standard.provider'],
	[{ script: { trial: { ...luna, share: 2 } } }, 'script.trial.share'],
	[{ upload: null }, 'upload'],
	['nothing', 'changes'],
])('a change that is not valid is refused with its field: %j', (given, field) => {
	try {
		readChanges(given);
		expect.fail('it was taken');
	} catch (error) {
		expect(JSON.stringify((error as { issues: unknown }).issues)).toContain(field);
	}
});
