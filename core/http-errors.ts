/** From a service's answer, or its silence, to an error with a class, a reason and a cure. */
import type { Clock } from './clock';
import { systemClock } from './clock';
import type { ErrorClass } from './errors';
import { cancelled, isYtempireError, YtempireError } from './errors';
import { excerpt } from './redact';

export interface HttpFailure {
	/** The service, e.g. `openai`. */
	provider: string;
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	/** Parsed JSON when it was JSON, else text. */
	body: unknown;
	/** Values that must not show. */
	secrets?: readonly string[];
}

/** What a provider's own words say beyond the status. Everything is optional: the status decides what is left out. */
export interface ProviderVerdict {
	errorClass?: ErrorClass;
	/** The provider's own word for the cause. */
	reason?: string;
	/** The provider's own sentence. */
	message?: string;
	cure?: string;
	resetsAt?: Date;
	/** When the words name a wait and no header does. */
	retryAfterMs?: number;
	/** Whether another provider may have what this one lacks; by status and reason when left out. */
	elsewhere?: boolean;
}

/** Each provider reads its own error bodies; the body is hostile and may be anything. */
export type ReadVerdict = (failure: HttpFailure) => ProviderVerdict;

interface ClassWords {
	happened: string;
	cure: string;
}

const WORDS: Record<Exclude<ErrorClass, 'cancelled'>, ClassWords> = {
	'quota-exhausted': {
		happened: 'has no credit or quota left on this account',
		cure: 'Add credit or raise the limit at the provider, or wait until the allowance is full again.',
	},
	'rate-limited': {
		happened: 'asks for fewer requests at a time',
		cure: 'Wait a little and run it again, or lower how much runs at once.',
	},
	unavailable: {
		happened: 'did not answer as it should',
		cure: "Run it again in a few minutes; if it lasts, look at the provider's status page and at the base URL in the credential.",
	},
	auth: {
		happened: 'did not accept the credential',
		cure: "Check the key and its permissions in the credential, and use the credential's Test button.",
	},
	refused: {
		happened: 'refused the content under its usage policy',
		cure: 'Change the topic or the text, or use another provider.',
	},
	'invalid-request': {
		happened: 'rejected the request',
		cure: 'Change the named value and run it again.',
	},
};

const REQUEST_ID_HEADERS = ['x-request-id', 'request-id', 'x-amzn-requestid', 'cf-ray'];

export function requestIdOf(headers: Record<string, string>): string | undefined {
	for (const name of REQUEST_ID_HEADERS) {
		const value = headers[name];
		if (value) return excerpt(value, [], 120);
	}
	return undefined;
}

export function classOfStatus(status: number): Exclude<ErrorClass, 'cancelled'> {
	if (status === 401 || status === 403) return 'auth';
	if (status === 402) return 'quota-exhausted';
	if (status === 429) return 'rate-limited';
	if (status === 408 || status === 425 || status >= 500) return 'unavailable';
	return 'invalid-request';
}

/**
 * Milliseconds to wait by `retry-after-ms` or `retry-after` (seconds or a date, RFC 9110 §10.2.3).
 * Undefined when neither is there or neither can be read.
 */
export function retryAfterOf(
	headers: Record<string, string>,
	clock: Clock = systemClock,
): number | undefined {
	const ms = Number.parseFloat(headers['retry-after-ms'] ?? '');
	if (Number.isFinite(ms) && ms >= 0) return ms;
	const value = headers['retry-after'];
	if (!value) return undefined;
	const seconds = Number(value);
	if (Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1000 : undefined;
	const date = Date.parse(value);
	return Number.isNaN(date) ? undefined : Math.max(0, date - clock.now());
}

/** What a provider no longer has, or never had, in the words of several. */
const GONE = /not_found|deprecat|retired|unsupported_model|invalid_model/i;

/** The one way from a status and a body to an error. */
export function errorFromAnswer(failure: HttpFailure, verdict: ProviderVerdict = {}): YtempireError {
	const errorClass = verdict.errorClass ?? classOfStatus(failure.status);
	if (errorClass === 'cancelled') return cancelled();
	const words = WORDS[errorClass];
	const said = excerpt(verdict.message ?? plainText(failure.body), failure.secrets);
	const reason = verdict.reason && excerpt(verdict.reason, failure.secrets, 80);
	const detail = [reason, said].filter(Boolean).join(': ');
	return new YtempireError(
		errorClass,
		`${failure.provider} ${words.happened} (HTTP ${failure.status})${detail ? `: ${detail}` : ''}`,
		{
			cure: verdict.cure ?? words.cure,
			provider: failure.provider,
			reason,
			httpStatus: failure.status,
			requestId: requestIdOf(failure.headers),
			retryAfterMs: retryAfterOf(failure.headers) ?? verdict.retryAfterMs,
			resetsAt: verdict.resetsAt,
			elsewhere: verdict.elsewhere ?? (failure.status === 404 || GONE.test(reason ?? '')),
		},
	);
}

/**
 * No answer came, or it broke off. What the caller cancelled is `cancelled`, all else `unavailable`.
 * The original error isn't kept: it holds the request with its credentials.
 */
export function errorFromSilence(
	provider: string,
	error: unknown,
	options: { signal?: AbortSignal; timeoutMs?: number; timedOut?: boolean; secrets?: readonly string[] } = {},
): YtempireError {
	if (isYtempireError(error)) return error;
	if (options.signal?.aborted) return cancelled();
	if (options.timedOut) {
		return new YtempireError(
			'unavailable',
			`${provider} did not finish its answer within ${Math.round((options.timeoutMs ?? 0) / 1000)} s`,
			{ cure: WORDS.unavailable.cure, provider, reason: 'timeout' },
		);
	}
	const code = codeOf(error);
	const text = error instanceof Error ? error.message : String(error);
	return new YtempireError(
		'unavailable',
		`${provider} could not be reached, or the connection broke: ${excerpt(text || code || 'no reason given', options.secrets)}`,
		{ cure: WORDS.unavailable.cure, provider, reason: code },
	);
}

function codeOf(error: unknown): string | undefined {
	if (typeof error !== 'object' || error === null) return undefined;
	if ('code' in error && typeof error.code === 'string') return excerpt(error.code, [], 40);
	return 'cause' in error ? codeOf(error.cause) : undefined;
}

function plainText(body: unknown): string {
	if (typeof body === 'string') return /^\s*</.test(body) ? 'an HTML page' : body;
	if (body === undefined || body === null || Buffer.isBuffer(body)) return '';
	return JSON.stringify(body);
}
