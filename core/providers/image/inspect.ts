/** Whether a picture from outside is one: whole, of a known kind, and showing something. */
import { open, readFile, rm } from 'node:fs/promises';

import { throwIfCancelled } from '../../abort';
import { isYtempireError } from '../../errors';
import { isMachineTrouble, pictureDemuxer, probe, runFfmpeg, type FfmpegTools, type PictureDemuxer } from '../../video/ffmpeg';

/** By ffmpeg's names: none of them can name other files. */
const PICTURE_FORMATS = 'png_pipe,jpeg_pipe,webp_pipe';

export const FROM_PICTURE = ['-format_whitelist', PICTURE_FORMATS] as const;

/** Pixels: smaller is no picture, larger costs more memory than a step may take. */
const SIDES = { min: 64, max: 8192 };

/** The picture is looked at in so many pixels each way, in grey. */
const LOOK_SIDE = 768;

/**
 * Grey levels (of 255) between the darkest and the lightest half percent: less is one flat colour.
 */
const BLANK_RANGE = 6;

/**
 * Grey levels between neighbours that one pixel in a thousand reaches. Measured on 2026-11-22: photographs and
 * drawings 36 to 96; the same after a Gaussian blur of 1 % of their width (sigma) 2 to 4, of 0.6 % up to 8;
 * as a content filter blurs, 1 to 2.
 */
const BLURRED_EDGE = 4;

export type Look = 'blank' | 'blurred' | 'clear';

export type Inspection =
	| { whole: true; width: number; height: number; look: Look }
	| { whole: false; why: string };

/** @throws YtempireError `cancelled`, and what ffmpeg throws when it was stopped or could not be started */
export async function inspectPicture(tools: FfmpegTools, path: string, signal?: AbortSignal): Promise<Inspection> {
	try {
		if (!(await isWhole(path))) return { whole: false, why: 'it is not a whole PNG, JPEG or WebP file' };
		const demuxer = await pictureDemuxer(path);
		if (!demuxer) return { whole: false, why: 'it is not a whole PNG, JPEG or WebP file' };
		const { video } = await probe(tools, path, signal, { demuxer });
		if (!video) return { whole: false, why: 'there is no picture in it' };
		const { width, height } = video;
		if (Math.min(width, height) < SIDES.min || Math.max(width, height) > SIDES.max) {
			return { whole: false, why: `it has ${width}x${height} pixels` };
		}
		return { whole: true, width, height, look: lookOf(await greyOf(tools, path, demuxer, signal)) };
	} catch (error) {
		throwIfCancelled(signal);
		if (isMachineTrouble(error) || !isYtempireError(error) || error.errorClass !== 'invalid-request') throw error;
		return { whole: false, why: 'it does not decode' };
	}
}

/** Decodes the picture and gives it small and grey. */
async function greyOf(tools: FfmpegTools, path: string, demuxer: PictureDemuxer, signal?: AbortSignal): Promise<Buffer> {
	const grey = `${path}.grey`;
	try {
		await runFfmpeg(
			tools,
			[
				...['-xerror', '-err_detect', 'explode', '-f', demuxer, '-i', path, '-map', '0:v:0', '-frames:v', '1'],
				...['-vf', `scale=${LOOK_SIDE}:${LOOK_SIDE}:flags=area,format=gray`, '-f', 'rawvideo', grey],
			],
			{ signal, timeoutMs: 60_000 },
		);
		return await readFile(grey);
	} finally {
		await rm(grey, { force: true });
	}
}

function lookOf(grey: Buffer): Look {
	const levels = new Uint32Array(256);
	const edges = new Uint32Array(256);
	for (let y = 0; y < LOOK_SIDE - 1; y++) {
		for (let x = 0; x < LOOK_SIDE - 1; x++) {
			const at = y * LOOK_SIDE + x;
			const level = grey[at] ?? 0;
			const right = Math.abs(level - (grey[at + 1] ?? level));
			const below = Math.abs(level - (grey[at + LOOK_SIDE] ?? level));
			levels[level] = (levels[level] ?? 0) + 1;
			const edge = Math.max(right, below);
			edges[edge] = (edges[edge] ?? 0) + 1;
		}
	}
	if (quantile(levels, 0.995) - quantile(levels, 0.005) <= BLANK_RANGE) return 'blank';
	return quantile(edges, 0.999) <= BLURRED_EDGE ? 'blurred' : 'clear';
}

function quantile(counts: Uint32Array, share: number): number {
	const wanted = counts.reduce((sum, count) => sum + count, 0) * share;
	let seen = 0;
	return counts.findIndex((count) => (seen += count) >= wanted);
}

const PNG_START = Buffer.from('89504e470d0a1a0a', 'hex');
const PNG_END = Buffer.from('49454e44ae426082', 'hex');
const JPEG_START = Buffer.from('ffd8ff', 'hex');
const JPEG_END = Buffer.from('ffd9', 'hex');

/** Bytes at the end in which a JPEG's end mark is looked for: some writers fill up. */
const TAIL_BYTES = 512;

/** By start and end: decoders forgive a file that was cut off. */
async function isWhole(path: string): Promise<boolean> {
	const file = await open(path, 'r');
	try {
		const { size } = await file.stat();
		const head = Buffer.alloc(16);
		await file.read(head, 0, head.length, 0);
		const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
		await file.read(tail, 0, tail.length, size - tail.length);
		if (head.subarray(0, 8).equals(PNG_START)) return tail.includes(PNG_END);
		if (head.subarray(0, 3).equals(JPEG_START)) return tail.includes(JPEG_END);
		const riff = head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP';
		return riff && head.readUInt32LE(4) + 8 <= size;
	} finally {
		await file.close();
	}
}
