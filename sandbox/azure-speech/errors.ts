/** Azure's errors: a bare status with a text; of the gateway before it, `{error: {code, message}}`. */
import { RefusedRequest } from '../service';

const GATEWAY: Record<string, { status: number; message: string }> = {
	'invalid-key': {
		status: 401,
		message:
			'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
	},
	'out-of-quota': { status: 403, message: 'Out of call volume quota. Quota will be replenished in 3.04:05:06.' },
	'network-rules': { status: 403, message: 'Access denied due to Virtual Network/Firewall rules.' },
	throttled: { status: 429, message: 'Rate limit is exceeded. Try again in 7 seconds.' },
};

const TEXTS: Record<string, string> = {
	'unsupported-voice': 'Unsupported voice en-US-GoneNeural.',
	'bad-ssml': 'Ssml should only contain valid elements.',
	'content-filtered': 'The request was filtered by the content management policy.',
	'service-busy': 'The service is temporarily unavailable.',
};

const REASON_BY_STATUS: Record<number, string> = {
	401: 'invalid-key',
	403: 'out-of-quota',
	429: 'throttled',
	503: 'service-busy',
};

export function errorBody(status: number, reason?: string, message?: string): unknown {
	const word = reason ?? REASON_BY_STATUS[status] ?? '';
	const gateway = GATEWAY[word];
	if (gateway) return { error: { code: String(gateway.status), message: message ?? gateway.message } };
	const text = message ?? TEXTS[word] ?? '';
	return text === '' ? undefined : Buffer.from(text);
}

export function refuse(status: number, text: string): RefusedRequest {
	return new RefusedRequest(status, 'text', text, { 'content-type': 'text/plain' }, Buffer.from(text));
}
