/** What the dashboard sums up, on both databases. */
import { expect, it } from 'vitest';

import type { QualityResult } from '../../../core/documents';
import { recordCost } from '../../../core/cost/ledger';
import { accountsView } from '../../../core/dashboard/accounts';
import { dashboardOf, daysFrom } from '../../../core/dashboard/dashboard';
import { flagJob } from '../../../core/jobs/flag';
import { failureOf, type JobStatus } from '../../../core/jobs/job';
import { LEASE_MS } from '../../../core/jobs/lease';
import { queueJob } from '../../../core/jobs/queue';
import { validateRequest } from '../../../core/jobs/request';
import { runStage } from '../../../core/jobs/stage';
import { updateJob } from '../../../core/jobs/update';
import { YtempireError } from '../../../core/errors';
import { accountStates } from '../../../core/pool/state';
import { seedStore } from '../../../host/pictures/seed';
import { testPool } from '../../support/pool';
import { describeStores, type OpenPlaced, type PlacedStore } from '../../support/stores';
import { TestClock } from '../../support/store';

const NOBODY = accountsView([]);

const DAY_MS = 86_400_000;

async function queue(store: PlacedStore, videoId: string, topic = 'How volcanoes work') {
	const validation = validateRequest({ video_id: videoId, topic });
	if (!validation.valid) throw new Error('the test request is not valid');
	await queueJob(store, validation.request, 'n8n:1');
}

async function finish(store: PlacedStore, videoId: string, status: JobStatus) {
	await queue(store, videoId);
	await updateJob(store, videoId, { status }, 'n8n:1');
}

async function measure(store: PlacedStore, videoId: string, score: number, threshold = 0.7) {
	const passed = score >= threshold;
	const result = { score, threshold, passed, reasons: passed ? [] : ['it stands still'], blame: [], gates: [] } satisfies QualityResult;
	await runStage({
		store, videoId, holder: 'n8n:1', stage: 'quality', input: score, work: async () => result,
		statusAfter: () => (passed ? undefined : 'flagged'),
	});
}

async function spend(store: PlacedStore, provider: string, microUsd: number) {
	await recordCost(store, { videoId: '', stage: 'script' }, { provider, model: '', units: {}, micro_usd: microUsd, basis: 'billed' });
}

/** Ten days of use: one old video, and the last two days. */
async function used(open: OpenPlaced): Promise<PlacedStore> {
	const store = await open();
	await finish(store, 'old', 'published');
	await spend(store, 'openai', 5_000_000);
	store.clock.pass(9 * DAY_MS);
	await finish(store, 'a', 'published');
	await spend(store, 'openai', 40_000);
	await spend(store, 'openai', 10_000);
	await spend(store, 'pexels', 0);
	store.clock.pass(DAY_MS);
	await finish(store, 'b', 'published');
	await finish(store, 'c', 'failed');
	await spend(store, 'elevenlabs', 150_000);
	await queue(store, 'd');
	return store;
}

