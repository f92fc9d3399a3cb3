/** Stripe's errors: `{error: {type, code, message, param, decline_code, doc_url …}}`, in its own words. */
import { RefusedRequest } from '../service';

export interface StripeErrorBody {
	error: { type: string; message: string; code?: string; [more: string]: unknown };
}

interface Words {
	type: string;
	message: string;
	decline_code?: string;
}

const CARD_DECLINED = 'Your card was declined.';

/** By code; of declines also by `decline_code`. */
const BY_REASON: Record<string, Words & { code?: string }> = {
	card_declined: { type: 'card_error', message: CARD_DECLINED, decline_code: 'generic_decline' },
	insufficient_funds: {
		type: 'card_error',
		code: 'card_declined',
		message: 'Your card has insufficient funds.',
		decline_code: 'insufficient_funds',
	},
	expired_card: { type: 'card_error', message: 'Your card has expired.' },
	authentication_required: {
		type: 'card_error',
		message: 'Your card was declined. This transaction requires authentication.',
		decline_code: 'authentication_required',
	},
	rate_limit: { type: 'invalid_request_error', message: 'Request rate limit exceeded.' },
	lock_timeout: {
		type: 'invalid_request_error',
		message:
			'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request.',
	},
	api_key_expired: { type: 'invalid_request_error', message: 'Expired API Key provided.' },
	more_permissions_required: {
		type: 'invalid_request_error',
		message: 'The provided key does not have the required permissions for this endpoint.',
	},
};

const BY_STATUS: Record<number, string> = {
	401: 'Invalid API Key provided.',
	402: CARD_DECLINED,
	429: 'Request rate limit exceeded.',
};

export function errorBody(status: number, reason?: string, message?: string): StripeErrorBody {
	const known = BY_REASON[reason ?? ''];
	const code = known?.code ?? reason;
	return {
		error: {
			...(code === undefined ? {} : { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }),
			...(known?.decline_code === undefined ? {} : { decline_code: known.decline_code }),
			message: message ?? known?.message ?? BY_STATUS[status] ?? 'An unknown error occurred.',
			type: known?.type ?? (status >= 500 ? 'api_error' : 'invalid_request_error'),
		},
	};
}

/** A request that Stripe doesn't begin to carry out: nothing is kept under its idempotency key. */
export function invalid(message: string, param?: string, code?: string, status = 400): RefusedRequest {
	const { error } = errorBody(status, code, message);
	return new RefusedRequest(status, code ?? 'invalid', message, {}, {
		error: { ...error, ...(param === undefined ? {} : { param }) },
	});
}

export function missingParam(param: string): RefusedRequest {
	return invalid(`Missing required param: ${param}.`, param, 'parameter_missing');
}

export function missing(kind: string, id: string, otherMode: 'live' | 'test' | undefined, param = 'id'): RefusedRequest {
	const hint = otherMode
		? `; a similar object exists in ${otherMode} mode, but a ${otherMode === 'live' ? 'test' : 'live'} mode key was used to make this request.`
		: '';
	return invalid(`No such ${kind}: '${id}'${hint}`, param, 'resource_missing', param === 'id' ? 404 : 400);
}
