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
