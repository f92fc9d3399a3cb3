/** Anthropic's errors: `{type: 'error', error: {type, message}, request_id}`. */
import { RefusedRequest } from '../service';

const TYPE_BY_STATUS: Record<number, string> = {
	400: 'invalid_request_error',
	401: 'authentication_error',
	402: 'billing_error',
	403: 'permission_error',
	404: 'not_found_error',
	413: 'request_too_large',
	429: 'rate_limit_error',
	500: 'api_error',
	503: 'api_error',
	504: 'timeout_error',
	529: 'overloaded_error',
};

/** By reason: the type where it isn't the reason itself, and the sentence, as in the provider's page of errors and in public reports. */
const KNOWN: Record<string, { type?: string; message: string }> = {
	authentication_error: { message: 'invalid x-api-key' },
	billing_error: { message: 'There is an issue with your billing or payment information. Please check your payment details.' },
	permission_error: { message: 'Your API key does not have permission to use the specified resource.' },
	not_found_error: { message: 'The requested resource could not be found.' },
	rate_limit_error: { message: 'This request would exceed your account\'s rate limit. Please try again later.' },
	overloaded_error: { message: 'Overloaded' },
	api_error: { message: 'Internal server error' },
	timeout_error: { message: 'The request timed out while processing.' },
	credit_balance_too_low: {
		type: 'invalid_request_error',
		message:
			'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
	},
	usage_limit_reached: {
		type: 'invalid_request_error',
		message: 'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
	},
	spend_limit_reached: { type: 'rate_limit_error', message: 'This organization has reached its enforced spend limit.' },
	content_filter: { type: 'invalid_request_error', message: 'Output blocked by content filtering policy' },
};

export function errorBody(status: number, reason?: string, message?: string): unknown {
	const word = reason ?? TYPE_BY_STATUS[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
	const known = KNOWN[word];
	return {
		type: 'error',
		error: { type: known?.type ?? word, message: message ?? known?.message ?? 'Invalid request.' },
		request_id: 'req_sandbox',
	};
}

export function badRequest(message: string): RefusedRequest {
	return new RefusedRequest(400, 'invalid_request_error', message);
}
