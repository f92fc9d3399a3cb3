/** Cohere's errors: `{id, message}`, without a code. */
import { RefusedRequest } from '../service';

/** By a reason of the sandbox's own, as Cohere has only sentences: its page of errors and public reports. */
const KNOWN: Record<string, string> = {
	invalid_api_token: 'invalid api token',
	rate_limit:
		"You are using a Trial key, which is limited to 20 API calls / minute. You can continue to use the Trial key for free or upgrade to a Production key with higher rate limits at 'https://dashboard.cohere.com/api-keys'.",
	monthly_limit:
		"You are using a Trial key, which is limited to 1000 API calls / month. You can continue to use the Trial key for free or upgrade to a Production key with higher rate limits at 'https://dashboard.cohere.com/api-keys'.",
	billing_limit: 'The account has reached its billing limit. Please add or update a payment method to continue.',
	blocked_content: 'the request was blocked because it contains a deny-listed token',
	too_many_tokens: 'too many tokens: the total number of tokens in the prompt exceeds the limit.',
};

const REASON_BY_STATUS: Record<number, string> = {
	401: 'invalid_api_token',
	402: 'billing_limit',
	429: 'rate_limit',
	498: 'blocked_content',
};

export function errorBody(status: number, reason?: string, message?: string): unknown {
	const known = KNOWN[reason ?? REASON_BY_STATUS[status] ?? ''];
	const failed = status >= 500 ? 'internal server error' : 'invalid request';
	return { id: '00000000-0000-4000-8000-000000000000', message: message ?? known ?? failed };
}

export function badRequest(message: string): RefusedRequest {
	return new RefusedRequest(400, 'invalid_request', message);
}
