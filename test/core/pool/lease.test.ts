/** The choice of an account, its lease, and the quota set aside with it, on a real store. */
import { describe, expect, it } from 'vitest';

import { sleep } from '../../../core/abort';
import { YtempireError } from '../../../core/errors';
import type { YouTubePool } from '../../../core/pool/accounts';
import { acquire, ACCOUNT_LEASE_MS, giveBack, renew, type LeaseRequest } from '../../../core/pool/lease';
import { settle, usageOf } from '../../../core/pool/ledger';
import { recordRefusal } from '../../../core/pool/outcome';
import { videoSpends } from '../../../core/pool/spend';
import type { Store } from '../../../core/store/store';
import { testPool } from '../../support/pool';
import { temporaryStore } from '../../support/store';

let holders = 0;
const take = async (store: Store, pool: YouTubePool, request: Partial<LeaseRequest> = {}) =>
	await acquire(store, pool, { holder: `holder-${++holders}`, waitMs: 0, ...request });

/** A whole upload's life as the pool sees it. */
async function publish(store: Store, pool: YouTubePool, request: Partial<LeaseRequest> = {}) {
	const lease = await take(store, pool, request);
	await store.transaction(async (trx) => {
		for (const hold of lease.holds) await settle(trx, hold);
	});
	await giveBack(store, lease);
	return lease;
}

const refused = async (work: Promise<unknown>): Promise<YtempireError> => {
	try {
		await work;
	} catch (error) {
		return error as YtempireError;
	}
	throw new Error('It was not refused');
};

const youTubeSays = (reason: string) => new YtempireError('auth', reason, { provider: 'youtube', reason });

