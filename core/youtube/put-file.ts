/**
 * One PUT of a part of a file. By Node's own client, because a video's bytes should cost nothing but their
 * encryption: they are read into a few buffers that are used again as soon as the line has taken them,
 * where a stream would make gigabytes of garbage (measured: half the processor time of a stream through axios).
 */
import { open, type FileHandle } from 'node:fs/promises';
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

import { cancelled, isYtempireError } from '../errors';
import { errorFromSilence } from '../http-errors';

export interface FilePart {
	url: string;
	headers: Record<string, string>;
	path: string;
	/** First byte, and the one behind the last. */
	start: number;
	end: number;
	signal: AbortSignal;
	/** Named in errors. */
	provider: string;
	/** Never to be seen in an error. */
	secrets: readonly string[];
}

export interface PutAnswer {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	body: string;
}

const BUFFER_BYTES = 1024 * 1024;

/** Enough for one to be read while others are on their way. */
const BUFFERS = 4;

const LARGEST_ANSWER_BYTES = 1024 * 1024;

/** A part on its way; `sent` are the bytes that the line has taken. */
export interface Put {
	readonly sent: number;
	/**
	 * Whatever the status, once the answer has been read; redirects are answers.
	 * @throws YtempireError `cancelled` or `unavailable`
	 */
	readonly answer: Promise<PutAnswer>;
}

export function putFile(part: FilePart): Put {
	const progress = { sent: 0 };
	const answer = exchange(part, progress);
	return {
		get sent() {
			return progress.sent;
		},
		answer,
	};
}

async function exchange(part: FilePart, progress: { sent: number }): Promise<PutAnswer> {
	const { provider, secrets, signal } = part;
	if (signal.aborted) throw cancelled(signal.reason);
	const file = await open(part.path);
	try {
		const url = new URL(part.url);
		const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
			method: 'PUT',
			headers: part.headers,
			signal,
		});
		return await withAnswer(request, async (answered) => {
			await sendAll(request, file, part, progress, answered);
		});
	} catch (error) {
		if (isYtempireError(error)) throw error;
		throw errorFromSilence(provider, error, { signal, secrets });
	} finally {
		await file.close();
	}
}

/** The answer, read whole; `send` is told when nothing more is to be sent, and ends there. */
async function withAnswer(
	request: ClientRequest,
	send: (over: AbortSignal) => Promise<void>,
): Promise<PutAnswer> {
	const over = new AbortController();
	// Also without an error: what was still to be written is then never heard of again
	request.on('close', () => {
		over.abort();
	});
	const answer = new Promise<PutAnswer>((resolve, reject) => {
		request.on('error', reject);
		request.on('response', (response) => {
			// What the server says counts for more than that it didn't listen to the end
			over.abort();
			readAnswer(response).then(resolve, reject);
		});
	});
	const sending = send(over.signal);
	const failed = sending.then(
		async () => await new Promise<never>(() => undefined),
		async (error: unknown) => {
			if (over.signal.aborted) return await new Promise<never>(() => undefined);
			throw error;
		},
	);
	try {
		return await Promise.race([answer, failed]);
	} finally {
		answer.catch(() => undefined);
		// An answer before the end leaves a connection that waits for the rest
		if (!request.writableFinished) request.destroy();
		await sending.catch(() => undefined);
	}
}

async function readAnswer(response: IncomingMessage): Promise<PutAnswer> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of response as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		if (bytes > LARGEST_ANSWER_BYTES) throw new Error('The answer is too long');
		chunks.push(chunk);
	}
	const headers = Object.entries(response.headers).map(([name, value = '']): [string, string] => [name, String(value)]);
	return {
		status: response.statusCode ?? 0,
		headers: Object.fromEntries(headers),
		body: Buffer.concat(chunks).toString('utf8'),
	};
}

async function sendAll(
	request: ClientRequest,
	file: FileHandle,
	{ start, end }: FilePart,
	progress: { sent: number },
	over: AbortSignal,
): Promise<void> {
	const buffers = Array.from({ length: BUFFERS }, () => Buffer.allocUnsafe(BUFFER_BYTES));
	const underWay = buffers.map(async () => await Promise.resolve());
	let position = start;
	for (let turn = 0; position < end && !over.aborted; turn = (turn + 1) % BUFFERS) {
		await underWay[turn];
		const buffer = buffers[turn] as Buffer;
		const { bytesRead } = await file.read(buffer, 0, Math.min(BUFFER_BYTES, end - position), position);
		if (bytesRead === 0) throw new Error('The file has become shorter');
		position += bytesRead;
		underWay[turn] = written(request, buffer.subarray(0, bytesRead), progress, over);
	}
	await Promise.all(underWay);
	if (!over.aborted) request.end();
}

/** Once the line has taken the bytes, or takes no more. What broke it is the request's to tell. */
async function written(
	request: ClientRequest,
	bytes: Buffer,
	progress: { sent: number },
	over: AbortSignal,
): Promise<void> {
	await new Promise<void>((resolve) => {
		const done = () => {
			over.removeEventListener('abort', done);
			resolve();
		};
		over.addEventListener('abort', done);
		request.write(bytes, (error) => {
			if (!error) progress.sent += bytes.length;
			done();
		});
		if (over.aborted) done();
	});
}
