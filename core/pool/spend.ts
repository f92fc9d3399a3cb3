/** Calls that cost quota: set aside before, settled after by what YouTube answered. */
import { isYtempireError, YtempireError } from '../errors';
import type { Store } from '../store/store';
import { refusalOf } from '../youtube/errors';

import type { PoolAccount, YouTubePool } from './accounts';
import { markSent, setAside, settle, sweep, type Spend } from './ledger';
import { nextPacificMidnight, pacificDay } from './pacific-day';
import { costOf, rejectedCost, type Method, type QuotaPolicy } from './quota';

/** Node's words for a call that never reached a server. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * Makes a call within the project's quota.
 * @throws YtempireError `quota-exhausted` without calling when there is no room; else what `call` throws
 */
export async function withinQuota<T>(
	store: Store,
	pool: YouTubePool,
	account: PoolAccount,
	method: Method,
	call: () => Promise<T>,
): Promise<T> {
	const now = store.clock.now();
	const spend = spendOf(pool, account, method, now);
	const holds = await store.transaction(async (trx) => {
		await sweep(trx, now);
		const taken = await setAside(trx, [spend], now);
		if (taken) await markSent(trx, taken);
		return taken;
	});
	const hold = holds?.[0];
	if (!hold) throw noRoom(spend, account, method, now);
	let cost = spend.cost;
	try {
		return await call();
	} catch (error) {
		cost = costOfFailure(pool.quota, method, error);
		throw error;
	} finally {
		await store.transaction(async (trx) => {
			await settle(trx, hold, cost);
		});
	}
}

export function spendOf(pool: YouTubePool, account: PoolAccount, method: Method, now: number): Spend {
	const { bucket, cost, limit } = costOf(pool.quota, method);
	return { scope: `project:${account.project}`, bucket, day: pacificDay(now), cost, limit };
}

/** The units that a new video takes: one insert of the project's, one video of the channel's day. */
export function videoSpends(pool: YouTubePool, account: PoolAccount, now: number): Spend[] {
	const { bucket, cost, limit } = costOf(pool.quota, 'videos.insert');
	const day = pacificDay(now);
	return [
		{ scope: `project:${account.project}`, bucket, day, cost, limit },
		{ scope: `channel:${account.channelId}`, bucket: 'videos', day, cost: 1, limit: pool.quota.videosPerAccount },
	];
}

/** What a call that went wrong has cost: nothing when it never left, the full price when nobody knows. */
export function costOfFailure(policy: QuotaPolicy, method: Method, error: unknown): number {
	const full = costOf(policy, method).cost;
	if (!isYtempireError(error)) return full;
	if (error.httpStatus === undefined) return neverSent(error) ? 0 : full;
	// It may have done its work before it broke
	if (error.httpStatus >= 500) return full;
	const refusal = refusalOf(error);
	if (refusal?.errorClass === 'quota-exhausted' && refusal.scope === 'project') return 0;
	return rejectedCost(policy, method);
}

/** The call never reached a server. */
export function neverSent({ httpStatus, reason = '' }: YtempireError): boolean {
	return httpStatus === undefined && NEVER_SENT.has(reason);
}

function noRoom(spend: Spend, { project }: PoolAccount, method: Method, now: number): YtempireError {
	const resetsAt = nextPacificMidnight(now);
	return new YtempireError(
		'quota-exhausted',
		`Project ${project} has no room for ${method} today: ${spend.limit} units of ${spend.bucket} may be used`,
		{
			reason: 'quota-reserved',
			cure: `Run it again after ${resetsAt.toISOString()}, or raise the limit in the YouTube Pool credential if Google granted more.`,
			resetsAt,
		},
	);
}