describe('the choice of an account', () => {
	it('goes round the active accounts and leaves the reserve alone', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 3, reserve: 2 });
		const ids: string[] = [];
		for (let upload = 0; upload < 7; upload++) ids.push((await publish(store, pool)).account.accountId);
		expect(ids).toEqual(['account-01', 'account-02', 'account-03', 'account-01', 'account-02', 'account-03', 'account-01']);
	});

	it('hands the reserve out when every active account has published its videos of the day, and says so', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 2, reserve: 1, rules: { videosPerAccount: 1 } });
		await publish(store, pool);
		await publish(store, pool);
		const lease = await publish(store, pool);
		expect(lease.account.accountId).toBe('account-03');
		expect(lease.passedOver).toEqual([
			{ account_id: 'account-01', why: 'has published its 1 videos of the day, free again at 2026-11-23T08:00:00.000Z' },
			{ account_id: 'account-02', why: 'has published its 1 videos of the day, free again at 2026-11-23T08:00:00.000Z' },
		]);
	});

	it('takes exactly the account that was asked for, by its ID or its channel', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 3, reserve: 1, rules: { videosPerAccount: 1 } });
		expect((await publish(store, pool, { asked: 'account-04' })).account.accountId).toBe('account-04');
		const { channelId } = pool.accounts[1]!;
		expect((await publish(store, pool, { asked: channelId })).account.accountId).toBe('account-02');
		expect(await refused(publish(store, pool, { asked: 'account-02' }))).toMatchObject({
			errorClass: 'quota-exhausted', reason: 'pool-exhausted', resetsAt: new Date('2026-11-23T08:00:00Z'),
		});
		expect(await refused(publish(store, pool, { asked: 'account-99' }))).toMatchObject({ errorClass: 'invalid-request' });
	});

	it('stops at nine tenths of a project’s inserts and begins again with the Pacific day', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 10, reserve: 5, rules: { videosPerAccount: 100, videoUploadsLimit: 10 } });
		for (let upload = 0; upload < 9; upload++) await publish(store, pool);
		const error = await refused(publish(store, pool));
		expect(error.errorClass).toBe('quota-exhausted');
		expect(error.message).toContain('has used 9 of 9 units of video uploads today');
		store.clock.ms = Date.parse('2026-11-23T08:00:00Z');
		expect((await publish(store, pool)).account.accountId).toBe('account-10');
	});

	it('takes an account of another project when one project’s quota is used up', async () => {
		const store = await temporaryStore();
		const pool = testPool({
			active: 2, reserve: 0, clientId: (index) => `client-${index}`, rules: { quotaProfile: 'january-2025', videosPerAccount: 100 },
		});
		// 9,000 units of 10,000 are five inserts of 1,600 in each project
		for (let upload = 0; upload < 10; upload++) await publish(store, pool);
		expect(await refused(publish(store, pool))).toMatchObject({ errorClass: 'quota-exhausted' });
	});

	it('keeps the turn where it is when an account was asked for, and goes on behind one that was passed over', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 4, reserve: 0 });
		for (let upload = 0; upload < 2; upload++) await publish(store, pool, { asked: 'account-03' });
		await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', youTubeSays('invalid_grant'));
		const ids: string[] = [];
		for (let upload = 0; upload < 3; upload++) ids.push((await publish(store, pool)).account.accountId);
		expect(ids).toEqual(['account-02', 'account-03', 'account-04']);
	});

	it('has a turn for each pool and each role', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 2, reserve: 2, rules: { videosPerAccount: 1 } });
		await publish(store, pool);
		const other = testPool({ active: 3, reserve: 0, rules: { videosPerAccount: 1 } });
		expect((await publish(store, other)).passedOver).toMatchObject([{ account_id: 'account-01' }]);
		expect((await publish(store, pool)).account.accountId).toBe('account-03');
		expect((await publish(store, pool)).account.accountId).toBe('account-04');
	});

	it('leaves out the accounts that were tried in vain, and tells of them first', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 2, reserve: 1 });
		const tried = [{ account_id: 'account-01', why: 'YouTube refused it' }];
		const lease = await publish(store, pool, { tried });
		expect(lease).toMatchObject({ account: { accountId: 'account-02' }, passedOver: tried });
	});

	it('says when the first account of all is free again, and not at once that none is', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 1, rules: { videosPerAccount: 1, cooldownHours: 1 } });
		await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', youTubeSays('uploadLimitExceeded'));
		await publish(store, pool);
		expect((await refused(take(store, pool))).resetsAt).toEqual(new Date('2026-11-22T13:00:00Z'));
	});

	it('of an upload that is paid for already asks for no quota and no rest, but for no quarantine', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0, rules: { videosPerAccount: 1 } });
		const { account } = await publish(store, pool);
		await recordRefusal(store, pool, account, 'videos.insert', youTubeSays('uploadLimitExceeded'));
		const resumed = await publish(store, pool, { asked: 'account-01', resume: true });
		expect(resumed.holds).toEqual([]);
		const spent = await usageOf(store.db, videoSpends(pool, account, store.clock.now()), store.clock.now());
		expect(spent.map(({ used }) => used)).toEqual([1, 1]);
		await recordRefusal(store, pool, account, 'videos.insert', youTubeSays('invalid_grant'));
		expect(await refused(publish(store, pool, { asked: 'account-01', resume: true }))).toMatchObject({ reason: 'pool-quarantined' });
	});

	it('looks through a pool of more accounts than one query takes', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 70, reserve: 1, rules: { videosPerAccount: 1, safePercent: 100 } });
		for (let upload = 0; upload < 70; upload++) await publish(store, pool);
		const lease = await publish(store, pool);
		expect(lease.account.accountId).toBe('account-71');
		expect(lease.passedOver).toHaveLength(21);
		expect(lease.passedOver[20]).toEqual({ account_id: '', why: "and 50 more accounts that can't serve now" });
		const error = await refused(publish(store, { ...pool, accounts: pool.accounts.slice(0, 70) }));
		expect(error.message.match(/account-\d+:/g)).toHaveLength(20);
	});
});

