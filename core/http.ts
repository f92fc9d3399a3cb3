/** Requests to services: limits, cancellation, no redirects, and errors by class. */
import { Readable } from 'node:stream';

import type { ReadVerdict } from './http-errors';
import { errorFromAnswer, errorFromSilence, requestIdOf } from './http-errors';
import { invalidRequest, YtempireError } from './errors';
import { throwIfCancelled } from './abort';
import type { AxiosResponse } from './vendor/axios';

export interface HttpRequest<Kind extends ResponseKind = 'json'> {
	method: 'DELETE' | 'GET' | 'HEAD' | 'PATCH' | 'POST' | 'PUT';
	/** Absolute, http or https. */
	url: string;
	headers?: Record<string, string>;
	query?: Record<string, boolean | number | string | undefined>;
	/** A string, Buffer, URLSearchParams or stream is sent as it is; anything else as JSON. */
	body?: unknown;
	/** For the whole exchange, until the answer is read; 0 for none. Default 60 s. */
	timeoutMs?: number;
	signal?: AbortSignal;
	/** Named in errors, e.g. `elevenlabs`. */
	provider: string;
	/** `stream`: the caller must read or destroy it. Default `json`. */
	responseType?: Kind;
	/** Bytes of an answer at most. Default 32 MiB, without limit for `stream`. */
	maxResponseBytes?: number;
	/** Bytes of a body at most. Default 32 MiB, without limit for a stream. */
	maxRequestBytes?: number;
	/** Statuses that are an answer and not a failure. Default 200 to 299. */
	acceptStatus?: (status: number) => boolean;
	/** Reads the provider's own error words. */
	readVerdict?: ReadVerdict;
}

export type ResponseKind = 'buffer' | 'json' | 'stream' | 'text';

interface BodyByKind {
	json: unknown;
	text: string;
	buffer: Buffer;
	stream: Readable;
}

export interface HttpResponse<Body> {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	body: Body;
	requestId: string | undefined;
}

const MIB = 1024 * 1024;
const DEFAULT_LIMIT_BYTES = 32 * MIB;
const ERROR_BODY_LIMIT_BYTES = 64 * 1024;
const DEFAULT_TIMEOUT_MS = 60_000;
const SECRET_HEADER = /authorization|key|token|secret|cookie/i;
const SECRET_QUERY = /key|token|secret|password|signature/i;

/**
 * Sends one request, once. Redirects are not followed, so that credentials stay at the origin they
 * were meant for and streamed bodies are not kept for a replay.
 * @throws YtempireError of every class; never with a secret in it
 */
export async function httpRequest<Kind extends ResponseKind = 'json'>(
	request: HttpRequest<Kind>,
): Promise<HttpResponse<BodyByKind[Kind]>> {
	const { provider, signal, timeoutMs = DEFAULT_TIMEOUT_MS } = request;
	throwIfCancelled(signal);
	const url = targetUrl(request);
	const secrets = secretsOf(request);
	const kind: ResponseKind = request.responseType ?? 'json';
	const timeout = timeoutMs > 0 ? AbortSignal.timeout(timeoutMs) : undefined;
	const signals = [signal, timeout].filter((one) => one !== undefined);
	try {
		const { axios } = await import('./vendor/axios');
		const answer = await axios.request<Readable>({
			method: request.method,
			url: url.href,
			headers: { Accept: kind === 'json' ? 'application/json' : '*/*', ...request.headers },
			data: request.body,
			responseType: 'stream',
			maxRedirects: 0,
			maxBodyLength: request.maxRequestBytes ?? (request.body instanceof Readable ? Infinity : DEFAULT_LIMIT_BYTES),
			maxContentLength: request.maxResponseBytes ?? (kind === 'stream' ? -1 : DEFAULT_LIMIT_BYTES),
			// The host decides about proxies by its global agents
			proxy: false,
			validateStatus: () => true,
			signal: signals.length > 0 ? AbortSignal.any(signals) : undefined,
		});
		const headers = plainHeaders(answer);
		const accepted = request.acceptStatus ?? ((status) => status >= 200 && status < 300);
		if (!accepted(answer.status)) {
			const failure = {
				provider,
				status: answer.status,
				headers,
				body: parsed(await readText(answer.data, ERROR_BODY_LIMIT_BYTES)),
				secrets,
			};
			throw errorFromAnswer(failure, request.readVerdict?.(failure));
		}
		return {
			status: answer.status,
			headers,
			body: (await readBody(kind, answer.data, provider)) as BodyByKind[Kind],
			requestId: requestIdOf(headers),
		};
	} catch (error) {
		const limit = limitPassed(error);
		if (limit) {
			throw invalidRequest(limit === 'Body' ? `What is to be sent to ${provider} is larger than allowed` : `The answer of ${provider} is larger than allowed`, {
				provider,
				reason: 'too-large',
				cure: 'Use a shorter text or a smaller file.',
				...(limit === 'Body' ? { unsent: true } : { elsewhere: true }),
			});
		}
		throw errorFromSilence(provider, error, {
			signal,
			timeoutMs,
			timedOut: timeout?.aborted === true,
			secrets,
		});
	}
}

/** By axios' words: the limits have no code of their own. */
function limitPassed(error: unknown): 'Body' | 'Content' | undefined {
	const [, limit] = (error instanceof Error && /max(Content|Body)Length (?:size of|limit)/.exec(error.message)) || [];
	return limit === 'Body' || limit === 'Content' ? limit : undefined;
}

async function readBody(kind: ResponseKind, stream: Readable, provider: string): Promise<unknown> {
	if (kind === 'stream') return stream;
	const buffer = await readAll(stream);
	if (kind === 'buffer') return buffer;
	const text = buffer.toString('utf8');
	if (kind === 'text' || text === '') return text === '' && kind === 'json' ? undefined : text;
	try {
		return JSON.parse(text) as unknown;
	} catch {
		throw new YtempireError('unavailable', `${provider} answered with something that is not JSON`, {
			cure: 'Run it again; if it lasts, check the base URL in the credential.',
			provider,
			reason: 'malformed-answer',
		});
	}
}

async function readAll(stream: Readable): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
	return Buffer.concat(chunks);
}

/** The beginning of an error body; what is longer is left unread. */
async function readText(stream: Readable, limit: number): Promise<string> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		chunks.push(chunk);
		bytes += chunk.length;
		if (bytes >= limit) break;
	}
	return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

function plainHeaders(answer: AxiosResponse): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(answer.headers)) {
		if (value !== undefined && value !== null) headers[name.toLowerCase()] = String(value);
	}
	return headers;
}

function targetUrl(request: HttpRequest<ResponseKind>): URL {
	const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
	if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
		throw invalidRequest(`The address of ${request.provider} is not an http or https URL`, {
			provider: request.provider,
			unsent: true,
			cure: 'Check the base URL in the credential.',
		});
	}
	for (const [name, value] of Object.entries(request.query ?? {})) {
		if (value !== undefined) url.searchParams.set(name, String(value));
	}
	return url;
}

function secretsOf(request: HttpRequest<ResponseKind>): string[] {
	const secrets: string[] = [];
	for (const [name, value] of Object.entries(request.headers ?? {})) {
		if (SECRET_HEADER.test(name)) secrets.push(value, value.replace(/^\w+\s+/, ''));
	}
	for (const [name, value] of Object.entries(request.query ?? {})) {
		if (value !== undefined && SECRET_QUERY.test(name)) secrets.push(String(value));
	}
	return secrets;
}
