/** Work on many things at once, but not on all. */

/**
 * Like `Promise.all(items.map(work))` with at most `limit` at work at a time. When one fails, the
 * others are told by the signal, waited for, and the first failure is thrown.
 */
export async function mapLimited<T, R>(
	items: readonly T[],
	limit: number,
	work: (item: T, index: number, signal: AbortSignal) => Promise<R>,
	signal?: AbortSignal,
): Promise<R[]> {
	const stop = new AbortController();
	const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
	const results: R[] = [];
	let next = 0;
	let failure: { error: unknown } | undefined;
	const worker = async () => {
		while (next < items.length && !failure) {
			const index = next++;
			try {
				results[index] = await work(items[index] as T, index, either);
			} catch (error) {
				failure ??= { error };
				stop.abort(error);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, worker));
	if (failure) throw failure.error;
	return results;
}

/** Two different works at once; when one fails the other is told by the signal and waited for. */
export async function together<A, B>(
	signal: AbortSignal | undefined,
	first: (signal: AbortSignal) => Promise<A>,
	second: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> {
	return (await mapLimited<(signal: AbortSignal) => Promise<A | B>, A | B>([first, second], 2, (work, _index, stop) => work(stop), signal)) as [A, B];
}

/** Gives a function that runs what it is handed one after the other, in the order of asking. */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
	let last: Promise<unknown> = Promise.resolve();
	return async (work) => {
		const turn = last.then(work);
		last = turn.catch(() => undefined);
		return await turn;
	};
}

/** The most that `inBatches` hands over at once. */
const BATCH = 500;

/**
 * Gives a function whose calls are worked on together: what is asked while a batch is at work waits for the
 * next one. `work` answers in the order of what it was handed.
 * @param gatherMs how long the first one of a batch waits for others
 */
export function inBatches<T, R>(work: (items: T[]) => Promise<R[]>, gatherMs = 0): (item: T) => Promise<R> {
	const waiting: Array<{ item: T; resolve: (result: R) => void; reject: (error: unknown) => void }> = [];
	let busy = false;
	const run = async () => {
		busy = true;
		while (waiting.length > 0) {
			if (gatherMs > 0) await new Promise((resolve) => setTimeout(resolve, gatherMs));
			const batch = waiting.splice(0, BATCH);
			try {
				const results = await work(batch.map(({ item }) => item));
				batch.forEach(({ resolve }, index) => { resolve(results[index] as R); });
			} catch (error) {
				batch.forEach(({ reject }) => { reject(error); });
			}
		}
		busy = false;
	};
	return async (item) =>
		await new Promise<R>((resolve, reject) => {
			waiting.push({ item, resolve, reject });
			if (!busy) void run();
		});
}
