/** What a failed request says about whether it arrived. */
import { isYtempireError } from '../errors';
import { retry, type RetryOptions } from '../retry';

/** Refused by a busy service before it did anything; a gateway's 502 or 504 may come behind the work. */
const REFUSED_STATUS = 503;

/** No connection came about, so nothing was sent. */
const NEVER_SENT = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'CERT_HAS_EXPIRED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** True when the request may have done its work although it failed: the answer was lost, or came from between. */
export function mayHaveArrived(error: unknown): boolean {
	if (!isYtempireError(error)) return true;
	if (error.errorClass === 'cancelled') return true;
	if (error.errorClass !== 'unavailable') return false;
	return error.httpStatus !== REFUSED_STATUS && !NEVER_SENT.has(error.reason ?? '');
}

/** Tries again what certainly did not arrive; what may have arrived goes up at once. */
export async function retryRefused<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
	const outcome = await retry<{ value: T } | { unheard: unknown }>(async () => {
		try {
			return { value: await work() };
		} catch (error) {
			if (mayHaveArrived(error)) return { unheard: error };
			throw error;
		}
	}, options);
	if ('unheard' in outcome) throw outcome.unheard;
	return outcome.value;
}
