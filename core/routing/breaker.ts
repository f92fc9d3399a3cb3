/** Leaves an account in peace after failures in a row: a while later one request probes whether it is back. */
import { isYtempireError, YtempireError } from '../errors';
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
 * Runs `work`. Only `unavailable` counts as a failure: a refusal or a limit says that the service is well.
 * @throws YtempireError `unavailable`, reason `circuit-open`, at once while the account is left in peace
 */
export async function throughBreaker<T>(account: string, provider: string, work: () => Promise<T>): Promise<T> {
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
		return await breaker.execute(work);
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

/** For tests: all circuits are closed. */
export function closeCircuits(): void {
	breakers.clear();
}
