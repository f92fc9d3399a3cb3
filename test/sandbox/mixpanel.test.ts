/** Mixpanel's stand-in: what it imports, refuses row by row, counts once and adds up. */
import { describe, expect, it } from 'vitest';

import type { Sandbox } from '../../sandbox/server';
import { ask } from '../support/http';
import { temporarySandbox } from '../support/sandbox';
import { event, importEvents, MIXPANEL_KEY } from './requests';

const events = (sandbox: Sandbox): any[] => (sandbox.state('mixpanel') as any).events;

const TOKEN = 'sandbox-mixpanel-token';

describe('an import', () => {
	it('says how many were taken', async () => {
		const { status, body } = await importEvents(await temporarySandbox(), [event('a'), event('b')]);
		expect([status, body]).toEqual([200, { code: 200, num_records_imported: 2, status: 'OK' }]);
	});

	it('keeps the good rows of a bad batch and names the others', async () => {
		const sandbox = await temporarySandbox();
		const { status, body } = await importEvents(sandbox, [event('a'), event('b', { distinct_id: 'anonymous' }), event('c')]);
		expect(status).toBe(400);
		expect(body).toMatchObject({ num_records_imported: 2, failed_records: [{ index: 1, insert_id: 'b', field: 'properties.distinct_id' }] });
		expect(events(sandbox)).toHaveLength(2);
	});

	it.each([
		['a time before 1971', { time: 1 }],
		['a time as text', { time: '2026-01-01' }],
		['an insert id that is too long', { $insert_id: 'x'.repeat(37) }],
		['an insert id with other signs', { $insert_id: 'a_b' }],
		['no distinct id', { distinct_id: undefined }],
	])('refuses %s', async (_name, change) => {
		expect((await importEvents(await temporarySandbox(), [event('a', change)])).status).toBe(400);
	});

	it('counts the same event once, whether its time is in seconds or milliseconds', async () => {
		const sandbox = await temporarySandbox();
		await importEvents(sandbox, [event('a')]);
		await importEvents(sandbox, [event('a', { time: 1_790_000_000_000 }), event('a', { distinct_id: 'channel-2' })]);
		expect(events(sandbox)).toHaveLength(2);
	});

	it('takes one event a line, and no more than 2,000', async () => {
		const sandbox = await temporarySandbox();
		const answer = await ask(`${sandbox.services.mixpanel.url}/import?strict=1`, {
			method: 'POST',
			body: `${JSON.stringify(event('a'))}\n${JSON.stringify(event('b'))}\n`,
			headers: { ...MIXPANEL_KEY, 'content-type': 'application/x-ndjson' },
		});
		expect(answer.body.num_records_imported).toBe(2);
		const many = Array.from({ length: 2001 }, (_, index) => event(`e${index}`));
		expect((await importEvents(sandbox, many)).status).toBe(413);
	});
});

describe('track and engage', () => {
	it('answer 1, drop what is older than five days, and refuse a wrong token', async () => {
		const sandbox = await temporarySandbox();
		const track = (properties: object) =>
			ask(`${sandbox.services.mixpanel.url}/track`, { json: [{ event: 'Seen', properties }] });
		const now = Math.floor(Date.now() / 1000);
		expect((await track({ token: TOKEN, time: now, distinct_id: 'a' })).body).toBe('1');
		expect((await track({ token: TOKEN, time: now - 6 * 86_400, distinct_id: 'a' })).body).toBe('1');
		expect((await track({ token: 'wrong', time: now, distinct_id: 'a' })).status).toBe(401);
		expect(events(sandbox)).toHaveLength(1);
	});

	it('add up numbers, set once, and join lists', async () => {
		const sandbox = await temporarySandbox();
		const engage = (update: object) =>
			ask(`${sandbox.services.mixpanel.url}/engage?verbose=1`, { json: [{ $token: TOKEN, $distinct_id: 'channel-1', ...update }] });
		await engage({ $add: { total_revenue: 1.5, videos: 1 }, $set_once: { since: '2026' } });
		await engage({ $add: { total_revenue: 2 }, $set_once: { since: '2027' }, $union: { styles: ['calm', 'casual'] } });
		await engage({ $union: { styles: ['calm'] }, $append: { log: 'x' } });
		expect(sandbox.state('mixpanel')).toMatchObject({
			profiles: [{ distinct_id: 'channel-1', properties: { total_revenue: 3.5, videos: 1, since: '2026', styles: ['calm', 'casual'], log: ['x'] } }],
		});
		expect((await engage({ $add: { total_revenue: 'much' } })).body).toMatchObject({ status: 0 });
	});

	it('take the good updates of a list and, when asked strictly, name the others', async () => {
		const sandbox = await temporarySandbox();
		const engage = (query: string, updates: object[]) =>
			ask(`${sandbox.services.mixpanel.url}/engage?${query}`, { json: updates.map((update) => ({ $token: TOKEN, ...update })) });
		const good = { $distinct_id: 'channel-1', $add: { videos: 1 } };
		const bad = { $distinct_id: 'channel-1', $add: { videos: 'one' } };
		expect((await engage('verbose=1', [good, bad])).body).toEqual({ status: 1, error: null });
		const strict = await engage('strict=1', [good, bad, { $add: { videos: 1 } }]);
		expect([strict.status, strict.body]).toMatchObject([400, { num_records_imported: 1, failed_records: [{ index: 1 }, { index: 2 }] }]);
		expect((await engage('strict=1', [good])).body).toEqual({ code: 200, num_records_imported: 1, status: 'OK' });
		expect(sandbox.state('mixpanel')).toMatchObject({ profiles: [{ properties: { videos: 3 } }] });
		expect((await engage('strict=1', Array(2001).fill(good))).status).toBe(413);
	});
});
