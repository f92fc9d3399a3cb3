/** Waiting that ends at once when the execution is cancelled. */
import { setTimeout as delay } from 'node:timers/promises';

import { cancelled } from './errors';

/** @throws YtempireError `cancelled` when the signal fires before the time is over */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
	try {
		await delay(ms, undefined, { signal });
	} catch (error) {
		throw cancelled(error);
	}
}

export function throwIfCancelled(signal?: AbortSignal): void {
	if (signal?.aborted) throw cancelled(signal.reason);
}

/** The promise's outcome, or `cancelled` at once when the signal fires first; the work itself runs on unheard. */
export async function raceAbort<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
	throwIfCancelled(signal);
	if (!signal) return await work;
	let stop!: () => void;
	const aborted = new Promise<never>((_resolve, reject) => {
		stop = () => {
			reject(cancelled(signal.reason));
		};
		signal.addEventListener('abort', stop, { once: true });
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		signal.removeEventListener('abort', stop);
		work.catch(() => undefined);
	}
}
