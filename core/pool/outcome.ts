/** What a refusal by YouTube means for the pool: a project's day is over, a channel rests, an account waits for a person. */
import type { YtempireError } from '../errors';
import type { Store } from '../store/store';
import { refusalOf } from '../youtube/errors';

import type { PoolAccount, YouTubePool } from './accounts';
import { markExhausted } from './ledger';
import { connectionOf } from './lease';
import { pacificDay } from './pacific-day';
import { costOf, type Method } from './quota';

const HOUR_MS = 3_600_000;

/**
 * Writes down what the refusal says about the account.
 * @returns true when another account may do better
 */
export async function recordRefusal(
	store: Store,
	pool: YouTubePool,
	account: PoolAccount,
	method: Method,
	error: YtempireError,
): Promise<boolean> {
	const refusal = refusalOf(error);
	if (!refusal) return false;
	const now = store.clock.now();
	const why = error.reason ?? error.errorClass;
	if (refusal.scope === 'project' && refusal.errorClass === 'quota-exhausted') {
		await store.transaction(async (trx) => {
			const { bucket } = costOf(pool.quota, method);
			await markExhausted(trx, { scope: `project:${account.project}`, bucket, day: pacificDay(now) });
		});
	}
	if (refusal.scope === 'channel') {
		await setState(store, account, {
			rests_until: now + pool.quota.cooldownHours * HOUR_MS,
			rest_reason: why,
		});
	}
	if (refusal.scope === 'account') {
		await setState(store, account, { quarantine_reason: why, quarantine_connection: connectionOf(account) });
	}
	return refusal.scope !== 'request' && refusal.scope !== 'service';
}

async function setState(
	store: Store,
	account: PoolAccount,
	state:
		| { rests_until: number; rest_reason: string }
		| { quarantine_reason: string; quarantine_connection: string },
): Promise<void> {
	const now = store.clock.now();
	await store.transaction(async (trx) => {
		await trx
			.insertInto('pool_accounts')
			.values({
				channel_id: account.channelId,
				account_id: account.accountId,
				lease_holder: '',
				lease_token: 0,
				lease_until: 0,
				rests_until: 0,
				rest_reason: '',
				quarantine_reason: '',
				quarantine_connection: '',
				updated_at: now,
				...state,
			})
			.onConflict((conflict) => conflict.column('channel_id').doUpdateSet({ ...state, updated_at: now }))
			.execute();
	});
}
