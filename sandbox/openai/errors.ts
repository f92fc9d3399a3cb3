/** OpenAI's errors: `{error: {message, type, param, code}}`. */
import { RefusedRequest } from '../service';

/** Type and message by code, from the provider's page of error codes. */
const KNOWN: Record<string, { type: string; message: string }> = {
	invalid_api_key: {
		type: 'invalid_request_error',
		message: 'Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.',
	},
	insufficient_quota: {
		type: 'insufficient_quota',
		message: 'You exceeded your current quota, please check your plan and billing details.',
	},
	rate_limit_exceeded: { type: 'requests', message: 'Rate limit reached for requests. Please try again later.' },
	context_length_exceeded: {
		type: 'invalid_request_error',
		message: "This model's maximum context length was exceeded. Please reduce the length of the messages.",
	},
	content_policy_violation: {
		type: 'invalid_request_error',
		message: 'Your request was rejected as a result of our safety system.',
	},
	model_not_found: {
		type: 'invalid_request_error',
		message: 'The model does not exist or you do not have access to it.',
	},
};

const CODE_BY_STATUS: Record<number, string> = {
	401: 'invalid_api_key',
	429: 'rate_limit_exceeded',
};

export function errorBody(status: number, reason?: string, message?: string, param: string | null = null): unknown {
	const code = reason ?? CODE_BY_STATUS[status] ?? null;
	const known = code === null ? undefined : KNOWN[code];
	const failed = status >= 500;
	return {
		error: {
			message:
				message ??
				known?.message ??
				(failed ? 'The server had an error while processing your request. Sorry about that!' : 'Invalid request.'),
			type: known?.type ?? (failed ? 'server_error' : 'invalid_request_error'),
			param,
			code,
		},
	};
}

/** A mistake in the request, with the parameter that has it. */
export function badRequest(code: string | null, message: string, param: string | null): RefusedRequest {
	const body = { error: { message, type: 'invalid_request_error', param, code } };
	return new RefusedRequest(400, code ?? 'invalid_request_error', message, {}, body);
}