describe('a lease', () => {
	it('keeps an account for one upload at a time; a busy active account is waited for, not replaced by the reserve', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 1 });
		const lease = await take(store, pool);
		expect(await refused(take(store, pool))).toMatchObject({ errorClass: 'rate-limited', reason: 'pool-busy' });
		const waiting = take(store, pool, { waitMs: 60_000 });
		await giveBack(store, lease);
		expect((await waiting).account.accountId).toBe('account-01');
	});

	it('of the first accounts is waited for though the query after finds none at work', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 40, reserve: 1 });
		await take(store, pool, { asked: 'account-01' });
		for (const account of pool.accounts.slice(1, 40)) {
			await recordRefusal(store, pool, account, 'videos.insert', youTubeSays('invalid_grant'));
		}
		expect(await refused(take(store, pool))).toMatchObject({ reason: 'pool-busy' });
	});

	it('ends by itself when its holder dies, and then its holder can do no harm', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		const dead = await take(store, pool);
		store.clock.pass(ACCOUNT_LEASE_MS + 1);
		const next = await take(store, pool);
		expect(next.token).toBeGreaterThan(dead.token);
		expect(await renew(store, dead)).toBe(false);
		await giveBack(store, dead);
		expect(await renew(store, next)).toBe(true);
	});

	it('lives as long as it is renewed', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		const lease = await take(store, pool);
		for (let beat = 0; beat < 4; beat++) {
			store.clock.pass(ACCOUNT_LEASE_MS / 2);
			expect(await renew(store, lease)).toBe(true);
		}
		expect(await refused(take(store, pool))).toMatchObject({ reason: 'pool-busy' });
	});

	it('stops waiting at once when it is cancelled', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		await take(store, pool);
		const controller = new AbortController();
		const waiting = refused(take(store, pool, { waitMs: 60_000, signal: controller.signal }));
		await sleep(50);
		const cancelledAt = performance.now();
		controller.abort();
		expect((await waiting).errorClass).toBe('cancelled');
		expect(performance.now() - cancelledAt).toBeLessThan(250);
	});

	it('is not given to who has been cancelled already', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		expect((await refused(take(store, pool, { signal: AbortSignal.abort() }))).errorClass).toBe('cancelled');
		expect((await take(store, pool)).token).toBe(1);
	});

	it('is its holder’s again when that comes back, and nobody else’s', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		const lease = await take(store, pool, { holder: 'upload-1' });
		const again = await take(store, pool, { holder: 'upload-1' });
		expect(again.token).toBe(lease.token + 1);
		expect(await renew(store, lease)).toBe(false);
		expect(await refused(take(store, pool, { holder: 'upload-2' }))).toMatchObject({ reason: 'pool-busy' });
	});

	it('given back frees its own account and no other', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 2, reserve: 0 });
		const [first, second] = [await take(store, pool, { holder: 'one' }), await take(store, pool, { holder: 'one' })];
		await giveBack(store, first);
		await giveBack(store, { ...second, holder: 'a stranger' });
		expect((await take(store, pool)).account.accountId).toBe('account-01');
		expect(await refused(take(store, pool))).toMatchObject({ reason: 'pool-busy' });
	});

	it('never overbooks when many ask at once', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 4, reserve: 0, rules: { videosPerAccount: 3, videoUploadsLimit: 11 } });
		const outcomes = await Promise.allSettled(
			Array.from({ length: 30 }, async () => await publish(store, pool, { waitMs: 20_000 })),
		);
		const published = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.account.accountId] : []));
		expect(published).toHaveLength(9);
		for (const { accountId } of pool.accounts) {
			expect(published.filter((id) => id === accountId).length).toBeLessThanOrEqual(3);
		}
	});
});

describe('the units of a lease', () => {
	it('are free again when its holder dies before the call, and used when it may have left', async () => {
		const { markSent } = await import('../../../core/pool/ledger');
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		const { account, holds } = await take(store, pool);
		const used = async () => (await usageOf(store.db, videoSpends(pool, account, store.clock.now()), store.clock.now())).map((one) => one.used);
		expect(await used()).toEqual([1, 1]);
		store.clock.pass(120_000);
		expect(await used()).toEqual([0, 0]);

		const second = await take(store, pool);
		await markSent(store.db, second.holds.slice(0, 1));
		store.clock.pass(120_000);
		await take(store, pool);
		expect(await used()).toEqual([2, 1]);
		await store.transaction(async (trx) => {
			for (const hold of holds) await settle(trx, hold);
		});
		expect(await used()).toEqual([2, 1]);
	});
});
