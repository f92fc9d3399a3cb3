/** What YouTube's refusals do to the pool, on a real store. */
import { describe, expect, it } from 'vitest';

import { YtempireError } from '../../../core/errors';
import type { YouTubePool } from '../../../core/pool/accounts';
import { acquire, giveBack, renew } from '../../../core/pool/lease';
import { quarantinedBy, recordRefusal } from '../../../core/pool/outcome';
import { spendOf } from '../../../core/pool/spend';
import { usageOf } from '../../../core/pool/ledger';
import type { Store } from '../../../core/store/store';
import { testPool } from '../../support/pool';
import { temporaryStore } from '../../support/store';

let holders = 0;
const take = async (store: Store, pool: YouTubePool) =>
	await acquire(store, pool, { holder: `holder-${++holders}`, waitMs: 0 });

const refused = async (work: Promise<unknown>): Promise<YtempireError> => {
	try {
		await work;
	} catch (error) {
		return error as YtempireError;
	}
	throw new Error('It was not refused');
};

const youTubeSays = (reason: string) => new YtempireError('auth', reason, { provider: 'youtube', reason });

describe('what YouTube says about an account', () => {
	it('quotaExceeded ends the day of the whole project, whatever was counted', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 2, reserve: 1 });
		const { account } = await take(store, pool);
		expect(await recordRefusal(store, pool, account, 'videos.insert', youTubeSays('quotaExceeded'))).toBe(true);
		const error = await refused(take(store, pool));
		expect(error.message).toContain('YouTube says that project');
		expect(error.resetsAt).toEqual(new Date('2026-11-23T08:00:00Z'));
	});

	it('uploadLimitExceeded lets the channel rest for a day', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 1 });
		await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', youTubeSays('uploadLimitExceeded'));
		const lease = await take(store, pool);
		expect(lease.account.accountId).toBe('account-02');
		expect(lease.passedOver[0]?.why).toBe('rests until 2026-11-23T12:00:00.000Z (uploadLimitExceeded)');
		store.clock.pass(24 * 3_600_000);
		expect((await take(store, pool)).account.accountId).toBe('account-01');
	});

	it('invalid_grant puts the account into quarantine until it is connected again', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', youTubeSays('invalid_grant'));
		store.clock.pass(30 * 24 * 3_600_000);
		const error = await refused(take(store, pool));
		expect(error).toMatchObject({ errorClass: 'auth', reason: 'pool-quarantined' });
		expect(error.message).toContain('in quarantine (invalid_grant)');
		const connected = { ...pool, accounts: [{ ...pool.accounts[0]!, refreshToken: 'a-new-one' }] };
		expect((await take(store, connected)).account.accountId).toBe('account-01');
	});

	it('invalid_client locks the account until its secret is corrected, and says who frees one that was mended at Google', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', youTubeSays('invalid_client'));
		expect((await refused(take(store, pool))).cure).toMatch(/Check Health or Release/);
		const corrected = { ...pool, accounts: [{ ...pool.accounts[0]!, clientSecret: 'the-right-one' }] };
		expect((await take(store, corrected)).account.accountId).toBe('account-01');
	});

	it('an error of our own request says nothing about the account', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		expect(await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', youTubeSays('invalidTitle'))).toBe(false);
		expect((await take(store, pool)).passedOver).toEqual([]);
	});

	it.each(['invalidTitle', 'backendError', 'a reason of tomorrow'])('%s neither spends quota nor rests or locks an account', async (reason) => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', youTubeSays(reason));
		expect((await take(store, pool)).passedOver).toEqual([]);
	});

	it.each([
		['quotaExceeded', true],
		['accessNotConfigured', true],
		['uploadLimitExceeded', true],
		['invalid_grant', true],
		['invalidTitle', false],
		['backendError', false],
		['rateLimitExceeded', false],
		['a reason of tomorrow', false],
	])('after %s another account may do better: %s', async (reason, expected) => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		expect(await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', youTubeSays(reason))).toBe(expected);
	});

	it('quotaExceeded ends the allowance that the call takes from, and leaves the others', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		const [account] = pool.accounts;
		await recordRefusal(store, pool, account!, 'videos.list', youTubeSays('quotaExceeded'));
		const now = store.clock.now();
		const spends = [spendOf(pool, account!, 'videos.list', now), spendOf(pool, account!, 'videos.insert', now)];
		expect((await usageOf(store.db, spends, now)).map(({ exhausted }) => exhausted)).toEqual([true, false]);
	});

	it('uploadLimitExceeded lets the channel rest as long as the credential says', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0, rules: { cooldownHours: 2 } });
		await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', youTubeSays('uploadLimitExceeded'));
		expect((await refused(take(store, pool))).resetsAt).toEqual(new Date('2026-11-22T14:00:00Z'));
	});

	it('uploadLimitExceeded lets the channel rest until midnight in California when the credential says so', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0, rules: { cooldownUntil: 'pacificMidnight' } });
		await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', youTubeSays('uploadLimitExceeded'));
		expect((await refused(take(store, pool))).resetsAt).toEqual(new Date('2026-11-23T08:00:00Z'));
	});

	it('accessNotConfigured lets the whole project rest, and leaves the accounts of others', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 3, reserve: 0, clientId: (index) => (index < 2 ? 'client-a' : 'client-b') });
		await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', youTubeSays('accessNotConfigured'));
		const lease = await take(store, pool);
		const why = 'project client-a rests until 2026-11-23T12:00:00.000Z (accessNotConfigured)';
		expect(lease.account.accountId).toBe('account-03');
		expect(lease.passedOver).toEqual([{ account_id: 'account-01', why }, { account_id: 'account-02', why }]);
		store.clock.pass(24 * 3_600_000);
		expect((await take(store, pool)).account.accountId).toBe('account-01');
	});

	it('is written down once for an error that passes through two hands, by the first', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		const error = youTubeSays('quotaExceeded');
		expect(await recordRefusal(store, pool, pool.accounts[0]!, 'videos.list', error)).toBe(true);
		expect(await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', error)).toBe(true);
		expect((await take(store, pool)).account.accountId).toBe('account-01');
	});

	it.each(['insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'])('%s at another call than the insert keeps nobody from uploading', async (reason) => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		const [account] = pool.accounts;
		const error = youTubeSays(reason);
		await recordRefusal(store, pool, account!, 'thumbnails.set', error);
		expect(quarantinedBy(error)).toBeUndefined();
		const lease = await take(store, pool);
		await giveBack(store, lease);
		await recordRefusal(store, pool, account!, 'videos.insert', youTubeSays(reason));
		expect((await refused(take(store, pool))).message).toContain(`in quarantine (${reason})`);
	});

	it('names the account that it puts into quarantine, with the cure', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		const { accountId, channelId } = pool.accounts[0]!;
		const error = youTubeSays('channelClosed');
		expect(quarantinedBy(error)).toBeUndefined();
		await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', error);
		expect(quarantinedBy(error)).toEqual({
			account_id: accountId, channel_id: channelId, reason: 'channelClosed', cure: expect.stringContaining('The channel is closed'),
		});
	});

	it('leaves the lease with who has it', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		const lease = await take(store, pool);
		await recordRefusal(store, pool, lease.account, 'videos.insert', youTubeSays('uploadLimitExceeded'));
		expect(await renew(store, lease)).toBe(true);
	});

	it('invalid_grant is forgotten when another OAuth client has connected the account', async () => {
		const store = await temporaryStore();
		const pool = testPool({ active: 1, reserve: 0 });
		await recordRefusal(store, pool, pool.accounts[0]!, 'videos.insert', youTubeSays('invalid_grant'));
		const moved = { ...pool, accounts: [{ ...pool.accounts[0]!, clientId: 'another-client' }] };
		expect((await take(store, moved)).account.accountId).toBe('account-01');
	});
});
