/** thumbnails.set, and the pictures themselves: the custom one, else a frame of the video. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { findFfmpeg } from '../ffmpeg';
import { serveFile } from '../files';
import type { Reply, Router, SandboxRequest } from '../service';
import { refusal } from './errors';
import { metered } from './quota';
import { etag, thumbnails } from './resource';
import type { Account, StoredFile, Video, YouTubeState } from './state';

/** 50 MB, from the discovery document. */
const MAX_BYTES = 52_428_800;

const TYPES = ['image/jpeg', 'image/png', 'application/octet-stream'];

const FRAME_TIMEOUT_MS = 30_000;

export function mountThumbnails(router: Router, state: YouTubeState): void {
	router.on(
		'POST',
		'/upload/youtube/v3/thumbnails/set',
		metered(state, 'thumbnails.set', (request, account) => set(state, request, account)),
	);
	router.on(['GET', 'HEAD'], '/vi/:id/:name', (request) => show(state, request), { open: true });
}

async function set(state: YouTubeState, request: SandboxRequest, account: Account): Promise<Reply> {
	const { query } = request;
	const id = query.get('videoId');
	if (!id) throw refusal('missingRequiredParameter', 'Required parameter: videoId');
	const video = state.videos.get(id);
	if (!video) throw refusal('videoNotFound', 'The video that you are trying to insert a thumbnail image for cannot be found.');
	if (video.accountId !== account.id) throw refusal('forbidden');
	if ((query.get('uploadType') ?? 'media') !== 'media') {
		throw refusal('badRequest', 'The sandbox takes thumbnails by uploadType=media only.');
	}
	const type = (request.header('content-type') ?? 'application/octet-stream').split(';')[0] ?? '';
	if (!TYPES.includes(type)) {
		throw refusal('badContent', `Media type '${type}' is not supported. Valid media types: [${TYPES.join(', ')}]`);
	}
	video.thumbnail = await store(state, request, id);
	const body = {
		kind: 'youtube#thumbnailSetResponse',
		etag: etag([id, video.thumbnail.sha256]),
		items: [thumbnails(state.context.baseUrl('youtube'), id)],
	};
	return { status: 200, body };
}

/** @throws RefusedRequest when it is empty, too large, or no picture */
async function store(state: YouTubeState, request: SandboxRequest, id: string): Promise<StoredFile> {
	const folder = join(state.context.dataDir, 'thumbnails');
	await mkdir(folder, { recursive: true });
	const aside = join(folder, `${id}.coming`);
	const file = await open(aside, 'w');
	const hash = createHash('sha256');
	let bytes = 0;
	let head = Buffer.alloc(0);
	try {
		for await (const chunk of request.stream as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			if (bytes > MAX_BYTES) throw refusal('mediaBodyTooLarge');
			if (head.length < 8) head = Buffer.concat([head, chunk.subarray(0, 8)]);
			hash.update(chunk);
			await file.writeFile(chunk);
		}
		if (bytes === 0) throw refusal('mediaBodyRequired', 'The request does not include the image content.');
		const contentType = pictureType(head);
		if (!contentType) throw refusal('invalidImage');
		const path = join(folder, id);
		await rename(aside, path);
		return { path, bytes, sha256: hash.digest('hex'), contentType };
	} finally {
		await file.close();
		await rm(aside, { force: true });
	}
}

function pictureType(head: Buffer): string | undefined {
	if (head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
	if (head.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))) return 'image/png';
	return undefined;
}

async function show(state: YouTubeState, request: SandboxRequest): Promise<Reply> {
	const video = state.videos.get(request.params.id ?? '');
	if (!video) throw refusal('notFound');
	if (video.thumbnail) return serveFile(request, video.thumbnail.path, video.thumbnail.contentType);
	if (!video.readable) throw refusal('notFound');
	return serveFile(request, await frameOf(state, video), 'image/jpeg');
}

/** A frame of the first seconds, drawn once. */
async function frameOf(state: YouTubeState, { id, file, facts }: Video): Promise<string> {
	const folder = join(state.context.dataDir, 'thumbnails');
	const path = join(folder, `${id}-frame.jpg`);
	if (existsSync(path)) return path;
	await mkdir(folder, { recursive: true });
	const at = String(Math.min(2, (facts?.seconds ?? 0) / 2));
	const output = ['-frames:v', '1', '-vf', 'scale=w=1280:h=-2', '-q:v', '3', '-f', 'mjpeg', path];
	try {
		await promisify(execFile)(
			findFfmpeg(),
			['-nostdin', '-loglevel', 'error', '-y', '-protocol_whitelist', 'file', '-ss', at, '-i', file.path, ...output],
			{ timeout: FRAME_TIMEOUT_MS },
		);
	} catch {
		throw refusal('notFound', 'The video has no picture.');
	}
	return path;
}
