/** Sends a file through an upload session, chunk by chunk, and goes on wherever the server says it is. */
import { stat } from 'node:fs/promises';

import { sleep as abortableSleep } from '../abort';
import { invalidRequest, isYtempireError, YtempireError, type ErrorClass } from '../errors';

import { PROVIDER } from './errors';
import { Meter, type Progress } from './meter';
import { putFile } from './put-file';
import {
	askSession,
	authorizationOf,
	isExpiredToken,
	stateOf,
	type Connection,
	type InsertedVideo,
	type SessionState,
	type UploadFile,
} from './session';

/** Chunks are multiples of this (the protocol's rule), the last one excepted. */
export const CHUNK_UNIT = 256 * 1024;

/** The owner's rule: 50 MB; 200 units of 256 KiB. */
export const DEFAULT_CHUNK_BYTES = 200 * CHUNK_UNIT;

/**
 * On a fast line a chunk of the default size is over in no time, and the server's answer is waited for again
 * and again; chunks grow until one takes as long as this. A break costs no more for it: the server tells what it has.
 */
const CHUNK_MS = 10_000;

/** However fast the line: so often at least the store is told how far the upload is. */
const LARGEST_CHUNK_BYTES = 4096 * CHUNK_UNIT;

export interface SendOptions {
	/** Bytes; rounded down to a multiple of 256 KiB, at least one. Default 50 MB, more on fast lines. */
	chunkBytes?: number;
	/** Tries in a row without a byte gained. Default 10: about six minutes of trouble. */
	attempts?: number;
	/** First wait after trouble, ms; doubles from there. Default 1,000. */
	baseMs?: number;
	/** Longest computed wait, ms. Default 60,000. */
	maxMs?: number;
	/** Milliseconds without a byte moving after which a request is given up. Default 120,000. */
	stallMs?: number;
	/** 0 to 1, for jitter. */
	random?: () => number;
	sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
	onProgress?: (progress: Progress) => void;
}

export interface SendHooks {
	/** The server has this many bytes. Awaited before more are sent. */
	onConfirmed(bytes: number): Promise<void>;
	/** The last byte is about to leave: from here on the video may exist. Awaited. */
	onTail(): Promise<void>;
}

/** An upload ends with the video, or with a session that is no more. */
export type SendResult = { kind: 'complete'; video: InsertedVideo } | { kind: 'gone' };

/** A longer wait than this, asked by the service, is the caller's to plan. */
const LONGEST_RETRY_AFTER_MS = 300_000;

const MAY_PASS: readonly ErrorClass[] = ['unavailable', 'rate-limited'];

/** A refusal that came as the answer to bytes: the video is surely not there. */
const refusals = new WeakSet<Error>();

export function isRefusal(error: unknown): boolean {
	return error instanceof Error && refusals.has(error);
}

/**
 * @param state what the server has, as `askSession` told; a new session has nothing
 * @throws YtempireError `cancelled` within a second of the signal; `unavailable` or `rate-limited` when
 * trouble lasts (the session lives on); any other class when YouTube refuses the video
 */
export async function sendFile(
	connection: Connection,
	address: string,
	file: UploadFile,
	state: SessionState,
	hooks: SendHooks,
	options: SendOptions = {},
): Promise<SendResult> {
	const identity = await fileState(file);
	const meter = new Meter(file.bytes, options.onProgress);
	const patience = new Patience(connection, options);
	let chunkBytes = wholeUnits(options.chunkBytes ?? DEFAULT_CHUNK_BYTES);

	const ask = async (): Promise<SessionState> => {
		for (;;) {
			try {
				return await askSession(connection, address, file.bytes);
			} catch (error) {
				await patience.wait(error);
			}
		}
	};
	const sendNext = async (start: number): Promise<SessionState> => {
		// All has arrived but the answer hasn't: the server is asked again
		if (start === file.bytes) return await ask();
		if ((await fileState(file)) !== identity) throw changed(file);
		const end = Math.min(file.bytes, start + chunkBytes);
		if (end === file.bytes) await hooks.onTail();
		const began = performance.now();
		try {
			const next = await sendChunk(connection, address, file, { start, end }, meter, options);
			if (options.chunkBytes === undefined) chunkBytes = grown(end - start, performance.now() - began);
			return next;
		} catch (error) {
			await patience.wait(error);
			return await ask();
		}
	};

	let current = state;
	let last = -1;
	for (;;) {
		if (current.kind !== 'active') return current;
		const { confirmed } = current;
		meter.confirmed(confirmed);
		if (confirmed > last) await hooks.onConfirmed(confirmed);
		else if (!patience.justWaited) await patience.wait(nothingTaken(confirmed));
		patience.reached(confirmed);
		last = confirmed;
		current = await sendNext(confirmed);
	}
}

