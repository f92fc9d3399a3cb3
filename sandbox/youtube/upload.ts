/** videos.insert by the resumable protocol: https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol */
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

import type { Reply, Router, SandboxRequest } from '../service';
import { refusal } from './errors';
import { checkMetadata } from './metadata';
import { inspect } from './mp4';
import { accountBehind } from './oauth';
import { metered } from './quota';
import { checkChunk, parseContentRange, type BytesRange } from './range';
import { parseParts, videoResource } from './resource';
import { UploadSession } from './session';
import { type Account, nextId, type Video, type YouTubeState } from './state';

const PATHS = ['/upload/youtube/v3/videos', '/resumable/upload/youtube/v3/videos'];

/** 256 GiB, from the discovery document. */
const MAX_BYTES = 274_877_906_944;

const WEEK_MS = 7 * 24 * 3_600_000;

const DAY_MS = 24 * 3_600_000;

export function mountUpload(router: Router, state: YouTubeState): void {
	for (const path of PATHS) {
		router.on('POST', path, metered(state, 'videos.insert', (request, account) => begin(state, request, account)));
		// the session's address is a key in itself
		router.on('PUT', path, (request) => proceed(state, request), { open: true });
	}
}

/** @throws RefusedRequest 400 */
function announcedFile(request: SandboxRequest): { contentType: string; declaredBytes?: number } {
	const contentType = request.header('x-upload-content-type') ?? 'application/octet-stream';
	if (!/^video\/|^application\/octet-stream$/.test(contentType)) {
		throw refusal(
			'badContent',
			`Media type '${contentType}' is not supported. Valid media types: [video/*, application/octet-stream]`,
		);
	}
	const length = request.header('x-upload-content-length');
	if (length === undefined) return { contentType };
	const declaredBytes = Number(length);
	if (!/^\d+$/.test(length) || declaredBytes < 1 || declaredBytes > MAX_BYTES) {
		throw refusal('badRequest', `X-Upload-Content-Length must be from 1 to ${MAX_BYTES}.`);
	}
	return { contentType, declaredBytes };
}

function checkChannel(state: YouTubeState, account: Account): void {
	if (account.standing === 'no-channel') throw refusal('youtubeSignupRequired');
	const since = state.context.clock.now() - DAY_MS;
	const recent = [...state.videos.values()].filter(
		(video) => video.accountId === account.id && video.uploadedAt > since,
	);
	if (recent.length >= account.uploadsPerDay) throw refusal('uploadLimitExceeded');
}

/** Opens a session; its address is under the name by which the client came. */
async function begin(state: YouTubeState, request: SandboxRequest, account: Account): Promise<Reply> {
	const { query, path } = request;
	const isResumable = query.get('uploadType') === 'resumable' || path.startsWith('/resumable/');
	if (!isResumable) throw refusal('badRequest', 'The sandbox takes videos by uploadType=resumable only.');
	const file = announcedFile(request);
	const parts = parseParts(query);
	const body = (await request.buffer()).length === 0 ? {} : await request.json();
	const metadata = checkMetadata(body, parts, state.context.clock.now());
	checkChannel(state, account);

	const id = nextId(state, 'upload', state.sessions.size, 64);
	const folder = join(state.context.dataDir, 'uploads');
	await mkdir(folder, { recursive: true });
	state.sessions.set(
		id,
		new UploadSession({
			id,
			accountId: account.id,
			metadata,
			parts,
			notifySubscribers: query.get('notifySubscribers') !== 'false',
			openedAt: state.context.clock.now(),
			path: join(folder, id),
			...file,
		}),
	);
	const address = new URLSearchParams({ uploadType: 'resumable', part: parts.join(','), upload_id: id });
	const scheme = request.header('x-forwarded-proto') ?? 'http';
	return {
		status: 200,
		headers: {
			location: `${scheme}://${request.header('host') ?? ''}${path}?${address}`,
			'x-guploader-uploadid': id,
		},
	};
}

