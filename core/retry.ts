/**
 * Trying again what may pass by itself. Our own few lines, because the retry policies we looked at
 * (cockatiel, the OpenAI SDK's) sleep on after a cancel, or cap the wait that a service asks for.
 */
import { sleep as abortableSleep, throwIfCancelled } from './abort';
import { isYtempireError } from './errors';
import type { ErrorClass, YtempireError } from './errors';

export interface RetryOptions {
	/** Calls in all, the first included. Default 3. */
	attempts?: number;
	/** Wait before the second call, in ms; doubles from there. Default 4,000 (owner's rule: 4 to 10 s, exponential). */
	baseMs?: number;
	/** No computed wait is longer. Default 10,000. */
	maxMs?: number;
	/** A service that asks for a longer wait than this is not waited for: the error goes up. Default 60,000. */
	maxRetryAfterMs?: number;
	signal?: AbortSignal;
	/** Of the errors that may pass, those that are worth another call. Default: all. */
	isWorthIt?: (error: YtempireError) => boolean;
	/** Told before each wait. */
	onRetry?: (error: Error, attempt: number, waitMs: number) => void;
	sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
	/** 0 to 1, for jitter. */
	random?: () => number;
}

const MAY_PASS: ReadonlySet<ErrorClass> = new Set(['rate-limited', 'unavailable']);

/** Calls `work` until it succeeds, fails for good or has been tried often enough; then throws its last error. */
export async function retry<T>(
	work: (attempt: number) => Promise<T>,
	options: RetryOptions = {},
): Promise<T> {
	const { attempts = 3, maxRetryAfterMs = 60_000, signal, isWorthIt = () => true, sleep = abortableSleep } = options;
	for (let attempt = 1; ; attempt++) {
		throwIfCancelled(signal);
		try {
			return await work(attempt);
		} catch (error) {
			if (attempt >= attempts || !isYtempireError(error) || !MAY_PASS.has(error.errorClass) || !isWorthIt(error)) throw error;
			const asked = error.retryAfterMs ?? 0;
			if (asked > maxRetryAfterMs) throw error;
			const waitMs = Math.max(asked, backoffMs(attempt, options));
			options.onRetry?.(error, attempt, waitMs);
			await sleep(waitMs, signal);
		}
	}
}

/** Doubling from `baseMs` up to `maxMs`; jitter adds up to a quarter, so that waiters don't come back together. */
function backoffMs(attempt: number, options: RetryOptions): number {
	const { baseMs = 4_000, maxMs = 10_000, random = Math.random } = options;
	const exponential = baseMs * 2 ** (attempt - 1);
	return Math.min(maxMs, Math.round(exponential * (1 + random() / 4)));
}
