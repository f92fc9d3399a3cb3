/** What Cohere says when a call fails: `{id, message}`; there is no code, so its sentences are read beside the status. */
import type { HttpFailure, ProviderVerdict } from '../../http-errors';

import { textAt } from './answer';

const CHOOSE_MODEL = 'Choose another model: this one is switched off, or the account may not use it.';

/** Source: docs.cohere.com/reference/errors, its specification of 2026-08-20, and public reports. */
const SAID: ReadonlyArray<[pattern: RegExp, verdict: ProviderVerdict]> = [
	[
		/calls? *\/ *month|per month|monthly/i,
		{
			errorClass: 'quota-exhausted',
			reason: 'monthly_limit',
			cure: 'Use a production key, or wait for the next month: trial keys and the newest models have 1,000 calls a month.',
		},
	],
	[
		/billing limit|payment method|billing/i,
		{
			errorClass: 'quota-exhausted',
			reason: 'billing_limit',
			cure: 'Add a payment method or raise the maximum amount at dashboard.cohere.com under Billing.',
		},
	],
	[/invalid api (token|key)|no api key/i, { errorClass: 'auth', reason: 'invalid_api_token' }],
	[/rate limit|trial key|past the per minute/i, { errorClass: 'rate-limited', reason: 'rate_limit' }],
	[/model .*(not found|was removed|deprecated)/i, { errorClass: 'invalid-request', reason: 'model_not_found', cure: CHOOSE_MODEL }],
	[/too many tokens/i, { errorClass: 'invalid-request', reason: 'too_many_tokens' }],
	[/blocked|deny-?listed|safety|content policy/i, { errorClass: 'refused', reason: 'blocked_content' }],
];

/** Statuses of Cohere's own: a deny-listed word in the request or the answer; a request that its server gave up. */
const BY_STATUS: Record<number, ProviderVerdict> = {
	402: { errorClass: 'quota-exhausted', reason: 'billing_limit' },
	498: { errorClass: 'refused', reason: 'blocked_content' },
	499: { errorClass: 'unavailable', reason: 'request_cancelled' },
};

export function readVerdict({ status, body }: HttpFailure): ProviderVerdict {
	const message = textAt(body, 'message');
	if (status >= 500) return { message };
	const said = SAID.find(([pattern]) => pattern.test(message ?? ''))?.[1];
	return { ...BY_STATUS[status], ...said, message };
}
