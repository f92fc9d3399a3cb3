/** ElevenLabs' errors: `{detail: {type, code, status, message}}`; of a malformed request `{detail: [{loc, msg, type}]}`. */
import { RefusedRequest } from '../service';

/** By code, as seen in public reports up to September 2026. */
const KNOWN: Record<string, { type: string; status?: string; message: string }> = {
	invalid_api_key: { type: 'authentication_error', message: 'Invalid API key' },
	needs_authorization: {
		type: 'authentication_error',
		message: 'Neither authorization header nor xi-api-key received, please provide one.',
	},
	quota_exceeded: {
		type: 'payment_required',
		message: 'This request exceeds your quota. You have 0 credits remaining, while more are required for this request.',
	},
	voice_not_found: { type: 'not_found', message: 'A voice with that voice_id was not found.' },
	model_not_found: { type: 'not_found', message: 'A model with that model ID does not exist' },
	max_character_limit_exceeded: { type: 'validation_error', message: "This request's text is too long." },
	too_many_concurrent_requests: {
		type: 'rate_limit_error',
		message: 'Too many concurrent requests. Your current subscription is associated with a maximum of 10 concurrent requests.',
	},
	system_busy: { type: 'rate_limit_error', message: 'We are experiencing heavy traffic, please try again later' },
	detected_unusual_activity: { type: 'authentication_error', message: 'Unusual activity detected. Free Tier usage disabled.' },
};

const CODE_BY_STATUS: Record<number, string> = {
	401: 'invalid_api_key',
	404: 'voice_not_found',
	429: 'too_many_concurrent_requests',
	503: 'system_busy',
};

export function errorBody(status: number, reason?: string, message?: string, param?: string): unknown {
	const code = reason ?? CODE_BY_STATUS[status] ?? (status >= 500 ? 'internal_server_error' : 'invalid_request');
	const known = KNOWN[code];
	return {
		detail: {
			type: known?.type ?? (status >= 500 ? 'server_error' : 'validation_error'),
			code,
			status: code,
			message: message ?? known?.message ?? (status >= 500 ? 'An internal error has occurred.' : 'Invalid request.'),
			...(param === undefined ? {} : { param }),
		},
	};
}

export function refuse(status: number, code: string, message?: string, param?: string): RefusedRequest {
	return new RefusedRequest(status, code, message ?? code, {}, errorBody(status, code, message, param));
}

/** The framework's own answer to a body or query that doesn't fit. */
export function malformed(loc: string[], msg: string, type: string): RefusedRequest {
	return new RefusedRequest(422, type, msg, {}, { detail: [{ type, loc, msg }] });
}
