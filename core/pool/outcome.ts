/** What a refusal by YouTube means for the pool: a project's day is over, a channel rests, an account waits for a person. */
import type { QuarantinedAccount } from '../documents';
import type { YtempireError } from '../errors';
import type { Store } from '../store/store';
import { refusalOf } from '../youtube/errors';

import { connectionOf, type PoolAccount, type YouTubePool } from './accounts';
import { changeAccount, cooldownEnds } from './health';
import { markExhausted } from './ledger';
import { pacificDay } from './pacific-day';
import { costOf, type Method } from './quota';
import { wakeProject } from './seats';

/** A connection without these permissions can still upload. */
const LACKS_PERMISSION = new Set(['insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT']);

interface Verdict {
	anotherMayDoBetter: boolean;
	quarantined?: QuarantinedAccount;
}

/** Errors that are written down: one that passes through several hands is so once, by who knows the method. */
const written = new WeakMap<YtempireError, Verdict>();

/**
 * Writes down what the refusal says about the project, the channel or the account.
 * @returns true when another account may do better
 */
export async function recordRefusal(
	store: Store,
	pool: YouTubePool,
	account: PoolAccount,
	method: Method,
	error: YtempireError,
): Promise<boolean> {
	const known = written.get(error);
	if (known) return known.anotherMayDoBetter;
	const refusal = refusalOf(error);
	if (!refusal) return false;
	const anotherMayDoBetter = refusal.scope !== 'request' && refusal.scope !== 'service';
	const quarantined = quarantineBy(account, method, error);
	written.set(error, { anotherMayDoBetter, quarantined });
	const why = error.reason ?? error.errorClass;
	await store.transaction(async (trx) => {
		const now = store.clock.now();
		const rest = { rests_until: cooldownEnds(pool.quota, now), rest_reason: why };
		const { project } = account;
		if (refusal.scope === 'project' && refusal.errorClass === 'quota-exhausted') {
			const { bucket } = costOf(pool.quota, method);
			await markExhausted(trx, { scope: `project:${project}`, bucket, day: pacificDay(now) });
		} else if (refusal.scope === 'project') {
			await trx
				.insertInto('pool_projects')
				.values({ project, ...rest })
				.onConflict((conflict) => conflict.column('project').doUpdateSet(rest))
				.execute();
			await wakeProject(trx, project);
		} else if (refusal.scope === 'channel') {
			// YouTube knows the channel and says so: no failure of the account
			await changeAccount(trx, account, { ...rest, failures: 0 }, now);
		} else if (quarantined) {
			const spoken = { quarantine_reason: why, quarantine_connection: connectionOf(account) };
			await changeAccount(trx, account, spoken, now);
		}
	});
	return anotherMayDoBetter;
}

/** The account that this error has put into quarantine: the operator is told. */
export function quarantinedBy(error: YtempireError): QuarantinedAccount | undefined {
	return written.get(error)?.quarantined;
}

function quarantineBy(account: PoolAccount, method: Method, error: YtempireError): QuarantinedAccount | undefined {
	const refusal = refusalOf(error);
	const reason = error.reason ?? '';
	if (refusal?.scope !== 'account') return undefined;
	if (method !== 'videos.insert' && LACKS_PERMISSION.has(reason)) return undefined;
	return { account_id: account.accountId, channel_id: account.channelId, reason, cure: refusal.cure };
}
