/** Answers of searches that a library's terms want kept: asked for once in that time, over all workers. */
import { contentHash } from '../../hash';
import type { Store } from '../../store/store';
import type { FootageCandidate } from './footage';

/** @param asked JSON of all that the answer depends on, the account with it */
export async function keptSearch(
	store: Store,
	asked: unknown,
	keepMs: number | undefined,
	ask: () => Promise<FootageCandidate[]>,
): Promise<FootageCandidate[]> {
	if (!keepMs) return await ask();
	const id = contentHash(asked);
	const now = store.clock.now();
	const row = await store.db
		.selectFrom('footage_searches')
		.select('candidates')
		.where('id', '=', id)
		.where('at', '>', now - keepMs)
		.executeTakeFirst();
	if (row) return JSON.parse(row.candidates) as FootageCandidate[];
	const found = await ask();
	const kept = { candidates: JSON.stringify(found), at: now };
	await store.transaction(async (trx) => {
		await trx.deleteFrom('footage_searches').where('at', '<=', now - keepMs).execute();
		await trx
			.insertInto('footage_searches')
			.values({ id, ...kept })
			.onConflict((conflict) => conflict.column('id').doUpdateSet(kept))
			.execute();
	});
	return found;
}
