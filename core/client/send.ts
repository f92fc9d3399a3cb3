/** When a request may be sent again: only when it surely did no work the first time, or when doing it twice does no harm. */
import { isYtempireError } from '../errors';
import { retry } from '../retry';

import type { RetryPolicy } from './types';

/** Codes of a connection that never stood, so that not a byte of the request has left. */
const NEVER_LEFT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

export interface SendOptions extends RetryPolicy {
	/** The other side does it once, however often it is asked. */
	repeatable: boolean;
	signal?: AbortSignal;
}

/**
 * Waits 1 s, 2 s … between the requests, or as long as the answer asks for.
 * @throws the last error; what may have arrived and isn't repeatable is thrown at once
 */
export async function sendSafely<T>(work: () => Promise<T>, options: SendOptions): Promise<T> {
	const { attempts = 3, baseMs = 1_000, maxMs, repeatable, signal } = options;
	// An error that ends the tries: carried past `retry`, which looks at the class alone
	let final: { error: unknown } | undefined;
	const outcome = await retry(
		async () => {
			try {
				return { value: await work() };
			} catch (error) {
				if (repeatable || neverLeft(error)) throw error;
				final = { error };
				return undefined;
			}
		},
		{ attempts, baseMs, maxMs, signal },
	);
	if (outcome === undefined) throw final?.error;
	return outcome.value;
}

function neverLeft(error: unknown): boolean {
	return isYtempireError(error) && NEVER_LEFT.has(error.reason ?? '');
}
