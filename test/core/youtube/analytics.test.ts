/** A channel's figures against the sandbox's YouTube Analytics. */
import { describe, expect, it } from 'vitest';

import { channelAnalytics, type AnalyticsInput } from '../../../core/youtube/analytics';
import { KEYS } from '../../../sandbox/keys';
import { describeContracts } from '../../support/contracts';
import { discoveryDocument, requestErrors } from '../../support/discovery';
import { testPool, type TestPool } from '../../support/pool';
import { temporarySandbox } from '../../support/sandbox';
import { temporaryStore, TestClock } from '../../support/store';
import { YouTubeClient } from '../../support/youtube-client';

const DAY_MS = 86_400_000;

const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

async function scene(options: TestPool = {}) {
	const sandbox = await temporarySandbox();
	const store = await temporaryStore(new TestClock(Date.now()));
	const deps = { store, pool: testPool({ baseUrl: sandbox.services.youtube.url, ...options }), retry: { baseMs: 5, maxMs: 20 } };
	const report = async (input: Partial<AnalyticsInput> = {}) =>
		await channelAnalytics({ account: 'account-02', startDate: daysAgo(16), endDate: daysAgo(10), ...input }, deps);
	const reports = () => sandbox.recorder.list({ service: 'youtube', path: '/v2/reports' });
	return { sandbox, store, report, reports };
}

