/**
 * How an account fares: uploads that fail one after another let it rest, then a single upload decides;
 * what only a person can mend keeps it in quarantine until a person releases it.
 */
import { isYtempireError, type ErrorClass, type YtempireError } from '../errors';
import type { Store } from '../store/store';
import type { Database } from '../store/schema';
import type { Transaction } from '../vendor/kysely';
import { PROVIDER, refusalOf } from '../youtube/errors';

import type { PoolAccount, YouTubePool } from './accounts';
import { nextPacificMidnight } from './pacific-day';
import type { QuotaPolicy } from './quota';
import { wakeChannel, wakeProject } from './seats';
import { neverSent } from './spend';

const HOUR_MS = 3_600_000;

/** First rest after failures that may be YouTube's own; each further failure doubles it, up to the cooldown. */
export const OUTAGE_REST_MS = 900_000;

/** Trouble that comes to all accounts when YouTube has it, and to one when that one has it. */
const MAY_BE_AN_OUTAGE: readonly ErrorClass[] = ['unavailable', 'rate-limited'];

export interface AccountChange {
	rests_until?: number;
	rest_reason?: string;
	quarantine_reason?: string;
	quarantine_connection?: string;
	failures?: number;
}

/** Milliseconds since 1970 when a rest that begins now is over. */
export function cooldownEnds({ cooldownUntil, cooldownHours }: QuotaPolicy, now: number): number {
	return cooldownUntil === 'pacificMidnight' ? nextPacificMidnight(now).getTime() : now + cooldownHours * HOUR_MS;
}

/** Changes what is known of an account, and leaves its lease with who has it. */
export async function changeAccount(
	trx: Transaction<Database>,
	account: PoolAccount,
	change: AccountChange,
	now: number,
): Promise<void> {
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
			...change,
		})
		.onConflict((conflict) => conflict.column('channel_id').doUpdateSet({ ...change, updated_at: now }))
		.execute();
	await wakeChannel(trx, account.channelId);
}

/**
 * Whether an upload's error says something about the account. Our own request, a cancelled one and a
 * network that is down don't; a spent quota, a full channel and a lost connection have their own consequences.
 */
export function countsAgainst(error: unknown): boolean {
	if (!isYtempireError(error) || error.provider !== PROVIDER || neverSent(error)) return false;
	if (error.errorClass === 'invalid-request' || error.errorClass === 'cancelled') return false;
	const scope = refusalOf(error)?.scope;
	return scope !== 'project' && scope !== 'channel' && scope !== 'account';
}

/**
 * Counts an upload that failed. At the limit the account rests; when the upload after the rest, its
 * one probe, fails too, it rests again. An outage of YouTube would so rest all accounts, one by one: what
 * may be one lets them rest shortly at first, so that they are back soon after YouTube is.
 * @returns true when the account rests from now on
 */
export async function recordFailure(
	store: Store,
	{ quota }: YouTubePool,
	account: PoolAccount,
	error: YtempireError,
): Promise<boolean> {
	if (!countsAgainst(error)) return false;
	const why = error.reason ?? error.errorClass;
	return await store.transaction(async (trx) => {
		const now = store.clock.now();
		const failures = (await failuresOf(trx, account)) + 1;
		const rests = failures >= quota.failureLimit;
		const rest = { rests_until: restEnds(quota, error, failures, now), rest_reason: `${failures} failures in a row, last ${why}` };
		await changeAccount(trx, account, { failures, ...(rests ? rest : {}) }, now);
		return rests;
	});
}

function restEnds(quota: QuotaPolicy, { errorClass }: YtempireError, failures: number, now: number): number {
	const cooled = cooldownEnds(quota, now);
	if (!MAY_BE_AN_OUTAGE.includes(errorClass)) return cooled;
	return Math.min(cooled, now + OUTAGE_REST_MS * 2 ** (failures - quota.failureLimit));
}

/** An upload succeeded: the account is healthy, and a rest that failures had brought is over. */
export async function recordSuccess(store: Store, { quota }: YouTubePool, account: PoolAccount): Promise<void> {
	if ((await failuresOf(store.db, account)) === 0) return;
	await store.transaction(async (trx) => {
		const rested = (await failuresOf(trx, account)) >= quota.failureLimit;
		const free = { rests_until: 0, rest_reason: '' };
		await changeAccount(trx, account, { failures: 0, ...(rested ? free : {}) }, store.clock.now());
	});
}

/** A person takes the account out of service, whatever connection it has, until a person releases it. */
export async function quarantine(store: Store, account: PoolAccount, reason: string): Promise<void> {
	await store.transaction(async (trx) => {
		await changeAccount(trx, account, { quarantine_reason: reason, quarantine_connection: '' }, store.clock.now());
	});
}

/** What Google's token endpoint says of a lost sign-in; RFC 6749 §5.2, see core/youtube/reasons.ts. */
const SIGN_IN_REASONS = ['invalid_grant', 'invalid_client', 'unauthorized_client'];

/** The account can sign in again: ends a quarantine that a lost sign-in brought, and no other. */
export async function releaseConnection(store: Store, account: PoolAccount): Promise<void> {
	await store.transaction(async (trx) => {
		await trx
			.updateTable('pool_accounts')
			.set({ quarantine_reason: '', quarantine_connection: '', updated_at: store.clock.now() })
			.where('channel_id', '=', account.channelId)
			.where('quarantine_connection', '!=', '')
			.where('quarantine_reason', 'in', SIGN_IN_REASONS)
			.execute();
		await wakeChannel(trx, account.channelId);
	});
}

/** A person says that the account is well: no quarantine, no rest of its own or its project's, no failures. */
export async function release(store: Store, account: PoolAccount): Promise<void> {
	await store.transaction(async (trx) => {
		const well = { quarantine_reason: '', quarantine_connection: '', rests_until: 0, rest_reason: '', failures: 0 };
		await changeAccount(trx, account, well, store.clock.now());
		await trx.deleteFrom('pool_projects').where('project', '=', account.project).execute();
		await wakeProject(trx, account.project);
	});
}

async function failuresOf(db: Store['db'] | Transaction<Database>, account: PoolAccount): Promise<number> {
	const row = await db
		.selectFrom('pool_accounts')
		.select('failures')
		.where('channel_id', '=', account.channelId)
		.executeTakeFirst();
	return row?.failures ?? 0;
}
