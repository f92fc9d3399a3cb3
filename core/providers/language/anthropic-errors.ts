/** What Anthropic says when a call fails: `{type: 'error', error: {type, message}}`. */
import type { ErrorClass } from '../../errors';
import type { HttpFailure, ProviderVerdict } from '../../http-errors';

import { textAt } from './answer';

/** Source: docs.anthropic.com/en/api/errors and the types of its SDK 1.12.0. */
const CLASS_BY_TYPE: Record<string, ErrorClass> = {
	authentication_error: 'auth',
	permission_error: 'auth',
	billing_error: 'quota-exhausted',
	rate_limit_error: 'rate-limited',
	overloaded_error: 'unavailable',
	api_error: 'unavailable',
	timeout_error: 'unavailable',
	not_found_error: 'invalid-request',
	request_too_large: 'invalid-request',
	invalid_request_error: 'invalid-request',
};

const ADD_CREDIT = 'Add credit or raise the spend limit at console.anthropic.com under Plans & Billing.';

/** What the service tells only by its sentence, under `invalid_request_error` or `rate_limit_error`. Seen in public reports up to September 2026. */
const SAID: ReadonlyArray<[pattern: RegExp, verdict: ProviderVerdict]> = [
	[/credit balance is too low/i, { errorClass: 'quota-exhausted', reason: 'credit_balance_too_low', cure: ADD_CREDIT }],
	[/usage limits?.*regain access/is, { errorClass: 'quota-exhausted', reason: 'usage_limit_reached', cure: ADD_CREDIT }],
	[/spend[_ ]limit/i, { errorClass: 'quota-exhausted', reason: 'spend_limit_reached', cure: ADD_CREDIT }],
	[/content filtering policy|usage policy/i, { errorClass: 'refused', reason: 'content_filter' }],
];

export function readVerdict({ body }: HttpFailure): ProviderVerdict {
	const type = textAt(body, 'error', 'type');
	const message = textAt(body, 'error', 'message');
	const said = SAID.find(([pattern]) => pattern.test(message ?? ''))?.[1];
	if (said) return { ...said, message, resetsAt: regainedAt(message) };
	if (type === undefined) return { message };
	return {
		errorClass: Object.hasOwn(CLASS_BY_TYPE, type) ? CLASS_BY_TYPE[type] : undefined,
		reason: type,
		message,
		...(type === 'billing_error' ? { cure: ADD_CREDIT } : {}),
		...(type === 'not_found_error'
			? { cure: 'Choose another model: this one is switched off, or the account may not use it.' }
			: {}),
	};
}

/** `You will regain access on 2026-12-01 at 00:00 UTC.` */
function regainedAt(message = ''): Date | undefined {
	const [, day, time] = /regain access on (\d{4}-\d{2}-\d{2})(?: at (\d{2}:\d{2}) UTC)?/i.exec(message) ?? [];
	const date = new Date(`${day}T${time ?? '00:00'}:00Z`);
	return Number.isNaN(date.getTime()) ? undefined : date;
}
