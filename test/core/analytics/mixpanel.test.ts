/** Events and totals over real HTTP, counted once. */
import { describe, expect, it } from 'vitest';

import { batchesOf } from '../../../core/analytics/batches';
import { mixpanelAddress } from '../../../core/analytics/connection';
import { revenueEarned } from '../../../core/analytics/events';
import { assertEvent, importEvents, insertIdOf, type AnalyticsEvent } from '../../../core/analytics/mixpanel';
import { trackOnce, type Tracked } from '../../../core/analytics/once';
import type { Store } from '../../../core/store/store';
import { KEYS } from '../../../sandbox/keys';
import { temporarySandbox } from '../../support/sandbox';
import { temporaryStore } from '../../support/store';

const event: AnalyticsEvent = {
	name: 'Video Generated',
	distinctId: 'UC1',
	time: Date.parse('2026-11-22T12:00:00Z'),
	key: 'video-generated:v-1',
	properties: { cost_usd: 0.01 },
};

interface Profile {
	distinct_id: string;
	properties: Record<string, number>;
}

async function connected(secret: string = KEYS.mixpanel.serviceAccount.secret) {
	const sandbox = await temporarySandbox();
	const connection = {
		projectId: KEYS.mixpanel.projectId,
		username: KEYS.mixpanel.serviceAccount.username,
		secret,
		projectToken: KEYS.mixpanel.projectToken,
		baseUrl: sandbox.services.mixpanel.url,
	};
	const state = () => sandbox.state('mixpanel') as { events: Array<{ properties: { time: number } }>; profiles: Profile[] };
	const requests = (path = '/') => sandbox.recorder.list({ service: 'mixpanel', path });
	const totals = () => Object.fromEntries(state().profiles.map((one) => [one.distinct_id, one.properties]));
	return { sandbox, connection, state, requests, totals };
}

describe('importEvents', () => {
	it('counts an event once, however often it is sent', async () => {
		const { connection, state } = await connected();
		expect(await importEvents(connection, [event])).toEqual([undefined]);
		await importEvents(connection, [event]);
		expect(state().events).toHaveLength(1);
	});

	it('sends thousands in few requests, compressed', async () => {
		const { connection, state, requests } = await connected();
		const many = Array.from({ length: 4500 }, (_, index) => ({ ...event, key: `k${index}` }));
		expect((await importEvents(connection, many)).every((one) => one === undefined)).toBe(true);
		expect(state().events).toHaveLength(4500);
		expect(requests().map(({ headers, query }) => [headers['content-encoding'], query.strict])).toEqual(Array(3).fill(['gzip', '1']));
	});

	it('says at each rejected row why, keeps the good ones, and sends none again', async () => {
		const { connection, state, requests } = await connected();
		const old = { ...event, key: 'old', time: Date.parse('1960-01-01T00:00:00Z') };
		const failures = await importEvents(connection, [event, old, { ...event, key: 'c' }, { ...old, key: 'old too' }]);
		expect(failures.map((one) => one?.issues[0]?.field)).toEqual([undefined, 'properties.time', undefined, 'properties.time']);
		expect([state().events.length, requests().length]).toEqual([2, 1]);
	});

	it('takes a refusal in other words than JSON for one, and sends nothing again', async () => {
		const { sandbox, connection, requests } = await connected();
		sandbox.faults.add({ service: 'mixpanel', kind: 'status', status: 400, body: Buffer.from('<html>Bad Request</html>'), times: 0 });
		expect(await importEvents(connection, [event])).toMatchObject([{ errorClass: 'invalid-request', httpStatus: 400 }]);
		expect(requests()).toHaveLength(1);
	});

	it('puts a rejection at its row also in the second request', async () => {
		const { connection } = await connected();
		const many = Array.from({ length: 2002 }, (_, index) => ({ ...event, key: `k${index}`, time: index === 2001 ? -1 : event.time }));
		const failures = await importEvents(connection, many);
		expect(failures.flatMap((one, index) => (one ? [index] : []))).toEqual([2001]);
	});

	it.each([429, 502, 503])('waits and tries again after %i', async (status) => {
		const { sandbox, connection, state, requests } = await connected();
		sandbox.faults.add({ service: 'mixpanel', kind: 'status', status });
		expect(await importEvents(connection, [event])).toEqual([undefined]);
		expect([state().events.length, requests().length]).toEqual([1, 2]);
	});

	it('says that the service account is wrong at every event, asks once, and shows no secret', async () => {
		const { connection, requests } = await connected('not-the-secret-at-all');
		const many = Array.from({ length: 2001 }, (_, index) => ({ ...event, key: `k${index}` }));
		const failures = await importEvents(connection, many);
		expect(failures.every((one) => one?.errorClass === 'auth' && !one.message.includes('not-the-secret-at-all'))).toBe(true);
		expect(requests()).toHaveLength(1);
	});

	it('makes insert IDs that Mixpanel takes, the same for the same key', () => {
		expect(insertIdOf('a')).toMatch(/^[A-Za-z0-9-]{1,36}$/);
		expect(insertIdOf('a')).toBe(insertIdOf('a'));
		expect(insertIdOf('a')).not.toBe(insertIdOf('b'));
	});
});