/** @throws RefusedRequest 401 for a bad token (none is fine), 404 or 410 for a session that isn't there */
function openSession(state: YouTubeState, request: SandboxRequest): UploadSession {
	const session = state.sessions.get(request.query.get('upload_id') ?? '');
	if (!session) throw refusal('notFound', 'The upload session does not exist.');
	if (session.lost === 404) throw refusal('notFound', 'The upload session does not exist.');
	const isOld = state.context.clock.now() - session.opening.openedAt > WEEK_MS;
	if (session.lost === 410 || isOld) throw refusal('gone', 'The upload session has ended.');
	if (request.header('authorization') !== undefined && !accountBehind(state, request.bearer())) {
		throw refusal('authError');
	}
	return session;
}

/** One PUT to a session: a chunk, the whole file, or the question how much is here. */
function proceed(state: YouTubeState, request: SandboxRequest): Promise<Reply | void> {
	const session = openSession(state, request);
	const lengthHeader = request.header('content-length');
	const length = lengthHeader === undefined ? undefined : Number(lengthHeader);
	const range = parseContentRange(request.header('content-range'), length);
	return session.exclusively(async () => {
		if (range.kind === 'query' || session.kept === session.total) return progress(state, session);
		checkChunk(range, session.kept, session.total, length);
		if (!(await receive(session, range, request))) return void request.response.destroy();
		return progress(state, session);
	});
}

/** False when the connection broke off. */
async function receive(session: UploadSession, range: BytesRange, request: SandboxRequest): Promise<boolean> {
	const skip = session.kept - range.first;
	const expected = range.last === undefined ? Infinity : range.last - range.first + 1;
	const fault = request.fault?.kind === 'accept-part' ? request.fault : undefined;
	const take = Math.max(0, Math.min(expected - skip, fault?.bytes ?? Infinity));
	let came: number;
	try {
		came = await session.receive(request.stream, skip, take);
	} catch (error) {
		if (!request.raw.complete) return false;
		throw error;
	}
	session.total ??= range.total ?? (range.last === undefined && !fault ? session.kept : undefined);
	if (range.last !== undefined && came !== expected) {
		throw refusal('badRequest', `There were ${came} bytes in the request body, and not ${expected}.`);
	}
	return true;
}

/** 308 with what is kept, or the video when it is whole. */
async function progress(state: YouTubeState, session: UploadSession): Promise<Reply> {
	if (session.kept !== session.total) {
		return { status: 308, headers: session.kept === 0 ? {} : { range: `bytes=0-${session.kept - 1}` } };
	}
	session.finished ??= finish(state, session);
	const video = await session.finished;
	return { status: 200, body: videoResource(state, video, session.opening.parts) };
}

/** The whole file becomes a video. Every insert is a new one, whatever its content. */
async function finish(state: YouTubeState, session: UploadSession): Promise<Video> {
	const { id, path, accountId, metadata, notifySubscribers, contentType } = session.opening;
	const folder = join(state.context.dataDir, 'videos');
	await mkdir(folder, { recursive: true });
	const found = await inspect(path);
	const file = { path: join(folder, id), bytes: session.kept, sha256: session.sha256(), contentType };
	await rename(path, file.path);
	const video: Video = {
		id: nextId(state, 'video', state.videos.size, 11),
		accountId,
		file,
		metadata,
		notifySubscribers,
		uploadedAt: state.context.clock.now(),
		polls: 0,
		...found,
	};
	state.videos.set(video.id, video);
	return video;
}

/** For tests of clients whose session is gone: every open session is lost. */
export function loseSessions(state: YouTubeState, status: unknown): number {
	if (status !== 404 && status !== 410) throw refusal('invalidParameter', 'status must be 404 or 410');
	const open = [...state.sessions.values()].filter(({ finished }) => finished === undefined);
	for (const session of open) session.lost = status;
	return open.length;
}
