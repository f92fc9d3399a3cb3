/**
 * The cost ledger: what a call may take is set aside before it leaves, and becomes what it took when its
 * answer is there. A call whose end nobody heard stays in the ledger at its estimate: it may have been billed.
 */
import { randomUUID } from 'node:crypto';

import type { Cost } from '../documents';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Transaction } from '../vendor/kysely';

import { assertRoom, budgetOf, dayOf, type Payer } from './budget';

/**
 * Before a call: counted from now on, whatever becomes of the caller.
 * @returns the name by which it is settled or given back
 * @throws YtempireError `quota-exhausted`, reason `budget-exceeded`: nothing may be sent
 */
export async function setCostAside(store: Store, payer: Payer, capability: string, estimate: Cost): Promise<string> {
	return await store.transaction(async (trx) => {
		await assertRoom(trx, payer, estimate.micro_usd, store.clock.now());
		return await insert(trx, payer, estimate, { capability, state: 'open', at: store.clock.now() });
	});
}

/** Whether that much more fits into the budgets, before the first of several calls. @throws as `setCostAside` */
export async function assertAffordable(store: Store, payer: Payer, microUsd: number): Promise<void> {
	await store.transaction(async (trx) => {
		await assertRoom(trx, payer, microUsd, store.clock.now());
	});
}

/**
 * The call's real cost takes the place of what was set aside; `cost` undefined: it was not billed.
 * @param and what is written with it, or not at all
 */
export async function settleCost(
	store: Store,
	id: string,
	cost: Cost | undefined,
	and?: (trx: Transaction<Database>) => Promise<void>,
): Promise<void> {
	await store.transaction(async (trx) => {
		await and?.(trx);
		if (!cost) {
			await trx.deleteFrom('costs').where('id', '=', id).where('state', '=', 'open').execute();
			return;
		}
		const { provider, model, units, micro_usd, basis } = cost;
		await trx
			.updateTable('costs')
			.set({ provider, model, units: JSON.stringify(units), micro_usd, basis, state: 'settled' })
			.where('id', '=', id)
			.execute();
	});
}

/** A cost that is known already, e.g. of a call that takes no money. */
export async function recordCost(store: Store, payer: Payer, cost: Cost): Promise<void> {
	await store.transaction(async (trx) => {
		await insert(trx, payer, cost, { capability: '', state: 'settled', at: store.clock.now() });
	});
}

async function insert(
	trx: Transaction<Database>,
	{ videoId, stage }: Payer,
	cost: Cost,
	{ at, ...about }: { capability: string; state: 'open' | 'settled'; at: number },
): Promise<string> {
	const id = randomUUID();
	const { customer } = await budgetOf(trx, videoId);
	const { provider, model, micro_usd, basis } = cost;
	await trx
		.insertInto('costs')
		.values({
			id,
			video_id: videoId,
			stage,
			provider,
			model,
			units: JSON.stringify(cost.units),
			micro_usd,
			basis,
			at,
			day: dayOf(at),
			customer,
			...about,
		})
		.execute();
	return id;
}