describe('limits and regions', () => {
	it('keeps every request under its number and its bytes', () => {
		const records = Array.from({ length: 10 }, () => JSON.stringify('x'.repeat(98)));
		const batches = batchesOf(records, { records: 4, bytes: 350 });
		expect(batches.map(({ indexes }) => indexes)).toEqual([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]);
		expect(batches.every(({ body }) => Buffer.byteLength(body) <= 350 && Array.isArray(JSON.parse(body)))).toBe(true);
		expect(batchesOf(['1', '2', '3', '4', '5'], { records: 4, bytes: 350 }).map(({ indexes }) => indexes.length)).toEqual([4, 1]);
	});

	it.each([
		['an ID that names nobody', { distinctId: 'undefined' }, 'distinct-id-refused'],
		['too many properties', { properties: Object.fromEntries(Array.from({ length: 253 }, (_, index) => [`p${index}`, 1])) }, 'event-too-large'],
		['more than a megabyte', { properties: { note: 'x'.repeat(1_000_001) } }, 'event-too-large'],
	])('refuses %s before Mixpanel is asked', (_name, wrong, reason) => {
		expect(() => assertEvent({ ...event, ...wrong })).toThrow(expect.objectContaining({ errorClass: 'invalid-request', reason }));
	});

	it('goes to the region’s host, or to a proxy', () => {
		const addresses = [{}, { region: 'us' }, { region: 'eu' }, { region: 'in' }, { region: 'eu', baseUrl: 'http://proxy/' }].map((one) => mixpanelAddress(one as never));
		expect(addresses).toEqual([
			'https://api.mixpanel.com', 'https://api.mixpanel.com', 'https://api-eu.mixpanel.com', 'https://api-in.mixpanel.com', 'http://proxy',
		]);
	});
});

const earned = (video_id: string, revenue_usd: number, period = '2026-11', more: object = {}): Tracked => {
	const revenue = { video_id, channel_id: 'UC1', revenue_usd, period, time: event.time, ...more };
	return { event: revenueEarned(revenue), once: true, totals: revenue };
};

