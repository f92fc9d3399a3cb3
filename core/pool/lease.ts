/** Lends an account to one upload at a time, with the units it needs set aside in the same breath. */
import { sleep, throwIfCancelled } from '../abort';
import { YtempireError } from '../errors';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Transaction } from '../vendor/kysely';

import { accountNamed, type PoolAccount, type YouTubePool } from './accounts';
import type { PassedOver } from './choose';
import { setAside, sweep, type Hold } from './ledger';
import { rosterOf, seat } from './roster';
import { wakeChannel } from './seats';
import { videoSpends } from './spend';
import { chooseAsked, chooseNext, type Choice } from './take';

/** Milliseconds without a sign of life after which an account is free again. */
export const ACCOUNT_LEASE_MS = 45_000;

/** Milliseconds between two looks at a pool whose accounts are all at work. */
const BUSY_LOOK_MS = 500;

export interface Lease {
	account: PoolAccount;
	holder: string;
	/** Fencing: whoever has a higher one has taken over. */
	token: number;
	holds: Hold[];
	passedOver: PassedOver[];
}

export interface LeaseRequest {
	holder: string;
	/** Account ID or channel ID: then nothing else is taken. */
	asked?: string;
	/** Going on with an upload that has been paid for, on the account asked for: only a quarantine stands in its way. */
	resume?: boolean;
	/** Accounts that the caller has tried in vain. */
	tried?: PassedOver[];
	/** Milliseconds to wait while all accounts are at work. */
	waitMs: number;
	signal?: AbortSignal;
}

/**
 * Takes an account by round robin, and waits while those that could serve are at work.
 * @throws YtempireError `quota-exhausted` (with when it is free again), `auth` when all are in
 * quarantine, `rate-limited` when the wait was too long, `invalid-request` for an unknown account
 */
export async function acquire(store: Store, pool: YouTubePool, request: LeaseRequest): Promise<Lease> {
	const asked = request.asked ? accountNamed(pool, request.asked) : undefined;
	const roster = rosterOf(pool);
	if (!asked) await seat(store, roster);
	const deadline = store.clock.now() + request.waitMs;
	for (;;) {
		throwIfCancelled(request.signal);
		const taken = await store.transaction(async (trx) => {
			const now = store.clock.now();
			await sweep(trx, now);
			const choice = asked
				? await chooseAsked(trx, pool, asked, request, now)
				: await chooseNext(trx, pool, roster, { holder: request.holder, tried: request.tried ?? [] }, now);
			return choice.chosen ? await lend(trx, pool, choice.chosen, request, choice.passedOver, now) : choice;
		});
		if ('account' in taken) return taken;
		if (!taken.busy || store.clock.now() >= deadline) throw noAccount(taken, request);
		await sleep(BUSY_LOOK_MS, request.signal);
	}
}

/** Renews the lease; false when another has taken the account over. */
export async function renew(store: Store, lease: Lease): Promise<boolean> {
	return await changeOwn(store, lease, { lease_until: store.clock.now() + ACCOUNT_LEASE_MS });
}

export async function giveBack(store: Store, lease: Lease): Promise<void> {
	await changeOwn(store, lease, { lease_holder: '', lease_until: 0 });
}

/** Only the newest holder changes an account's row. */
async function changeOwn(
	store: Store,
	lease: Lease,
	change: { lease_holder?: string; lease_until: number },
): Promise<boolean> {
	return await store.transaction(async (trx) => {
		const result = await trx
			.updateTable('pool_accounts')
			.set({ ...change, updated_at: store.clock.now() })
			.where('channel_id', '=', lease.account.channelId)
			.where('lease_token', '=', lease.token)
			.where('lease_holder', '=', lease.holder)
			.executeTakeFirst();
		if (change.lease_until === 0) await wakeChannel(trx, lease.account.channelId);
		return result.numUpdatedRows > 0n;
	});
}

async function lend(
	trx: Transaction<Database>,
	pool: YouTubePool,
	account: PoolAccount,
	request: LeaseRequest,
	passedOver: PassedOver[],
	now: number,
): Promise<Lease> {
	const holds = request.asked && request.resume ? [] : await setAside(trx, videoSpends(pool, account, now), now);
	if (!holds) throw new Error('An account was chosen whose quota is used up');
	const leased = { lease_holder: request.holder, lease_until: now + ACCOUNT_LEASE_MS, updated_at: now };
	const row = await trx
		.insertInto('pool_accounts')
		.values({
			channel_id: account.channelId,
			account_id: account.accountId,
			lease_token: 1,
			rests_until: 0,
			rest_reason: '',
			quarantine_reason: '',
			quarantine_connection: '',
			...leased,
		})
		.onConflict((conflict) =>
			conflict.column('channel_id').doUpdateSet((eb) => ({
				...leased,
				account_id: account.accountId,
				lease_token: eb('pool_accounts.lease_token', '+', 1),
			})),
		)
		.returning('lease_token')
		.executeTakeFirstOrThrow();
	return { account, holder: request.holder, token: row.lease_token, holds, passedOver };
}

function noAccount(choice: Choice, { asked }: LeaseRequest): YtempireError {
	const who = asked ? `The account ${asked}` : 'No account of the YouTube pool';
	const cannot = asked ? 'cannot take this video' : 'can take this video';
	const reasons = choice.passedOver.map(({ account_id: id, why }) => (id ? `${id}: ${why}` : why));
	const message = `${who} ${cannot}. ${reasons.join('; ')}`;
	if (choice.busy) {
		return new YtempireError('rate-limited', message, {
			reason: 'pool-busy',
			cure: 'Wait until an upload has finished, or add accounts to the pool.',
		});
	}
	if (choice.freeAt === undefined) {
		return new YtempireError('auth', message, {
			reason: 'pool-quarantined',
			cure: 'Connect the named accounts again, or correct their client, in the credential; what was mended at Google itself is freed by Account: Check Health or Release.',
		});
	}
	return new YtempireError('quota-exhausted', message, {
		reason: 'pool-exhausted',
		cure: `Send it again after ${new Date(choice.freeAt).toISOString()}, or add accounts to the pool.`,
		resetsAt: new Date(choice.freeAt),
	});
}
