/** How many videos are made at the same time: counted in the store, so that the limit holds over executions and workers. */
import type { Database } from '../store/schema';
import type { Transaction } from '../vendor/kysely';

/**
 * Inside the transaction that takes them.
 * @param atOnce videos at the same time; 0 or none: no limit
 */
export async function freeSlots(trx: Transaction<Database>, atOnce: number | undefined, now: number): Promise<number> {
	if (!atOnce || atOnce <= 0) return Infinity;
	const { busy } = await trx
		.selectFrom('jobs')
		.select((eb) => eb.fn.countAll().as('busy'))
		.where('status', 'in', ['queued', 'running'])
		.where('holder', '!=', '')
		.where('lease_until', '>', now)
		.executeTakeFirstOrThrow();
	return Math.max(0, atOnce - Number(busy));
}