describe('trackOnce', () => {
	it('sends what the store does not know, and later only what is new', async () => {
		const { connection, requests } = await connected();
		const store = await temporaryStore();
		const one = { event, once: true };
		expect(await trackOnce(store, connection, [one, one])).toMatchObject([{ kept: false }, { kept: true }]);
		expect(await trackOnce(store, connection, [one, { ...one, event: { ...event, key: 'new' } }])).toMatchObject([{ kept: true }, { kept: false }]);
		expect(requests().map(({ body }) => (body as unknown[]).length)).toEqual([1, 1]);
	});

	it('counts once what is said to be of another channel later, also in its totals', async () => {
		const { connection, state, totals } = await connected();
		const store = await temporaryStore();
		await trackOnce(store, connection, [earned('v-1', 12.5)]);
		const later = { ...earned('v-1', 12.5, '2026-11', { channel_id: 'UC2' }) };
		expect(await trackOnce(store, connection, [later])).toMatchObject([{ kept: true }]);
		expect([state().events.length, totals()]).toEqual([1, { UC1: { total_revenue: 12.5, videos_monetized: 1 } }]);
	});

	it('repeats an event that nobody heard of at its first time, so that Mixpanel knows it', async () => {
		const { sandbox, connection, state } = await connected();
		const store = await temporaryStore();
		sandbox.faults.add({ service: 'mixpanel', kind: 'drop-answer' });
		sandbox.faults.add({ service: 'mixpanel', kind: 'status', status: 401 });
		const [first] = await trackOnce(store, connection, [{ event, once: true }]);
		expect(first?.error).toBeDefined();
		expect(state().events).toHaveLength(1);
		sandbox.faults.clear();
		const [second] = await trackOnce(store, connection, [{ event: { ...event, time: event.time + 60_000 }, once: true }]);
		expect(second).toMatchObject({ error: undefined, kept: false });
		expect(state().events.map(({ properties }) => properties.time)).toEqual([event.time]);
	}, 60_000);

	it('adds revenue to the channel’s totals once, and each monetized video once', async () => {
		const { connection, requests, totals } = await connected();
		const store = await temporaryStore();
		const all = [earned('v-1', 12.5), earned('v-2', 0), earned('v-1', 2, '2026-12'), earned('v-1', -1, 'refund'), earned('v-3', 4, '', { channel_id: 'UC2' })];
		const first = await trackOnce(store, connection, all);
		expect(first.map(({ added }) => added)).toEqual([
			{ total_revenue: 12.5, videos_monetized: 1 }, { total_revenue: 0 }, { total_revenue: 2 }, { total_revenue: -1 }, { total_revenue: 4, videos_monetized: 1 },
		]);
		const again = await trackOnce(store, connection, all);
		expect(again.map(({ kept, added }) => [kept, added])).toEqual(Array(5).fill([true, undefined]));
		expect(totals()).toEqual({ UC1: { total_revenue: 13.5, videos_monetized: 1 }, UC2: { total_revenue: 4, videos_monetized: 1 } });
		expect([requests('/import').length, requests('/engage').length]).toEqual([1, 1]);
	});

	it('adds once when several executions do it at the same moment', async () => {
		const { connection, totals } = await connected();
		const store = await temporaryStore();
		const other = await temporaryStore(store.clock, store.file.replace(/\/[^/]+$/, ''));
		const run = async (one: Store) => await trackOnce(one, connection, [earned('v-1', 12.5), earned('v-2', 1)]);
		const outcomes = (await Promise.all([store, other, store, other].map(run))).flat();
		expect(outcomes.every(({ error }) => error === undefined)).toBe(true);
		expect(totals()).toEqual({ UC1: { total_revenue: 13.5, videos_monetized: 2 } });
	});

	it('tries again what Mixpanel has refused, also in a later run, and the event stays one', async () => {
		const { sandbox, connection, state, totals } = await connected();
		const store = await temporaryStore();
		const match = { path: '/engage' };
		sandbox.faults.add({ service: 'mixpanel', match, kind: 'status', status: 503 });
		expect((await trackOnce(store, connection, [earned('v-1', 12.5)]))[0]).toMatchObject({ added: { total_revenue: 12.5 } });
		const [refused] = await trackOnce(store, { ...connection, projectToken: 'wrong-token-of-it' }, [earned('v-2', 1)]);
		expect(refused?.error).toMatchObject({ errorClass: 'auth' });
		expect(JSON.stringify(refused)).not.toContain('wrong-token-of-it');
		expect((await trackOnce(store, connection, [earned('v-2', 1)]))[0]).toMatchObject({ kept: true, added: { total_revenue: 1, videos_monetized: 1 } });
		expect(totals()).toEqual({ UC1: { total_revenue: 13.5, videos_monetized: 2 } });
		expect(state().events).toHaveLength(2);
	});

	it.each(['drop-answer', 'drop', 'malformed'] as const)('never adds twice when the answer is lost (%s), and says so at every run', async (kind) => {
		const { sandbox, connection, totals, requests } = await connected();
		const store = await temporaryStore();
		sandbox.faults.add({ service: 'mixpanel', match: { path: '/engage' }, kind });
		for (let run = 0; run < 2; run += 1) {
			const [outcome] = await trackOnce(store, connection, [earned('v-1', 12.5)]);
			expect(outcome).toMatchObject({ error: undefined, warnings: [expect.stringContaining('not added again')] });
		}
		expect(totals().UC1?.total_revenue ?? 0).toBe(kind === 'drop' ? 0 : 12.5);
		expect(requests('/engage')).toHaveLength(1);
	});

	it('says that another amount was counted for the same video and period', async () => {
		const { connection, totals } = await connected();
		const store = await temporaryStore();
		await trackOnce(store, connection, [earned('v-1', 12.5)]);
		const [second] = await trackOnce(store, connection, [earned('v-1', 13)]);
		expect(second?.error).toMatchObject({ reason: 'revenue-counted', message: expect.stringContaining('$12.5') });
		expect(totals().UC1?.total_revenue).toBe(12.5);
	});

	it('needs the project token before anything is sent', async () => {
		const { connection, requests } = await connected();
		const [outcome] = await trackOnce(await temporaryStore(), { ...connection, projectToken: '' }, [earned('v-1', 1)]);
		expect(outcome?.error).toMatchObject({ reason: 'no-project-token', cure: expect.stringContaining('Project Token') });
		expect(requests()).toEqual([]);
	});
});
