/** Brings a clip or photo into the cache: only from the library's own addresses, only if it is whole and what it was said to be. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { MediaFile } from '../../documents';
import { isYtempireError, invalidRequest, type YtempireError } from '../../errors';
import { contentHash } from '../../hash';
import { retry, type RetryOptions } from '../../retry';
import { CLIP_FORMATS, probe, runFfmpeg, sweepAside, type FfmpegTools } from '../../video/ffmpeg';
import { fetchFile } from '../fetch-file';
import { inspectPicture } from '../image/inspect';
import type { FootageCache } from './cache';
import type { FootageKind } from './footage';

export interface FootageDownload {
	provider: string;
	kind: FootageKind;
	/** Names the file at its provider, so that it is brought once: id and size, not a signed address. */
	key: string;
	url: string;
	/** Seconds as the provider tells them; 0 when it does not, and for photos. */
	expectedDurationS: number;
	/** Asked for the address and for every address it redirects to. */
	isAllowed: (url: URL) => boolean;
	/** Bytes at most; 200 MB when left out. */
	maxBytes?: number;
	cache: FootageCache;
	tools: FfmpegTools;
	signal?: AbortSignal;
	retry?: Omit<RetryOptions, 'signal'>;
}

const MAX_BYTES = 200_000_000;
const TIMEOUT_MS = 10 * 60_000;

/** Sides of a picture in pixels: smaller is no footage, larger costs more memory than a render may take. */
const SIDES = { min: 64, max: 8192 };

/** Providers round lengths to seconds; more than this off means another or a broken file. */
const DURATION_TOLERANCE = { seconds: 2, share: 0.2 };

/** Stores of files often announce no kind. */
const UNKNOWN_TYPE = /^(?:application|binary)\/octet-stream$/;

const WANTED = {
	video: { kind: 'a video', type: /^video\// },
	photo: { kind: 'a picture', type: /^image\/(?:jpeg|png|webp)$/ },
} as const;

/**
 * @returns the kept file; its name is the hash of its content
 * @throws YtempireError `invalid-request` when the file is refused; `unavailable` and the like when it can't be had
 */
export async function downloadFootage(download: FootageDownload): Promise<MediaFile> {
	const { provider, kind, cache } = download;
	const key = contentHash([provider, kind, download.key]);
	const kept = await cache.kept(key);
	if (kept) return kept;
	await mkdir(cache.folder, { recursive: true });
	await sweepAside(cache.folder);
	const temporary = join(cache.folder, `.${randomUUID()}.${randomBytes(6).toString('hex')}.part`);
	try {
		await retry(() => fetchTo(temporary, download), { ...download.retry, signal: download.signal });
		const type = await typeOf(temporary, kind);
		if (!type) throw refused(provider, `its content is not ${WANTED[kind].kind}`);
		await (kind === 'photo' ? refuseBrokenPhoto : refuseBrokenClip)(temporary, download);
		return await cache.keep(key, temporary, type);
	} finally {
		await rm(temporary, { force: true });
	}
}

async function fetchTo(path: string, download: FootageDownload): Promise<void> {
	const { provider, kind, url, isAllowed, maxBytes = MAX_BYTES, signal } = download;
	if (!URL.canParse(url)) throw refused(provider, 'its address is none');
	const wanted = WANTED[kind];
	await fetchFile(
		{
			...{ provider, url, isAllowed, maxBytes, signal },
			isWanted: (type) => wanted.type.test(type) || UNKNOWN_TYPE.test(type),
			kind: wanted.kind,
			timeoutMs: TIMEOUT_MS,
			refused: (why) => refused(provider, why),
		},
		path,
	);
}

interface FileType {
	mime: string;
	/** With its dot. */
	extension: string;
}

/** By the first bytes, whatever the answer announced; undefined for another kind. */
async function typeOf(path: string, kind: FootageKind): Promise<FileType | undefined> {
	const file = await open(path, 'r');
	try {
		const start = Buffer.alloc(12);
		await file.read(start, 0, start.length, 0);
		const text = start.toString('latin1');
		if (kind === 'video') {
			if (text.slice(4, 8) === 'ftyp') return { mime: 'video/mp4', extension: '.mp4' };
			return text.startsWith('\x1aE\xdf\xa3') ? { mime: 'video/webm', extension: '.webm' } : undefined;
		}
		if (text.startsWith('\xff\xd8\xff')) return { mime: 'image/jpeg', extension: '.jpg' };
		if (text.startsWith('\x89PNG\r\n')) return { mime: 'image/png', extension: '.png' };
		return text.startsWith('RIFF') && text.endsWith('WEBP') ? { mime: 'image/webp', extension: '.webp' } : undefined;
	} finally {
		await file.close();
	}
}

async function refuseBrokenPhoto(path: string, { provider, tools, signal }: FootageDownload): Promise<void> {
	const seen = await inspectPicture(tools, path, signal);
	if (!seen.whole) throw refused(provider, seen.why);
}

async function refuseBrokenClip(path: string, download: FootageDownload): Promise<void> {
	const { provider, expectedDurationS, tools, signal } = download;
	try {
		const { formatName, video, durationS } = await probe(tools, path, signal, CLIP_FORMATS);
		if (!video) throw refused(provider, 'there is no picture in it');
		const sides = [video.width, video.height];
		if (Math.min(...sides) < SIDES.min || Math.max(...sides) > SIDES.max) {
			throw refused(provider, `its picture has ${video.width}x${video.height} pixels`);
		}
		const length = video.durationS || durationS;
		const tolerance = Math.max(DURATION_TOLERANCE.seconds, expectedDurationS * DURATION_TOLERANCE.share);
		if (length <= 0 || (expectedDurationS > 0 && Math.abs(length - expectedDurationS) > tolerance)) {
			throw refused(provider, `it lasts ${length} s where ${expectedDurationS} s were announced`);
		}
		// a cut-off file has a whole header but no frames at its end
		const { stderr } = await runFfmpeg(
			tools,
			['-format_whitelist', CLIP_FORMATS, '-ss', String(Math.max(0, length - 1)), '-i', path, '-map', '0:v:0', '-vf', 'showinfo', '-f', 'null', '-'],
			{ signal, timeoutMs: 60_000 },
		);
		if (!/\bn:\s*\d+\s+pts:/.test(stderr)) throw refused(provider, `its end does not decode (${formatName})`);
	} catch (error) {
		if (!isYtempireError(error) || error.errorClass !== 'invalid-request' || error.reason === 'refused-file') throw error;
		throw refused(provider, error.message);
	}
}

function refused(provider: string, why: string): YtempireError {
	return invalidRequest(`A file from ${provider} was refused: ${why}`, {
		provider,
		reason: 'refused-file',
		cure: 'Where footage is gathered another one is taken by itself; if all are refused, use other search words.',
	});
}
