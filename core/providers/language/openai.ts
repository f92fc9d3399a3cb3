/** Language by OpenAI: Chat Completions with a strict JSON schema. */
import { isYtempireError, YtempireError } from '../../errors';
import { throwIfCancelled } from '../../abort';
import { errorFromAnswer, errorFromSilence } from '../../http-errors';
import type { HttpFailure, ProviderVerdict } from '../../http-errors';
import type { OpenAI } from '../../vendor/openai';

import type {
	LanguageConnection,
	LanguageProvider,
	StructuredAnswer,
	StructuredRequest,
} from './language';
import { languageModel } from './models';

const ID = 'openai';

export const OPENAI_BASE_URL = 'https://api.openai.com/v1';

const DEFAULT_TIMEOUT_MS = 180_000;

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

export function createOpenAi(connection: LanguageConnection): LanguageProvider {
	const { apiKey, baseUrl, timeoutMs = DEFAULT_TIMEOUT_MS } = connection;
	let client: Promise<OpenAI> | undefined;

	/** Runs one call of the SDK and turns its errors into ours. */
	async function call<T>(
		signal: AbortSignal | undefined,
		work: (openai: OpenAI, callSignal: AbortSignal) => Promise<T>,
	): Promise<T> {
		throwIfCancelled(signal);
		client ??= connect(apiKey, baseUrl || OPENAI_BASE_URL, timeoutMs);
		const timeout = AbortSignal.timeout(timeoutMs);
		const callSignal = signal ? AbortSignal.any([signal, timeout]) : timeout;
		try {
			return await work(await client, callSignal);
		} catch (error) {
			const failure = failureOf(error, apiKey);
			if (failure) throw errorFromAnswer(failure, readVerdict(failure));
			throw errorFromSilence(ID, error, {
				signal,
				timeoutMs,
				timedOut: timeout.aborted,
				secrets: [apiKey],
			});
		}
	}

	async function send(body: Body, signal?: AbortSignal): Promise<StructuredAnswer> {
		const completion = await call(signal, (openai, callSignal) =>
			openai.chat.completions.create(body, { signal: callSignal }),
		);
		return answerOf(completion, body.model);
	}

	return {
		id: ID,
		async complete(request) {
			const { sampling, warnings } = samplingOf(request);
			const body = bodyOf(request);
			try {
				const answer = await send({ ...body, ...sampling }, request.signal);
				return { ...answer, warnings };
			} catch (error) {
				if (!sampling || !isAboutSampling(error)) throw error;
				// The table was wrong about this model; a rejected request costs nothing
				const answer = await send(body, request.signal);
				return { ...answer, warnings: [notTaken(request.model)] };
			}
		},
		async listModels(signal) {
			const page = await call(signal, (openai, callSignal) => openai.models.list({ signal: callSignal }));
			return page.data.map(({ id }) => id).sort();
		},
	};
}

async function connect(apiKey: string, baseURL: string, timeout: number): Promise<OpenAI> {
	const { OpenAI: Client } = await import('../../vendor/openai');
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

function bodyOf(request: StructuredRequest): Body {
	return {
		model: request.model,
		messages: [{ role: 'system', content: request.system }, ...request.messages],
		response_format: {
			type: 'json_schema',
			json_schema: { name: request.schemaName, strict: true, schema: request.schema },
		},
		max_completion_tokens: request.maxOutputTokens,
	};
}

function samplingOf(request: StructuredRequest): { sampling?: Partial<Body>; warnings: string[] } {
	const { sampling, model } = request;
	if (!sampling) return { warnings: [] };
	const takes = languageModel(ID, model)?.sampling ?? 'never';
	if (takes === 'never') return { warnings: [notTaken(model)] };
	return {
		sampling: {
			temperature: sampling.temperature,
			top_p: sampling.topP,
			presence_penalty: sampling.presencePenalty,
			frequency_penalty: sampling.frequencyPenalty,
			...(takes === 'without-reasoning' ? { reasoning_effort: 'none' } : {}),
		},
		warnings: [],
	};
}

function notTaken(model: string): string {
	return `${model} is not known to take temperature, top_p and penalties: they were not sent`;
}

function isAboutSampling(error: unknown): boolean {
	return (
		isYtempireError(error) &&
		error.httpStatus === 400 &&
		(error.reason === 'unsupported_parameter' || error.reason === 'unsupported_value')
	);
}

function answerOf(completion: OpenAI.ChatCompletion, asked: string): StructuredAnswer {
	const choice = completion.choices?.[0];
	if (!choice?.message) {
		throw new YtempireError('unavailable', 'openai answered without a completion', {
			provider: ID,
			reason: 'malformed-answer',
			cure: 'Run it again; if it lasts, check the base URL in the credential.',
		});
	}
	const text = choice.message.content ?? '';
	const filtered = choice.finish_reason === 'content_filter';
	const input = completion.usage?.prompt_tokens ?? 0;
	const cached = Math.min(input, completion.usage?.prompt_tokens_details?.cached_tokens ?? 0);
	return {
		value: parsed(text),
		text,
		refusal: choice.message.refusal ?? (filtered ? 'the content filter stopped the answer' : undefined),
		cutOff: choice.finish_reason === 'length',
		usage: {
			inputTokens: input - cached,
			cachedInputTokens: cached,
			outputTokens: completion.usage?.completion_tokens ?? 0,
		},
		model: completion.model || asked,
		requestId: requestIdOf(completion),
		warnings: [],
	};
}

/** The SDK puts the header `x-request-id` on the object, beside what its type says. */
function requestIdOf(completion: object): string | undefined {
	const id = (completion as { _request_id?: unknown })._request_id;
	return typeof id === 'string' ? id : undefined;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
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
		provider: ID,
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
