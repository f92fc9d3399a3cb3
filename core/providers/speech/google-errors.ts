/** What Google says when a call fails: `{error: {code, message, status, details}}`, of its token endpoint `{error, error_description}`. */
import type { ErrorClass } from '../../errors';
import type { HttpFailure, ProviderVerdict } from '../../http-errors';

/** Reasons of `google.rpc.ErrorInfo` and of the token endpoint. Source: googleapis' error_reason.proto. */
const CLASS_BY_REASON: Record<string, ErrorClass> = {
	API_KEY_INVALID: 'auth',
	API_KEY_SERVICE_BLOCKED: 'auth',
	API_KEY_HTTP_REFERRER_BLOCKED: 'auth',
	API_KEY_IP_ADDRESS_BLOCKED: 'auth',
	SERVICE_DISABLED: 'auth',
	BILLING_DISABLED: 'auth',
	CONSUMER_INVALID: 'auth',
	CONSUMER_SUSPENDED: 'auth',
	ACCESS_TOKEN_EXPIRED: 'auth',
	ACCESS_TOKEN_SCOPE_INSUFFICIENT: 'auth',
	CREDENTIALS_MISSING: 'auth',
	RATE_LIMIT_EXCEEDED: 'rate-limited',
	RESOURCE_QUOTA_EXCEEDED: 'quota-exhausted',
	invalid_grant: 'auth',
	invalid_client: 'auth',
	unauthorized_client: 'auth',
};

/** `google.rpc.Code`. */
const CLASS_BY_STATUS: Record<string, ErrorClass> = {
	UNAUTHENTICATED: 'auth',
	PERMISSION_DENIED: 'auth',
	RESOURCE_EXHAUSTED: 'rate-limited',
	INVALID_ARGUMENT: 'invalid-request',
	FAILED_PRECONDITION: 'invalid-request',
	OUT_OF_RANGE: 'invalid-request',
	NOT_FOUND: 'invalid-request',
	UNIMPLEMENTED: 'invalid-request',
	UNAVAILABLE: 'unavailable',
	INTERNAL: 'unavailable',
	UNKNOWN: 'unavailable',
	ABORTED: 'unavailable',
	DEADLINE_EXCEEDED: 'unavailable',
};

const CURE_BY_REASON: Record<string, string> = {
	SERVICE_DISABLED: "Enable the Cloud Text-to-Speech API in the key's project at console.cloud.google.com, and wait some minutes.",
	BILLING_DISABLED: "Turn billing on for the key's project at console.cloud.google.com.",
	API_KEY_SERVICE_BLOCKED: 'Allow the Cloud Text-to-Speech API in the restrictions of the key.',
};

/** A refusal has no reason of its own. */
const REFUSAL = /responsible ai|safety|sensitive words|violat|prohibited/i;

/** It hasn't the voice, or not without more than its name. */
const NO_VOICE = /\bvoice\b.*(?:does not exist|not (?:found|available|supported)|requires? a model|model name)/i;

const DAY_MS = 86_400_000;

export function readGoogleVerdict({ body }: HttpFailure): ProviderVerdict {
	const error = property(body, 'error');
	if (typeof error === 'string') {
		return { reason: error, message: textOf(property(body, 'error_description')), errorClass: ownOf(CLASS_BY_REASON, error) };
	}
	const message = textOf(property(error, 'message'));
	const status = textOf(property(error, 'status'));
	const details = property(error, 'details');
	const parts: unknown[] = Array.isArray(details) ? details : [];
	const info = parts.find((part) => typeof property(part, 'reason') === 'string');
	const reason = textOf(property(info, 'reason')) ?? status;
	if (reason === undefined) return message === undefined ? {} : { message };
	return {
		reason,
		message,
		errorClass: classOf(reason, status, message ?? '', property(info, 'metadata')),
		cure: ownOf(CURE_BY_REASON, reason),
		...(NO_VOICE.test(message ?? '') ? { elsewhere: true } : {}),
		retryAfterMs: delayIn(parts),
	};
}

function classOf(reason: string, status: string | undefined, message: string, metadata: unknown): ErrorClass | undefined {
	const limit = `${textOf(property(metadata, 'quota_limit')) ?? ''} ${textOf(property(metadata, 'quota_unit')) ?? ''}`;
	if (reason === 'RATE_LIMIT_EXCEEDED' && /per ?day|1\/d\b/i.test(limit)) return 'quota-exhausted';
	if (status === 'INVALID_ARGUMENT' && REFUSAL.test(message)) return 'refused';
	return ownOf(CLASS_BY_REASON, reason) ?? ownOf(CLASS_BY_STATUS, status ?? '');
}

/** `google.rpc.RetryInfo`: `{retryDelay: '12.5s'}`; in ms. */
function delayIn(details: readonly unknown[]): number | undefined {
	for (const detail of details) {
		const seconds = Number.parseFloat(textOf(property(detail, 'retryDelay')) ?? '');
		if (seconds >= 0) return Math.min(seconds * 1000, DAY_MS);
	}
	return undefined;
}

function property(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function textOf(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

function ownOf<T>(table: Record<string, T>, key: string): T | undefined {
	return Object.hasOwn(table, key) ? table[key] : undefined;
}
