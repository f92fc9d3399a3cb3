/** Work on many things with few at a time. */
import { throwIfCancelled } from './abort';

/**
 * Results in the order of `items`, at most `limit` of them under way. After a failure nothing new
 * begins, what is under way (and perhaps paid) is let finish, and the first failure is thrown.
 * `work` has to heed the signal itself.
 */
export async function mapLimited<Item, Result>(
	items: readonly Item[],
	limit: number,
	work: (item: Item, index: number) => Promise<Result>,
	signal?: AbortSignal,
): Promise<Result[]> {
	const results = new Array<Result>(items.length);
	let next = 0;
	let failed = false;
	const worker = async () => {
		while (next < items.length && !failed) {
			const index = next++;
			try {
				throwIfCancelled(signal);
				results[index] = await work(items[index] as Item, index);
			} catch (error) {
				failed = true;
				throw error;
			}
		}
	};
	const workers = Array.from({ length: Math.min(Math.max(1, limit), items.length) }, worker);
	const ends = await Promise.allSettled(workers);
	const failure = ends.find((end) => end.status === 'rejected');
	if (failure) throw failure.reason;
	return results;
}