describe('channel analytics', () => {
	it('gives a row for each day with every metric, as plain fields', async () => {
		const { report, reports } = await scene();
		const rows = await report();
		expect(rows.map(({ day }) => day)).toEqual(Array.from({ length: 7 }, (_, index) => daysAgo(16 - index)));
		for (const row of rows) {
			expect(row).toEqual({
				account_id: 'account-02', channel_id: KEYS.youtube.accounts[1]!.channelId, day: expect.any(String), views: expect.any(Number),
				estimated_minutes_watched: expect.any(Number), average_view_duration: expect.any(Number), subscribers_gained: expect.any(Number),
				likes: expect.any(Number), shares: expect.any(Number), comments: expect.any(Number),
			});
		}
		expect(reports()).toHaveLength(1);
	});

	it('gives the whole range in one row, and only the metrics that were asked', async () => {
		const { report } = await scene();
		const days = await report({ metrics: ['views'] });
		const [total, ...others] = await report({ dimension: 'total', metrics: ['views', 'likes'] });
		expect(others).toEqual([]);
		expect(Object.keys(total!)).toEqual(['account_id', 'channel_id', 'views', 'likes']);
		expect(total!.views).toBe(days.reduce((sum, { views }) => sum + Number(views), 0));
	});

	it('gives rows by month, by country, and by video from the most watched on', async () => {
		const { report, sandbox } = await scene();
		const client = await YouTubeClient.signIn(sandbox, 2);
		const ids = [];
		for (let index = 0; index < 3; index += 1) ids.push((await client.upload(Buffer.from(`no video ${index}`))).body.id);
		expect((await report({ dimension: 'month', startDate: '2026-01-01', endDate: '2026-03-01' })).map(({ month }) => month)).toEqual(['2026-01', '2026-02', '2026-03']);
		expect((await report({ dimension: 'country' })).map(({ country }) => country)).toContain('US');
		const videos = await report({ dimension: 'video' });
		expect(new Set(videos.map((row) => row.youtube_id))).toEqual(new Set(ids));
		const views = videos.map((row) => Number(row.views));
		expect(views).toEqual([...views].sort((a, b) => b - a));
		expect(await report({ youtubeId: ids[0] })).toHaveLength(7);
	});

	it('gives no rows for days without figures yet', async () => {
		const { report } = await scene();
		expect(await report({ startDate: daysAgo(1), endDate: daysAgo(1) })).toEqual([]);
	});

	it.each<[string, Partial<AnalyticsInput>, string[]]>([
		['dates that are none', { startDate: '2026-02-30', endDate: 'today' }, ['startDate', 'endDate']],
		['an end before the start', { startDate: daysAgo(3), endDate: daysAgo(4) }, ['endDate']],
		['a day to come', { endDate: daysAgo(-3) }, ['endDate']],
		['a time before YouTube', { startDate: '2004-01-01' }, ['startDate']],
		['months that are not whole', { dimension: 'month', startDate: '2026-01-02', endDate: '2026-02-01' }, ['startDate']],
		['unknown rows', { dimension: 'soul' as never }, ['dimension']],
		['unknown metrics', { metrics: ['constructor' as never] }, ['metrics']],
		['a video that is none', { youtubeId: 'x;country==DE' }, ['youtube_id']],
	])('refuses %s by field, and asks YouTube nothing', async (_what, input, fields) => {
		const { report, sandbox } = await scene();
		const error = await report(input).catch((reason: unknown) => reason);
		expect(error).toMatchObject({ errorClass: 'invalid-request', reason: 'invalid-report', issues: fields.map((field) => ({ field })) });
		expect(sandbox.recorder.list({ service: 'youtube' })).toEqual([]);
	});

	it('asks for a new token when YouTube no longer takes the old one, and goes on after a fault that passes', async () => {
		const { report, sandbox, reports } = await scene();
		await report();
		await fetch(`${sandbox.services.youtube.url}/sandbox/tokens/expire`, { method: 'POST' });
		sandbox.faults.add({ service: 'youtube', kind: 'status', status: 503, times: 1, match: { path: '/v2/reports' } });
		expect(await report()).toHaveLength(7);
		expect(reports().map(({ status }) => status)).toEqual([200, 503, 401, 200]);
	});

	it.each([
		['accessNotConfigured', 'YouTube Analytics API'],
		['insufficientPermissions', 'yt-analytics.readonly'],
	])('says what to do about %s, and spends none of the Data API’s units', async (reason, cure) => {
		const { report, sandbox, store } = await scene();
		sandbox.faults.add({ service: 'youtube', kind: 'status', status: 403, reason, match: { path: '/v2/reports' } });
		await expect(report()).rejects.toMatchObject({ errorClass: 'auth', reason, cure: expect.stringContaining(cure) });
		expect(await store.db.selectFrom('quota_days').selectAll().execute()).toEqual([]);
	});

	it('puts an account whose sign-in is dead into quarantine, but none that only lacks the permission or the API', async () => {
		const { report, sandbox, store } = await scene();
		const quarantined = async () =>
			(await store.db.selectFrom('pool_accounts').selectAll().execute()).filter((row) => row.quarantine_reason).map((row) => row.account_id);
		for (const reason of ['insufficientPermissions', 'accessNotConfigured', 'quotaExceeded']) {
			sandbox.faults.add({ service: 'youtube', kind: 'status', status: 403, reason, times: 1, match: { path: '/v2/reports' } });
			await expect(report()).rejects.toMatchObject({ reason });
		}
		expect(await quarantined()).toEqual([]);
		expect(await store.db.selectFrom('pool_projects').selectAll().execute()).toEqual([]);
		expect(await store.db.selectFrom('quota_days').selectAll().execute()).toEqual([]);
		await fetch(`${sandbox.services.youtube.url}/sandbox/accounts/account-02`, {
			method: 'PATCH', body: JSON.stringify({ standing: 'revoked' }), headers: { 'Content-Type': 'application/json' },
		});
		await expect(report()).rejects.toMatchObject({ errorClass: 'auth', reason: 'invalid_grant' });
		expect(await quarantined()).toEqual(['account-02']);
	});

	it('says that an answer which is no report is none', async () => {
		const { report, sandbox } = await scene();
		sandbox.faults.add({ service: 'youtube', kind: 'status', status: 200, body: { rows: 'x' }, match: { path: '/v2/reports' } });
		await expect(report()).rejects.toMatchObject({ errorClass: 'unavailable', reason: 'malformed-answer' });
	});
});

describeContracts('what is sent keeps to the discovery document', ['google'], () => {
	it('for every kind of rows', async () => {
		const { report, reports } = await scene();
		for (const dimension of ['day', 'country', 'video', 'total'] as const) await report({ dimension, youtubeId: 'AAAAAAAAAAA' });
		const document = discoveryDocument('youtubeAnalytics.v2.json');
		expect(reports()).toHaveLength(4);
		expect(reports().flatMap((record) => requestErrors(document, record))).toEqual([]);
	});
});
