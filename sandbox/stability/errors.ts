/** Stability's errors: `{id, name, errors: [...]}`. */
import { createHash } from 'node:crypto';

import { RefusedRequest } from '../service';

/** By name, from the provider's OpenAPI of 2026-09-22. */
const MESSAGES: Record<string, string> = {
	bad_request: 'body: is invalid',
	unauthorized: 'authorization: is invalid or missing, please provide a valid API key',
	payment_required: 'You lack sufficient credits to make this request. Please purchase more credits at https://platform.stability.ai/account/credits and try again.',
	content_moderation: 'Your request was flagged by our content moderation system, as a result your request was denied and you were not charged.',
	invalid_language: 'English is the only supported language for this service.',
	payload_too_large: 'body: payloads cannot be larger than 10MiB in size',
	rate_limit_exceeded: 'You have exceeded the rate limit of 150 requests within a 10 second period, and have been timed out for 60 seconds.',
	internal_error: 'An unexpected server error has occurred, please try again later.',
	not_found: 'The requested resource was not found',
};

const NAME_BY_STATUS: Record<number, string> = {
	401: 'unauthorized',
	402: 'payment_required',
	403: 'content_moderation',
	404: 'not_found',
	413: 'payload_too_large',
	422: 'invalid_language',
	429: 'rate_limit_exceeded',
};

export function errorBody(status: number, reason?: string, message?: string): unknown {
	const name = reason ?? NAME_BY_STATUS[status] ?? (status >= 500 ? 'internal_error' : 'bad_request');
	const said = message ?? MESSAGES[name] ?? 'The request failed.';
	return { id: createHash('md5').update(name + said).digest('hex'), name, errors: [said] };
}

export function refuse(status: number, name: string, message?: string): RefusedRequest {
	return new RefusedRequest(status, name, message ?? name, {}, errorBody(status, name, message));
}
