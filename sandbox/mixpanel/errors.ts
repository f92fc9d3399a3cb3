/** Mixpanel's errors: `{code, error, status}`. */
import { STATUS_CODES } from 'node:http';

const MESSAGE_BY_STATUS: Record<number, string> = {
	400: 'some data points in the request failed validation',
	401: 'Invalid credentials',
	403: 'Not authorized',
	413: 'request exceeds max limit of 10MB',
	429: 'Project exceeded rate limits. Please retry the request with exponential backoff.',
	502: 'Bad Gateway',
	503: 'Service temporarily unavailable. Please retry the request with exponential backoff.',
};

export function errorBody(status: number, _reason?: string, message?: string): unknown {
	return { code: status, error: message ?? MESSAGE_BY_STATUS[status] ?? 'Error', status: STATUS_CODES[status] ?? 'Error' };
}
