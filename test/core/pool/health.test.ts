/** Failures in a row, the rest and the one upload that decides after it, quarantine and release, on a real store. */
import { describe, expect, it } from 'vitest';

import { YtempireError, type ErrorClass } from '../../../core/errors';
import type { YouTubePool } from '../../../core/pool/accounts';
import { countsAgainst, quarantine, recordFailure, recordSuccess, release, releaseConnection } from '../../../core/pool/health';
import { acquire, ACCOUNT_LEASE_MS, giveBack } from '../../../core/pool/lease';
import { recordRefusal } from '../../../core/pool/outcome';
import { testPool } from '../../support/pool';
import { temporaryStore } from '../../support/store';

const HOUR_MS = 3_600_000;

const youTubeSays = (reason: string, errorClass: ErrorClass = 'unavailable') =>
	new YtempireError(errorClass, reason, { provider: 'youtube', reason, httpStatus: 500 });

/** Only this account's, as far as anybody can tell. */
const turnedAway = () => youTubeSays('forbidden', 'auth');

const down = () => youTubeSays('backendError');

let holders = 0;

async function setUp(rules: Record<string, unknown> = {}, accounts = { active: 1, reserve: 0 }) {
	const store = await temporaryStore();
	const pool = testPool({ ...accounts, rules: { videosPerAccount: 100, ...rules } });
	const account = pool.accounts[0]!;
	const take = async (from: YouTubePool = pool) => await acquire(store, from, { holder: `holder-${++holders}`, waitMs: 0 });
	const why = async (from: YouTubePool = pool) => {
		try {
			await giveBack(store, await take(from));
			return '';
		} catch (error) {
			return (error as Error).message;
		}
	};
	const fail = async (times = 1, error = turnedAway) => {
		let rests = false;
		for (let time = 0; time < times; time++) rests = await recordFailure(store, pool, account, error());
		return rests;
	};
	return { store, pool, account, take, why, fail };
}