function wholeUnits(bytes: number): number {
	return Math.max(1, Math.floor(bytes / CHUNK_UNIT)) * CHUNK_UNIT;
}

/** What the line carries in `CHUNK_MS`, by the chunk that was sent last. */
function grown(bytes: number, ms: number): number {
	const carried = (bytes / Math.max(1, ms)) * CHUNK_MS;
	return wholeUnits(Math.min(LARGEST_CHUNK_BYTES, Math.max(DEFAULT_CHUNK_BYTES, carried)));
}

/** How long trouble is borne: tries in a row without a byte gained, with growing waits between them. */
class Patience {
	/** True from a wait until the server has been heard and sent to again. */
	justWaited = false;

	private failures = 0;

	private furthest = -1;

	private renewedToken = false;

	constructor(
		private readonly connection: Connection,
		private readonly options: SendOptions,
	) {}

	reached(confirmed: number): void {
		this.justWaited = false;
		if (confirmed <= this.furthest) return;
		this.furthest = confirmed;
		this.failures = 0;
		this.renewedToken = false;
	}

	/** Waits before the next try. @throws the error itself when it won't pass or has lasted too long */
	async wait(error: unknown): Promise<void> {
		if (!isYtempireError(error)) throw error;
		this.justWaited = true;
		if (isExpiredToken(error) && !this.renewedToken) {
			this.renewedToken = true;
			this.connection.tokens.forget();
			return;
		}
		const { attempts = 10, sleep = abortableSleep } = this.options;
		this.failures += 1;
		const tooLong = (error.retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS;
		if (!MAY_PASS.includes(error.errorClass) || tooLong || this.failures >= attempts) throw error;
		await sleep(this.pauseMs(error), this.connection.signal);
	}

	/** Doubling with up to half of it as jitter; what the service asks for is the least. */
	private pauseMs(error: YtempireError): number {
		const { baseMs = 1_000, maxMs = 60_000, random = Math.random } = this.options;
		const doubling = Math.min(maxMs, baseMs * 2 ** (this.failures - 1));
		return Math.max(error.retryAfterMs ?? 0, Math.round(doubling * (1 + random() / 2)));
	}
}

async function sendChunk(
	connection: Connection,
	address: string,
	file: UploadFile,
	{ start, end }: { start: number; end: number },
	meter: Meter,
	options: SendOptions,
): Promise<SessionState> {
	const authorization = await authorizationOf(connection.tokens, connection.signal);
	const stalled = new AbortController();
	const put = putFile({
		url: address,
		headers: {
			...authorization,
			'Content-Type': file.mime,
			'Content-Length': String(end - start),
			'Content-Range': `bytes ${start}-${end - 1}/${file.bytes}`,
		},
		path: file.path,
		start,
		end,
		signal: connection.signal ? AbortSignal.any([connection.signal, stalled.signal]) : stalled.signal,
		provider: PROVIDER,
		secrets: [authorization.Authorization.replace(/^Bearer /, ''), address],
	});
	const watch = meter.watch(() => start + put.sent, options.stallMs ?? 120_000, () => {
		stalled.abort();
	});
	try {
		const answer = await put.answer;
		try {
			return stateOf(answer, file.bytes);
		} catch (error) {
			if (isYtempireError(error) && !MAY_PASS.includes(error.errorClass)) refusals.add(error);
			throw error;
		}
	} catch (error) {
		if (stalled.signal.aborted && !connection.signal?.aborted) throw stalledError();
		throw error;
	} finally {
		watch.stop();
	}
}

/** Tells one state of a file from another; its size has to stay what was announced. */
async function fileState(file: UploadFile): Promise<string> {
	try {
		const { size, mtimeNs } = await stat(file.path, { bigint: true });
		if (size !== BigInt(file.bytes)) throw changed(file);
		return `${size}-${mtimeNs}`;
	} catch (error) {
		if (isYtempireError(error)) throw error;
		throw invalidRequest(`The video file ${file.path} can't be read`, {
			cure: 'Check that the file is still there and that n8n may read it.',
			reason: 'file-unreadable',
			cause: error,
		});
	}
}

function changed(file: UploadFile): YtempireError {
	return invalidRequest(`The video file ${file.path} was changed while it was uploaded`, {
		cure: 'Upload it again once nothing writes to it any more.',
		reason: 'file-changed',
	});
}

function nothingTaken(confirmed: number): YtempireError {
	return new YtempireError('unavailable', `YouTube takes no more than the first ${confirmed} bytes of the video`, {
		provider: PROVIDER,
		reason: 'no-progress',
		cure: 'Run it again in a few minutes; the upload goes on where it stopped.',
	});
}

function stalledError(): YtempireError {
	return new YtempireError('unavailable', 'The upload to YouTube stood still', {
		provider: PROVIDER,
		reason: 'stalled',
		cure: "Check n8n's connection to the internet and run it again; the upload goes on where it stopped.",
	});
}
