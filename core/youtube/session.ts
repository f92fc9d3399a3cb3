/**
 * YouTube's resumable uploads: one session per video, its bytes sent in chunks, and what the server
 * has is asked, never assumed. https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol
 */
import { invalidRequest, YtempireError } from '../errors';
import { errorFromAnswer } from '../http-errors';
import { httpRequest, type HttpResponse } from '../http';

import { PROVIDER, readYouTubeVerdict } from './errors';
import type { VideoInsert } from './metadata';
import type { TokenSource } from './oauth';

export interface UploadFile {
	path: string;
	bytes: number;
	mime: string;
}

/** What a finished upload answers with; only what we read of it. */
export interface InsertedVideo {
	id: string;
	snippet?: { channelId?: string; publishedAt?: string; title?: string };
	status?: { privacyStatus?: string; uploadStatus?: string; rejectionReason?: string };
}

export type SessionState =
	/** The server has the first `confirmed` bytes and waits for the rest. */
	| { kind: 'active'; confirmed: number }
	| { kind: 'complete'; video: InsertedVideo }
	/** The server no longer knows the session. */
	| { kind: 'gone' };

export interface Connection {
	/** Of the API, without a slash at its end. */
	baseUrl: string;
	tokens: TokenSource;
	signal?: AbortSignal;
}

/**
 * Announces the video; this is the call that costs quota.
 * @returns the session's address: whoever has it can write the video
 * @throws YtempireError with YouTube's reason
 */
export async function openSession(
	connection: Connection,
	insert: VideoInsert,
	file: UploadFile,
): Promise<string> {
	const answer = await signed(connection, async (authorization) =>
		await httpRequest({
			method: 'POST',
			url: `${connection.baseUrl}/upload/youtube/v3/videos`,
			query: {
				uploadType: 'resumable',
				part: insert.parts.join(','),
				notifySubscribers: insert.notifySubscribers,
			},
			headers: {
				...authorization,
				'Content-Type': 'application/json; charset=UTF-8',
				'X-Upload-Content-Length': String(file.bytes),
				'X-Upload-Content-Type': file.mime,
			},
			body: JSON.stringify(insert.body),
			responseType: 'text',
			provider: PROVIDER,
			readVerdict: readYouTubeVerdict,
			signal: connection.signal,
		}),
	);
	return trustedAddress(answer.headers.location, connection.baseUrl);
}

/** Asks how much of the video the server has. */
export async function askSession(
	connection: Connection,
	address: string,
	bytes: number,
): Promise<SessionState> {
	return await signed(connection, async (authorization) => {
		const answer = await httpRequest({
			method: 'PUT',
			url: address,
			headers: { ...authorization, 'Content-Length': '0', 'Content-Range': `bytes */${bytes}` },
			responseType: 'text',
			acceptStatus: () => true,
			provider: PROVIDER,
			signal: connection.signal,
		});
		return stateOf(answer, bytes);
	});
}

/** Runs a call with a token, and once more with a new one when YouTube no longer takes it. */
async function signed<T>(
	{ tokens, signal }: Connection,
	call: (authorization: { Authorization: string }) => Promise<T>,
): Promise<T> {
	try {
		return await call(await authorizationOf(tokens, signal));
	} catch (error) {
		if (!isExpiredToken(error)) throw error;
		tokens.forget();
		return await call(await authorizationOf(tokens, signal));
	}
}

export async function authorizationOf(
	tokens: TokenSource,
	signal?: AbortSignal,
): Promise<{ Authorization: string }> {
	return { Authorization: `Bearer ${await tokens.get(signal)}` };
}

/** A 401 about the token and not about the channel behind it. */
export function isExpiredToken(error: unknown): boolean {
	return error instanceof YtempireError && error.httpStatus === 401 && error.reason !== 'youtubeSignupRequired';
}

/**
 * What an answer of the session says.
 * @throws YtempireError with YouTube's reason for every answer that is none of the protocol's
 */
export function stateOf(answer: Pick<HttpResponse<string>, 'body' | 'headers' | 'status'>, bytes: number): SessionState {
	const { status, headers, body } = answer;
	if (status === 308) return { kind: 'active', confirmed: confirmedBy(headers.range, bytes) };
	if (status === 404 || status === 410) return { kind: 'gone' };
	if (status === 200 || status === 201) return { kind: 'complete', video: videoOf(body) };
	const failure = { provider: PROVIDER, status, headers, body: parsed(body) };
	throw errorFromAnswer(failure, readYouTubeVerdict(failure));
}

/** `bytes=0-N`: N+1 bytes are there; no header: none are. */
function confirmedBy(range: string | undefined, bytes: number): number {
	if (!range) return 0;
	const last = /^bytes[= ]0-(\d+)$/.exec(range.trim())?.[1];
	const confirmed = Number(last) + 1;
	if (last !== undefined && confirmed <= bytes) return confirmed;
	throw malformed('a Range header that is none');
}

function videoOf(body: string): InsertedVideo {
	const video = parsed(body);
	if (typeof video === 'object' && video !== null && 'id' in video && isVideoId(video.id)) {
		return video as InsertedVideo;
	}
	throw malformed('no ID of the uploaded video');
}

/** IDs go into addresses that people click. */
function isVideoId(id: unknown): id is string {
	return typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

/**
 * The access token goes with every chunk, so the session has to live where the API does.
 * @throws YtempireError `unavailable` for an address that is neither the API's own nor Google's
 */
export function trustedAddress(location: string | undefined, baseUrl: string): string {
	const base = new URL(baseUrl);
	if (!location || !URL.canParse(location, baseUrl)) throw malformed('no address for the upload');
	const address = new URL(location, base);
	const own = address.origin === base.origin;
	const google = address.protocol === 'https:' && address.hostname.endsWith('.googleapis.com');
	if (own || google) return address.href;
	throw invalidRequest(`YouTube's answer leads to another server (${address.host})`, {
		provider: PROVIDER,
		reason: 'foreign-session',
		cure: 'Check the base URL in the YouTube Pool credential; nothing was sent to that server.',
	});
}

function malformed(what: string): YtempireError {
	return new YtempireError('unavailable', `YouTube answered with ${what}`, {
		provider: PROVIDER,
		reason: 'malformed-answer',
		cure: 'Run it again; if it lasts, check the base URL in the YouTube Pool credential.',
	});
}