describe("an account's failures", () => {
	it('let it rest for its cooldown when there are three in a row', async () => {
		const { store, why, fail } = await setUp();
		expect([await fail(2), await why(), await fail(1)]).toEqual([false, '', true]);
		expect(await why()).toContain('rests until 2026-11-23T12:00:00.000Z (3 failures in a row, last forbidden)');
		store.clock.pass(24 * HOUR_MS - 1);
		expect(await why()).toContain('rests until');
		store.clock.pass(1);
		expect(await why()).toBe('');
	});

	it('are forgotten with a success between them', async () => {
		const { store, pool, account, why, fail } = await setUp();
		await fail(2);
		await recordSuccess(store, pool, account);
		expect([await fail(2), await why()]).toEqual([false, '']);
	});

	it('let it rest as often and as long as the credential says', async () => {
		const { why, fail } = await setUp({ failureLimit: 1, cooldownUntil: 'pacificMidnight', cooldownHours: 2 });
		expect(await fail(1)).toBe(true);
		expect(await why()).toContain('rests until 2026-11-23T08:00:00.000Z (1 failures in a row');
	});

	it.each([
		['2026-07-01T06:59:59Z', '2026-07-01T07:00:00.000Z', 'summer'],
		['2026-12-01T07:59:59Z', '2026-12-01T08:00:00.000Z', 'winter'],
		['2026-11-01T06:59:59Z', '2026-11-01T07:00:00.000Z', 'the night before summer time ends'],
		['2026-11-01T07:00:00Z', '2026-11-02T08:00:00.000Z', 'the day of 25 hours'],
		['2026-03-08T08:00:00Z', '2026-03-09T07:00:00.000Z', 'the day of 23 hours'],
	])('at %s rest until %s when it is until Pacific midnight (%s)', async (from, until) => {
		const { store, why, fail } = await setUp({ cooldownUntil: 'pacificMidnight' });
		store.clock.ms = Date.parse(from);
		await fail(3);
		expect(await why()).toContain(`rests until ${until}`);
		store.clock.ms = Date.parse(until);
		expect(await why()).toBe('');
	});

	it('leave the decision after the rest to one upload at a time: failed, it rests again', async () => {
		const { store, take, why, fail } = await setUp();
		await fail(3);
		store.clock.pass(24 * HOUR_MS);
		const probe = await take();
		expect(await why()).toContain('uploads another video just now');
		expect(await fail(1)).toBe(true);
		await giveBack(store, probe);
		expect(await why()).toContain('rests until 2026-11-24T12:00:00.000Z (4 failures in a row');
	});

	it('are all forgotten when that one upload succeeds', async () => {
		const { store, pool, account, take, why, fail } = await setUp();
		await fail(3);
		store.clock.pass(24 * HOUR_MS);
		const probe = await take();
		await recordSuccess(store, pool, account);
		await giveBack(store, probe);
		expect([await fail(2), await why()]).toEqual([false, '']);
	});

	it('stay undecided when that one upload is cancelled or its holder dies: the next one decides', async () => {
		const { store, take, why, fail } = await setUp();
		await fail(3);
		store.clock.pass(24 * HOUR_MS);
		await take();
		expect(await fail(1, () => youTubeSays('', 'cancelled'))).toBe(false);
		store.clock.pass(ACCOUNT_LEASE_MS + 1);
		expect(await why()).toBe('');
		expect(await fail(1)).toBe(true);
	});

	it('that an outage of YouTube brings let it rest shortly, longer while it lasts, never longer than its cooldown', async () => {
		const { store, why, fail } = await setUp({ cooldownHours: 1 });
		expect(await fail(3, down)).toBe(true);
		expect(await why()).toContain('rests until 2026-11-22T12:15:00.000Z (3 failures in a row, last backendError)');
		store.clock.pass(HOUR_MS / 4);
		expect([await why(), await fail(1, down)]).toEqual(['', true]);
		expect(await why()).toContain('rests until 2026-11-22T12:45:00.000Z');
		for (let probe = 0; probe < 3; probe++) {
			store.clock.ms = Date.parse('2026-11-22T15:00:00Z') + probe * HOUR_MS;
			await fail(1, down);
		}
		expect(await why()).toContain('rests until 2026-11-22T18:00:00.000Z (7 failures in a row');
	});

	it('of a pool in an outage of an hour leave all accounts free within the hour after it', async () => {
		const { store, pool, take } = await setUp({}, { active: 3, reserve: 0 });
		const ends = store.clock.now() + HOUR_MS;
		while (store.clock.now() < ends) {
			const lease = await take().catch(() => undefined);
			if (lease) {
				await recordFailure(store, pool, lease.account, down());
				await giveBack(store, lease);
			}
			store.clock.pass(HOUR_MS / 20);
		}
		store.clock.pass(HOUR_MS);
		const back = [await take(), await take(), await take()];
		expect(back.map(({ account }) => account.accountId).sort()).toEqual(['account-01', 'account-02', 'account-03']);
	});

	it('end with a success on an upload that went on during the rest, and so does the rest', async () => {
		const { store, pool, account, why, fail } = await setUp();
		await fail(3);
		await recordSuccess(store, pool, account);
		expect(await why()).toBe('');
	});

	it('bring no end to a cooldown that YouTube asked for', async () => {
		const { store, pool, account, why, fail } = await setUp();
		await recordRefusal(store, pool, account, 'videos.insert', youTubeSays('uploadLimitExceeded', 'quota-exhausted'));
		await fail(1);
		await recordSuccess(store, pool, account);
		expect(await why()).toContain('(uploadLimitExceeded)');
	});

	it.each<[string, ErrorClass, boolean]>([
		['backendError', 'unavailable', true],
		['rateLimitExceeded', 'rate-limited', true],
		['forbidden', 'auth', true],
		['a reason of tomorrow', 'unavailable', true],
		['invalidTitle', 'invalid-request', false],
		['', 'cancelled', false],
		['quotaExceeded', 'quota-exhausted', false],
		['uploadLimitExceeded', 'quota-exhausted', false],
		['accessNotConfigured', 'auth', false],
		['invalid_grant', 'auth', false],
	])('are counted for %s (%s): %s', (reason, errorClass, expected) => {
		expect(countsAgainst(youTubeSays(reason, errorClass))).toBe(expected);
	});

	it('are not counted when the network was down or the fault was not YouTube’s', () => {
		expect(countsAgainst(new YtempireError('unavailable', 'down', { provider: 'youtube', reason: 'ECONNREFUSED' }))).toBe(false);
		expect(countsAgainst(new YtempireError('unavailable', 'The disk is full'))).toBe(false);
		expect(countsAgainst(new Error('anything'))).toBe(false);
	});
});

describe('quarantine', () => {
	it('by a person outlives a new connection, and ends with the release', async () => {
		const { store, pool, account, why } = await setUp();
		await quarantine(store, account, 'copyright strike');
		const connected = { ...pool, accounts: [{ ...account, refreshToken: 'a-new-one' }] };
		expect(await why(connected)).toContain('in quarantine (copyright strike)');
		await releaseConnection(store, account);
		expect(await why()).toContain('in quarantine (copyright strike)');
		await release(store, account);
		expect(await why()).toBe('');
	});

	it.each([
		['invalid_grant', ''],
		['channelSuspended', 'in quarantine (channelSuspended)'],
	])('for %s after a sign-in that worked: “%s”', async (reason, left) => {
		const { store, pool, account, why } = await setUp();
		await recordRefusal(store, pool, account, 'videos.insert', youTubeSays(reason, 'auth'));
		await releaseConnection(store, account);
		expect(await why()).toContain(left);
		if (!left) expect(await why()).toBe('');
	});
});

describe('a release', () => {
	it('ends the rest of the account and of its project, and forgets its failures', async () => {
		const { store, pool, account, why, fail } = await setUp();
		await fail(3);
		await recordRefusal(store, pool, account, 'videos.insert', youTubeSays('accessNotConfigured', 'auth'));
		await release(store, account);
		expect([await why(), await fail(2), await why()]).toEqual(['', false, '']);
	});
});
