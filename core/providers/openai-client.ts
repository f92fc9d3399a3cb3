/** One connection to OpenAI for all its capabilities: the SDK's client, its errors as ours. */
import { throwIfCancelled } from '../abort';
import { errorFromAnswer, errorFromSilence } from '../http-errors';
import type { HttpFailure, ProviderVerdict } from '../http-errors';
import type { OpenAI } from '../vendor/openai';

export const OPENAI_ID = 'openai';

export const OPENAI_BASE_URL = 'https://api.openai.com/v1';

const DEFAULT_TIMEOUT_MS = 180_000;

export interface OpenAiConnection {
	apiKey: string;
	/** The provider's own address when empty. */
	baseUrl?: string;
	/** For one request, in ms. Default 180,000. */
	timeoutMs?: number;
}

/** Runs one call of the SDK, not repeated, and turns its errors into ours. */
export type OpenAiCall = <T>(
	signal: AbortSignal | undefined,
	work: (openai: OpenAI, callSignal: AbortSignal) => Promise<T>,
) => Promise<T>;

export function openAiCalls(connection: OpenAiConnection): OpenAiCall {
	const { apiKey, baseUrl, timeoutMs = DEFAULT_TIMEOUT_MS } = connection;
	let client: Promise<OpenAI> | undefined;
	return async (signal, work) => {
		throwIfCancelled(signal);
		client ??= connect(apiKey, baseUrl || OPENAI_BASE_URL, timeoutMs);
		const timeout = AbortSignal.timeout(timeoutMs);
		const callSignal = signal ? AbortSignal.any([signal, timeout]) : timeout;
		try {
			return await work(await client, callSignal);
		} catch (error) {
			const failure = failureOf(error, apiKey);
			if (failure) throw errorFromAnswer(failure, readVerdict(failure));
			throw errorFromSilence(OPENAI_ID, error, {
				signal,
				timeoutMs,
				timedOut: timeout.aborted,
				secrets: [apiKey],
			});
		}
	};
}

/** The SDK puts the header `x-request-id` on the object, beside what its type says. */
export function openAiRequestId(answer: object): string | undefined {
	const id = (answer as { _request_id?: unknown })._request_id;
	return typeof id === 'string' ? id : undefined;
}

async function connect(apiKey: string, baseURL: string, timeout: number): Promise<OpenAI> {
	const { OpenAI: Client } = await import('../vendor/openai');
	return new Client({
		apiKey,
		baseURL,
		timeout,
		// Null, so that the machine's environment doesn't speak for the credential
		adminAPIKey: null,
		organization: null,
		project: null,
		webhookSecret: null,
		// core/retry.ts repeats, for all providers alike
		maxRetries: 0,
		logLevel: 'off',
		// A redirect is an answer: the key stays at its origin
		fetchOptions: { redirect: 'manual' },
	});
}

/** By shape and not by class: the SDK is bundled, and may be loaded twice. */
function failureOf(error: unknown, apiKey: string): HttpFailure | undefined {
	if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
	const { status, headers, error: body } = error as Error & {
		status: number;
		headers?: Iterable<[string, string]>;
		error?: unknown;
	};
	return {
		provider: OPENAI_ID,
		status,
		headers: Object.fromEntries(headers ?? []),
		body: body ?? error.message,
		secrets: [apiKey],
	};
}

const QUOTA = /^(insufficient_quota|billing_hard_limit_reached|billing_not_active|credit_balance_too_low)$/;
const REFUSED = /content_policy|content_filter|moderation|safety|^invalid_prompt$/;
const AUTH = /^(invalid_api_key|account_deactivated|invalid_organization|insufficient_permissions|mismatched_organization)$/;

/** The provider's `code`, or its `type` where there is no code. Source: its page of error codes. */
function readVerdict(failure: HttpFailure): ProviderVerdict {
	const body = (typeof failure.body === 'object' && failure.body !== null ? failure.body : {}) as Record<
		string,
		unknown
	>;
	const reason = [body.code, body.type].find((word) => typeof word === 'string' && word !== '') as
		| string
		| undefined;
	const message = typeof body.message === 'string' ? body.message : undefined;
	if (!reason) return { message };
	if (QUOTA.test(reason) || body.type === 'insufficient_quota') {
		return {
			errorClass: 'quota-exhausted',
			reason,
			message,
			cure: 'Add credit or raise the monthly limit at platform.openai.com under Billing and Limits.',
		};
	}
	if (REFUSED.test(reason)) return { errorClass: 'refused', reason, message };
	if (AUTH.test(reason)) return { errorClass: 'auth', reason, message };
	if (reason === 'model_not_found') {
		return {
			errorClass: 'invalid-request',
			reason,
			message,
			cure: 'Choose another model: this one is switched off, or the account may not use it.',
		};
	}
	return { reason, message };
}