describeStores('the dashboard', (open) => {
	it('counts videos by state, of all time and by the day on which they were asked for', async () => {
		const store = await used(open);
		const { videos, since, made_at: madeAt } = await dashboardOf(store, { days: 7, accounts: NOBODY });
		expect(madeAt).toBe('2026-12-02T12:00:00.000Z');
		expect(since).toBe('2026-11-26');
		expect(videos).toMatchObject({ total: 5, recent: 4, published: 2 });
		expect(videos.by_state.filter(({ videos: number }) => number > 0)).toEqual([
			{ state: 'published', videos: 3 },
			{ state: 'queued', videos: 1 },
			{ state: 'failed', videos: 1 },
		]);
		expect(videos.by_state.map(({ state }) => state)).toContain('flagged');
		expect(videos.per_day).toHaveLength(4);
		expect(videos.per_day).toContainEqual({ day: '2026-12-01', state: 'published', videos: 1 });
		expect(videos.per_day).toContainEqual({ day: '2026-12-02', state: 'failed', videos: 1 });
	});

	it('calls a video interrupted whose execution gives no sign of life', async () => {
		const store = await open();
		await queue(store, 'a');
		await measure(store, 'a', 0.9);
		const stateOf = async () => (await dashboardOf(store, { accounts: NOBODY })).videos.per_day.map(({ state }) => state);
		expect(await stateOf()).toEqual(['running']);
		store.clock.pass(LEASE_MS + 1);
		expect(await stateOf()).toEqual(['interrupted']);
	});

	it('adds up costs by day and provider, and spreads all of them over the published videos', async () => {
		const store = await used(open);
		const { costs } = await dashboardOf(store, { days: 7, accounts: NOBODY });
		expect(costs).toMatchObject({ total_usd: 0.2, per_published_usd: 0.1 });
		expect(costs.by_provider).toEqual([
			{ provider: 'elevenlabs', usd: 0.15, calls: 1 },
			{ provider: 'openai', usd: 0.05, calls: 2 },
			{ provider: 'pexels', usd: 0, calls: 1 },
		]);
		expect(costs.per_day.filter(({ usd }) => usd > 0)).toEqual([
			{ day: '2026-12-01', provider: 'openai', usd: 0.05, calls: 2 },
			{ day: '2026-12-02', provider: 'elevenlabs', usd: 0.15, calls: 1 },
		]);
	});

	it('has no cost of a published video when none was published', async () => {
		const store = await open();
		await spend(store, 'openai', 1_000);
		expect((await dashboardOf(store, { accounts: NOBODY })).costs).toMatchObject({ total_usd: 0.001, per_published_usd: null });
	});

	it('puts scores into bins whose lower bounds belong to them, apart by whether they passed', async () => {
		const store = await open();
		for (const [id, score] of [['a', 0.7], ['b', 0.749], ['c', 0.75], ['d', 1], ['e', 0.69], ['f', 0.35], ['g', 0]] as const) {
			await queue(store, id);
			await measure(store, id, score);
		}
		await queue(store, 'strict');
		await measure(store, 'strict', 0.72, 0.9);
		const { quality } = await dashboardOf(store, { accounts: NOBODY });
		expect(quality).toMatchObject({ measured: 8, passed: 4, mean: 0.62 });
		expect(quality.bins).toHaveLength(20);
		expect(quality.bins.filter(({ passed, below }) => passed + below > 0)).toEqual([
			{ from: 0, to: 0.05, passed: 0, below: 1 },
			{ from: 0.35, to: 0.4, passed: 0, below: 1 },
			{ from: 0.65, to: 0.7, passed: 0, below: 1 },
			{ from: 0.7, to: 0.75, passed: 2, below: 1 },
			{ from: 0.75, to: 0.8, passed: 1, below: 0 },
			{ from: 0.95, to: 1, passed: 1, below: 0 },
		]);
		store.clock.pass(31 * DAY_MS);
		expect((await dashboardOf(store, { accounts: NOBODY })).quality).toMatchObject({ measured: 0, passed: 0, mean: null });
	});

	it('tells the last failures with their cures, the latest first, and why a video waits for a person', async () => {
		const store = await open();
		await queue(store, 'failed', 'Why do cats purr?');
		const error = new YtempireError('auth', 'The key is wrong', { cure: 'Set another key.', provider: 'openai' });
		await updateJob(store, 'failed', { status: 'failed', failure: failureOf('script', error, store.clock.now()) }, 'n8n:1');
		store.clock.pass(1000);
		await queue(store, 'flagged');
		await measure(store, 'flagged', 0.5);
		const { troubles } = await dashboardOf(store, { accounts: NOBODY });
		expect(troubles).toEqual([
			expect.objectContaining({ video_id: 'flagged', state: 'flagged', stage: 'quality', reason: 'Its quality is 0.5, wanted: 0.7. it stands still', cure: expect.stringContaining('Watch it'), for_person: false }),
			{
				video_id: 'failed', topic: 'Why do cats purr?', state: 'failed', stage: 'script', provider: 'openai',
				error_class: 'auth', reason: 'The key is wrong', cure: 'Set another key.', for_person: false, at: '2026-11-22T12:00:00.000Z',
			},
		]);
		await queue(store, 'failed', 'Why do cats purr?');
		await measure(store, 'failed', 0.9);
		expect((await dashboardOf(store, { accounts: NOBODY })).troubles.map(({ video_id: id }) => id)).toEqual(['flagged']);
	});

	it('tells also of published videos that a person has to look at, and counts them', async () => {
		const store = await open();
		await finish(store, 'dull', 'published');
		await flagJob(store, 'dull', { reason: 'Viewers leave after four seconds' }, 'n8n:2');
		const { troubles, videos } = await dashboardOf(store, { accounts: NOBODY });
		expect(videos.for_person).toBe(1);
		expect(troubles).toEqual([
			expect.objectContaining({ video_id: 'dull', state: 'published', reason: 'Viewers leave after four seconds', for_person: true }),
		]);
	});

	it('is empty, and whole, for a store that has seen nothing', async () => {
		const dashboard = await dashboardOf(await open(), { accounts: NOBODY });
		expect(dashboard).toMatchObject({
			days: 30,
			videos: { total: 0, recent: 0, per_day: [] },
			costs: { total_usd: 0, per_day: [] },
			quality: { measured: 0 },
			troubles: [],
		});
	});

	it.each([0, 1.5, -1, 367, Number.NaN])('refuses to look back on %s days', async (days) => {
		await expect(dashboardOf(await open(), { days, accounts: NOBODY })).rejects.toThrow(/can't look back/);
	});

	it('sums up ten thousand videos in less than five seconds, on a busy machine too', async () => {
		const store = await open({ clock: new TestClock() });
		await seedStore(store, { videos: 10_000, days: 30 });
		const began = performance.now();
		const { videos, quality } = await dashboardOf(store, { accounts: NOBODY });
		expect(performance.now() - began).toBeLessThan(5000);
		expect(videos.total).toBe(10_000);
		expect(quality.measured).toBeGreaterThan(8000);
	}, 240_000);
});

describeStores('the accounts on the dashboard', (open) => {
	it("are the pool's fifteen, with what they have left and when they are back, and without addresses", async () => {
		const store = await open();
		const states = await accountStates(store, testPool());
		const view = accountsView(states.map((state) => ({ ...state, email: 'ana@example.com' })));
		expect(view).toMatchObject({ ready: 15, problem: '' });
		expect(view.list).toHaveLength(15);
		expect(view.list[0]).toMatchObject({ account_id: 'account-01', videos_left: 5, back_at: null });
		expect(JSON.stringify(view)).not.toContain('ana@example.com');
	});

	it('may be missing, and then it is said why', () => {
		expect(accountsView([{ error: 'The pool has no account', details: { cure: 'Add one.' } }])).toEqual({
			list: [], ready: 0, problem: 'The pool has no account. Add one.',
		});
		expect(accountsView([{}])).toMatchObject({ list: [], problem: '' });
	});

	it.each([[{}], ['x'], [[1]], [[{ account_id: 'a' }]]])('are refused when they are %j', (given) => {
		expect(() => accountsView(given)).toThrow(/aren't as the node YouTube Pool lists them/);
	});
});

it('names the days without a gap, also over the end of a year', () => {
	expect(daysFrom('2026-12-30', 4)).toEqual(['2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02']);
});
