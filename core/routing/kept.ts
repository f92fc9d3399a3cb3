/** Answers that were paid for, kept for the stage that asked: run again after a crash, it doesn't pay again. */
import type { Cost } from '../documents';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Transaction } from '../vendor/kysely';

export interface KeptAnswer<T> {
	value: T;
	cost: Cost;
	warnings: string[];
}

/** Milliseconds: a video that failed a month ago is made anew. */
const LONGEST_AGE_MS = 30 * 24 * 3_600_000;

/** Of all kept answers together. The oldest go first. */
const MOST_CHARACTERS = 256 * 1024 * 1024;

/** One that is longer isn't kept. */
const LONGEST_ANSWER = 4 * 1024 * 1024;

export async function keptAnswer<T>(store: Store, id: string): Promise<KeptAnswer<T> | undefined> {
	const row = await store.db
		.selectFrom('kept_answers')
		.select('answer')
		.where('id', '=', id)
		.where('at', '>', store.clock.now() - LONGEST_AGE_MS)
		.executeTakeFirst();
	return row && (JSON.parse(row.answer) as KeptAnswer<T>);
}

/** It turned out to be none. */
export async function forgetAnswer(store: Store, id: string): Promise<void> {
	await store.transaction(async (trx) => {
		await trx.deleteFrom('kept_answers').where('id', '=', id).execute();
	});
}

/** Inside the transaction in which its cost is settled: what is paid is kept, whenever the process dies. */
export async function keepAnswer<T>(
	trx: Transaction<Database>,
	id: string,
	kept: KeptAnswer<T>,
	now: number,
): Promise<void> {
	const answer = JSON.stringify(kept);
	if (answer.length > LONGEST_ANSWER) return;
	const row = { answer, size: answer.length, at: now };
	await trx
		.insertInto('kept_answers')
		.values({ id, ...row })
		.onConflict((conflict) => conflict.column('id').doUpdateSet(row))
		.execute();
	await trx.deleteFrom('kept_answers').where('at', '<=', now - LONGEST_AGE_MS).execute();
	const { size } = await trx
		.selectFrom('kept_answers')
		.select((eb) => eb.fn.sum<number | null>('size').as('size'))
		.executeTakeFirstOrThrow();
	if (Number(size) <= MOST_CHARACTERS) return;
	const { middle } = await trx
		.selectFrom('kept_answers')
		.select((eb) => eb.fn.avg<number | null>('at').as('middle'))
		.executeTakeFirstOrThrow();
	await trx.deleteFrom('kept_answers').where('at', '<', Math.ceil(Number(middle))).execute();
}
