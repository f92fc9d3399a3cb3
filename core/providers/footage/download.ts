/** Brings a clip into a folder where files are named by their content: only from known hosts, only if it is a whole video. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { MediaFile } from '../../documents';
import { isYtempireError, invalidRequest, type YtempireError } from '../../errors';
import { contentHash, mediaFile, mediaStands } from '../../hash';
import { retry } from '../../retry';
import { CLIP_FORMATS, probe, runFfmpeg, sweepAside, writeAside, type FfmpegTools } from '../../video/ffmpeg';
import { fetchFile } from '../fetch-file';

export interface ClipDownload {
	provider: string;
	/** Names the file at its provider, so that it is brought once: id and size, not a signed address. */
	key: string;
	url: string;
	/** As the provider tells it; 0 when it does not. */
	expectedDurationS: number;
	/** Asked for the address and for every address it redirects to. */
	isAllowed: (url: URL) => boolean;
	/** Bytes at most; 200 MB when left out. */
	maxBytes?: number;
	cacheDir: string;
	tools: FfmpegTools;
	signal?: AbortSignal;
}

const MAX_BYTES = 200_000_000;
const TIMEOUT_MS = 10 * 60_000;

/** Sides of a picture in pixels: smaller is no footage, larger costs more memory than a render may take. */
const SIDES = { min: 64, max: 8192 };

/** Providers round lengths to seconds; more than this off means another or a broken file. */
const DURATION_TOLERANCE = { seconds: 2, share: 0.2 };

/**
 * @returns the kept file; its name is the hash of its content
 * @throws YtempireError `invalid-request` when the file is refused; `unavailable` and the like when it can't be had
 */
export async function downloadClip(download: ClipDownload): Promise<MediaFile> {
	const note = join(download.cacheDir, `${contentHash([download.provider, download.key])}.json`);
	const kept = await keptFile(note);
	if (kept) return kept;
	await mkdir(download.cacheDir, { recursive: true });
	await sweepAside(download.cacheDir);
	const arrived = join(download.cacheDir, `${randomUUID()}.mp4`);
	const file = await writeAside(arrived, async (temporary) => {
		await retry(() => fetchTo(temporary, download), { signal: download.signal });
		await refuseBroken(temporary, download);
		return await mediaFile(temporary, 'video/mp4');
	});
	const path = join(download.cacheDir, `${file.sha256}.mp4`);
	await rename(arrived, path);
	const result = { ...file, path };
	await writeAside(note, (temporary) => writeFile(temporary, JSON.stringify(result)));
	return result;
}

async function keptFile(note: string): Promise<MediaFile | undefined> {
	try {
		const file = JSON.parse(await readFile(note, 'utf8')) as MediaFile;
		return (await mediaStands(file)) ? file : undefined;
	} catch {
		return undefined;
	}
}

async function fetchTo(path: string, download: ClipDownload): Promise<void> {
	const { provider, url, isAllowed, maxBytes = MAX_BYTES, signal } = download;
	const isWanted = (type: string) => /^(?:video\/|application\/octet-stream$|binary\/octet-stream$)/.test(type);
	const refusedClip = (why: string) => refused(provider, why);
	await fetchFile(
		{ provider, url, isAllowed, isWanted, kind: 'a video', maxBytes, timeoutMs: TIMEOUT_MS, refused: refusedClip, signal },
		path,
	);
}

async function refuseBroken(path: string, download: ClipDownload): Promise<void> {
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
	return invalidRequest(`A clip from ${provider} was refused: ${why}`, {
		provider,
		reason: 'refused-file',
		cure: 'Another clip is taken by itself; if all are refused, use other search words.',
	});
}
