/**
 * The quota ledger: units are set aside before a call, settled or given back after it. What is set
 * aside counts as used, so that calls at the same time never overbook a day.
 */
import { randomUUID } from 'node:crypto';

import { YtempireError } from '../errors';
import type { Database } from '../store/schema';
import type { Kysely, Transaction } from '../vendor/kysely';

import { wakeScope } from './seats';

/** Units of one allowance on one day. */
export interface Spend {
	/** `project:…` or `channel:…` */
	scope: string;
	bucket: string;
	/** Pacific day, e.g. `2026-11-22`. */
	day: string;
	cost: number;
	/** Units that may be used in that day. */
	limit: number;
}

export interface Usage {
	/** Units settled and set aside. */
	used: number;
	/** YouTube itself said that nothing is left. */
	exhausted: boolean;
}

export interface Hold extends Spend {
	id: string;
}

/** Milliseconds after which units that nobody settled are free again, unless the call had left. */
export const HOLD_MS = 60_000;

const keyOf = (spend: Pick<Spend, 'scope' | 'bucket' | 'day'>) =>
	`${spend.scope}\n${spend.bucket}\n${spend.day}`;

/** What has been used of each spend's allowance, in the same order. */
export async function usageOf(
	db: Kysely<Database> | Transaction<Database>,
	spends: Spend[],
	now: number,
): Promise<Usage[]> {
	if (spends.length === 0) return [];
	const scopes = [...new Set(spends.map(({ scope }) => scope))];
	const days = [...new Set(spends.map(({ day }) => day))];
	const settled = await db
		.selectFrom('quota_days')
		.selectAll()
		.where('scope', 'in', scopes)
		.where('day', 'in', days)
		.execute();
	const held = await db
		.selectFrom('quota_holds')
		.select(['scope', 'bucket', 'day', 'cost'])
		.where('scope', 'in', scopes)
		.where('day', 'in', days)
		.where((eb) => eb.or([eb('sent', '=', 1), eb('expires_at', '>', now)]))
		.execute();
	const usages = new Map<string, Usage>();
	for (const row of settled) usages.set(keyOf(row), { used: row.used, exhausted: row.exhausted === 1 });
	for (const hold of held) {
		const { used = 0, exhausted = false } = usages.get(keyOf(hold)) ?? {};
		usages.set(keyOf(hold), { used: used + hold.cost, exhausted });
	}
	return spends.map((spend) => usages.get(keyOf(spend)) ?? { used: 0, exhausted: false });
}

export function hasRoom(spend: Spend, usage: Usage): boolean {
	return !usage.exhausted && usage.used + spend.cost <= spend.limit;
}

/**
 * Sets units aside inside the caller's transaction, which has swept before: the room of a dead caller is
 * given to another only once its hold is gone. Undefined when there is no room for all of them.
 */
export async function setAside(
	trx: Transaction<Database>,
	spends: Spend[],
	now: number,
): Promise<Hold[] | undefined> {
	const usages = await usageOf(trx, spends, now);
	if (!spends.every((spend, index) => hasRoom(spend, usages[index] ?? { used: 0, exhausted: false }))) {
		return undefined;
	}
	const holds = spends.map((spend) => ({ ...spend, id: randomUUID() }));
	for (const { id, scope, bucket, day, cost } of holds) {
		await trx
			.insertInto('quota_holds')
			.values({ id, scope, bucket, day, cost, sent: 0, expires_at: now + HOLD_MS })
			.execute();
	}
	return holds;
}

/**
 * From here on the units count, whatever becomes of the caller: inside the transaction, before the call.
 * @throws YtempireError `unavailable` when the caller took so long that the units were given to others
 */
export async function markSent(
	db: Kysely<Database> | Transaction<Database>,
	holds: Hold[],
): Promise<void> {
	const marked = await db
		.updateTable('quota_holds')
		.set({ sent: 1 })
		.where('id', 'in', idsOf(holds))
		.executeTakeFirst();
	if (Number(marked.numUpdatedRows) === holds.length) return;
	throw new YtempireError('unavailable', 'The units that were set aside for this call have been given back: it came too late', {
		reason: 'hold-expired',
		cure: 'Run it again; nothing was sent. If it stays, look at the load of this machine.',
	});
}

/** Settles units: `cost` is what the call took in the end, 0 gives them back. Twice is once. */
export async function settle(
	trx: Transaction<Database>,
	hold: Hold,
	cost: number = hold.cost,
): Promise<void> {
	const deleted = await trx.deleteFrom('quota_holds').where('id', '=', hold.id).executeTakeFirst();
	if (deleted.numDeletedRows === 0n) return;
	if (cost < hold.cost) await wakeScope(trx, hold.scope);
	if (cost !== 0) await addUsed(trx, hold, cost);
}

/** Adds to a day's settled units; negative gives back what was settled for nothing. */
export async function addUsed(
	trx: Transaction<Database>,
	{ scope, bucket, day }: Pick<Spend, 'scope' | 'bucket' | 'day'>,
	cost: number,
): Promise<void> {
	if (cost < 0) await wakeScope(trx, scope);
	await trx
		.insertInto('quota_days')
		.values({ scope, bucket, day, used: cost, exhausted: 0 })
		.onConflict((conflict) =>
			conflict.columns(['scope', 'bucket', 'day']).doUpdateSet((eb) => ({
				used: eb('quota_days.used', '+', cost),
			})),
		)
		.execute();
}

/** YouTube said that nothing is left: no more calls on that day, whatever we have counted. */
export async function markExhausted(
	trx: Transaction<Database>,
	{ scope, bucket, day }: Pick<Spend, 'scope' | 'bucket' | 'day'>,
): Promise<void> {
	await trx
		.insertInto('quota_days')
		.values({ scope, bucket, day, used: 0, exhausted: 1 })
		.onConflict((conflict) =>
			conflict.columns(['scope', 'bucket', 'day']).doUpdateSet({ exhausted: 1 }),
		)
		.execute();
}

/** Holds of dead callers: those whose call may have left are settled, the others given back. */
export async function sweep(trx: Transaction<Database>, now: number): Promise<void> {
	const expired = await trx
		.selectFrom('quota_holds')
		.selectAll()
		.where('expires_at', '<=', now)
		.execute();
	for (const hold of expired) {
		await settle(trx, { ...hold, limit: 0 }, hold.sent === 1 ? hold.cost : 0);
	}
}

function idsOf(holds: Hold[]): string[] {
	return holds.map(({ id }) => id);
}
