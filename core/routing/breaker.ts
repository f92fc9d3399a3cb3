/** Leaves an account in peace after failures in a row: a while later one request probes whether it is back. */
import { throwIfCancelled } from '../abort';
import { cancelled, isYtempireError, YtempireError } from '../errors';
import {
	circuitBreaker,
	ConsecutiveBreaker,
	handleWhen,
	isBrokenCircuitError,
	type CircuitBreakerPolicy,
} from '../vendor/cockatiel';

/** Failures in a row that open the circuit. */
const FAILURES = 5;

/** Milliseconds until the probe. */
export const PROBE_AFTER_MS = 30_000;

const breakers = new Map<string, CircuitBreakerPolicy>();

/**
 * Runs `work`; while another request probes, it waits for what that one finds. Only `unavailable` counts as a failure: a refusal or a limit says that the service is well.
 * @throws YtempireError `unavailable`, reason `circuit-open`, at once while the account is left in peace; `cancelled` when
 * the signal fires before `work` begins
 */
export async function throughBreaker<T>(account: string, provider: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
	let breaker = breakers.get(account);
	if (!breaker) {
		breaker = circuitBreaker(
			// without a provider it is our own trouble, e.g. a busy store
			handleWhen((error) => isYtempireError(error) && error.errorClass === 'unavailable' && !!error.provider),
			{ halfOpenAfter: PROBE_AFTER_MS, breaker: new ConsecutiveBreaker(FAILURES) },
		);
		breakers.set(account, breaker);
	}
	try {
		return await executed(breaker, work, signal);
	} catch (error) {
		if (!isBrokenCircuitError(error)) throw error;
		throw new YtempireError(
			'unavailable',
			`${provider} failed ${FAILURES} times in a row and is asked again in ${PROBE_AFTER_MS / 1000} s at the latest`,
			{
				provider,
				reason: 'circuit-open',
				cure: 'Wait half a minute and run it again, or add the credential of another provider.',
				retryAfterMs: Number.POSITIVE_INFINITY,
			},
		);
	}
}

/** The breaker itself hears no signal while it waits for a probe. */
async function executed<T>(breaker: CircuitBreakerPolicy, work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	const ended = new AbortController();
	let begun = false;
	const running = breaker.execute(async () => {
		throwIfCancelled(signal);
		begun = true;
		return await work();
	});
	if (!signal) return await running;
	const left = new Promise<never>((_resolve, reject) => {
		const leave = () => {
			// what is under way may be paid: its end is waited for
			if (!begun) reject(cancelled(signal.reason));
		};
		signal.addEventListener('abort', leave, { signal: ended.signal });
	});
	try {
		return await Promise.race([running, left]);
	} finally {
		ended.abort();
		running.catch(() => undefined);
	}
}

/** For tests: all circuits are closed. */
export function closeCircuits(): void {
	breakers.clear();
}
