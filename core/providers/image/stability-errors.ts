/** What Stability says when a call fails: `{id, name, errors: [...]}`. */
import type { ErrorClass } from '../../errors';
import type { HttpFailure, ProviderVerdict } from '../../http-errors';

interface Meaning {
	errorClass: ErrorClass;
	cure?: string;
}

/** The provider's `name` by what it means. Source: its OpenAPI of 2026-09-22. */
const MEANING_BY_NAME: Record<string, Meaning> = {
	content_moderation: { errorClass: 'refused' },
	// Another provider may know the language: it goes on to the next one
	invalid_language: {
		errorClass: 'refused',
		cure: 'Write the prompt in English, or use another provider.',
	},
	rate_limit_exceeded: { errorClass: 'rate-limited' },
	unauthorized: { errorClass: 'auth' },
	permission_denied: { errorClass: 'auth' },
	payment_required: {
		errorClass: 'quota-exhausted',
		cure: 'Buy credits at platform.stability.ai under Billing.',
	},
	bad_request: { errorClass: 'invalid-request' },
	payload_too_large: { errorClass: 'invalid-request' },
	internal_error: { errorClass: 'unavailable' },
};

/** Over 150 requests in 10 seconds, the key is shut out for so long. Source: its OpenAPI. */
const TIME_OUT_MS = 60_000;

export function readVerdict({ body, status }: HttpFailure): ProviderVerdict {
	if (typeof body !== 'object' || body === null) return {};
	const { name, errors } = body as { name?: unknown; errors?: unknown };
	const message = Array.isArray(errors) ? errors.filter((one) => typeof one === 'string').join('; ') : undefined;
	const meaning =
		typeof name === 'string' && Object.hasOwn(MEANING_BY_NAME, name) ? MEANING_BY_NAME[name] : undefined;
	return {
		...meaning,
		...(typeof name === 'string' ? { reason: name } : {}),
		...(message ? { message } : {}),
		...(status === 429 ? { retryAfterMs: TIME_OUT_MS } : {}),
	};
}
