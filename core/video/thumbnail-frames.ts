/** Which moments of a video make a good thumbnail: sharp, full of contrast, with its subject near the thirds, never blank. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { CaptionCue } from '../documents';
import { invalidRequest } from '../errors';
import { CLIP_FORMATS, probe, runFfmpeg, type FfmpegTools } from './ffmpeg';

export interface Frame {
	/** Seconds from the video's beginning. */
	atS: number;
	/** 0 to 1. */
	score: number;
	/** Where the subject is, as shares of the picture's width and height. */
	focus: { x: number; y: number };
	/** A caption stands in it. */
	hasCaption: boolean;
}

interface Measured extends Frame {
	isBlank: boolean;
	/** Mean brightness of 16 fields: frames of one scene have nearly the same. */
	fields: number[];
}

/** Moments that are looked at; more find nothing better. */
const LOOKS = 60;

/** The longer side in pixels that a moment is looked at in: small enough to be cheap, large enough to tell blur. */
const LOOK_SIDE = 320;

/** Weights of the parts of a score, each 0 to 1. */
const WEIGHTS = { sharpness: 0.4, contrast: 0.2, colour: 0.15, thirds: 0.2, skin: 0.05 };

/** A caption in the picture has to be cut away. */
const CAPTION_PENALTY = 0.2;

/** Grey levels (of 255): less range, or a mean outside of this, is black, white or empty. */
const BLANK = { range: 32, darkest: 18, lightest: 240 };

/** Share of the best score below which a moment is not taken for being different. */
const GOOD_ENOUGH = 0.8;

/** Mean difference of the fields' grey levels, above which two frames show different things. */
const DIFFERENT = 14;

/**
 * The best moments, the best first, as different from each other as the video allows; fewer when it has fewer.
 * @param folder for a work file
 * @throws YtempireError `invalid-request` when there is no picture in the file
 */
export async function bestFrames(
	{ tools, path, folder, captions, signal }: {
		tools: FfmpegTools;
		path: string;
		folder: string;
		captions: readonly CaptionCue[];
		signal?: AbortSignal;
	},
	count: number,
): Promise<Frame[]> {
	const { video, durationS } = await probe(tools, path, signal, CLIP_FORMATS);
	if (!video) throw invalidRequest('There is no picture in the video', { cure: 'Give a video file, or a picture.' });
	const turned = video.rotation % 180 !== 0;
	const [wide, high] = turned ? [video.height, video.width] : [video.width, video.height];
	const scale = LOOK_SIDE / Math.max(wide, high);
	const [width, height] = [wide, high].map((side) => Math.max(16, 2 * Math.round((side * scale) / 2))) as [number, number];
	const raw = join(folder, 'looks.rgb');
	const times: number[] = [];
	try {
		await runFfmpeg(
			tools,
			[
				// key frames alone where there are enough of them: 20 times less to decode
				...(durationS > LOOKS ? ['-skip_frame', 'nokey'] : []),
				...['-format_whitelist', CLIP_FORMATS, '-i', path, '-map', '0:v:0', '-vsync', '0', '-vf'],
				`select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,${(durationS / LOOKS).toFixed(3)}),scale=${width}:${height}:flags=area,format=rgb24,showinfo`,
				...['-f', 'rawvideo', raw],
			],
			{
				signal,
				onStderrLine: (line) => {
					const at = /\bpts_time:\s*([\d.]+)/.exec(line)?.[1];
					if (at !== undefined) times.push(Number(at));
				},
			},
		);
		const bytes = await readFile(raw);
		const size = width * height * 3;
		const frames = times.slice(0, Math.floor(bytes.length / size)).map((atS, index) => {
			const hasCaption = captions.some(({ start_s, end_s }) => start_s <= atS + 0.1 && atS <= end_s + 0.1);
			return measured(bytes.subarray(index * size, (index + 1) * size), width, height, atS, hasCaption);
		});
		return chosen(frames, count, durationS);
	} finally {
		await rm(raw, { force: true });
	}
}

function chosen(frames: readonly Measured[], count: number, durationS: number): Frame[] {
	const shown = frames.filter(({ isBlank }) => !isBlank);
	const ranked = [...(shown.length > 0 ? shown : frames)].sort((a, b) => b.score - a.score);
	const picked: Measured[] = [];
	const goodEnough = (ranked[0]?.score ?? 0) * GOOD_ENOUGH;
	const isNew = (frame: Measured) =>
		picked.every(
			(other) =>
				Math.abs(other.atS - frame.atS) > durationS / 20 &&
				frame.fields.reduce((sum, level, at) => sum + Math.abs(level - (other.fields[at] ?? 0)), 0) / 16 > DIFFERENT,
		);
	for (const frame of ranked) if (picked.length < count && frame.score >= goodEnough && isNew(frame)) picked.push(frame);
	for (const frame of ranked) if (picked.length < count && !picked.includes(frame)) picked.push(frame);
	return picked.map(({ atS, score, focus, hasCaption }) => ({ atS, score, focus, hasCaption }));
}

/** @param rgb three bytes a pixel */
export function measured(rgb: Buffer, width: number, height: number, atS: number, hasCaption: boolean): Measured {
	const grey = new Uint8Array(width * height);
	const levels = new Uint32Array(256);
	const fields = new Float64Array(16);
	let [colour, skin] = [0, 0];
	for (let at = 0; at < grey.length; at++) {
		const [red = 0, green = 0, blue = 0] = [rgb[3 * at], rgb[3 * at + 1], rgb[3 * at + 2]];
		const level = (red * 77 + green * 151 + blue * 28) >> 8;
		grey[at] = level;
		levels[level] = (levels[level] ?? 0) + 1;
		colour += Math.max(red, green, blue) - Math.min(red, green, blue);
		const [x, y] = [at % width, Math.floor(at / width)];
		// Kovač and others, 2003: skin in daylight
		if (red > 95 && green > 40 && blue > 20 && red - Math.min(green, blue) > 15 && red - green > 15 && red > blue) {
			skin += nearThirds(x / width, y / height) ? 1 : 0;
		}
		const field = 4 * Math.floor((4 * y) / height) + Math.floor((4 * x) / width);
		fields[field] = (fields[field] ?? 0) + level;
	}
	const { mean: edges, thirds, focus } = edgesOf(grey, width, height);
	const range = quantile(levels, 0.99) - quantile(levels, 0.01);
	const mean = levels.reduce((sum, count, level) => sum + count * level, 0) / grey.length;
	const score =
		WEIGHTS.sharpness * (edges / (edges + 6)) +
		WEIGHTS.contrast * Math.min(1, range / 220) +
		WEIGHTS.colour * Math.min(1, colour / grey.length / 90) +
		WEIGHTS.thirds * thirds +
		WEIGHTS.skin * Math.min(1, skin / grey.length / 0.08) -
		(hasCaption ? CAPTION_PENALTY : 0);
	return {
		atS,
		hasCaption,
		score: Math.max(0, score),
		focus,
		isBlank: range < BLANK.range || mean < BLANK.darkest || mean > BLANK.lightest,
		fields: [...fields].map((sum) => (16 * sum) / grey.length),
	};
}

/** Edges by Laplace: how many, where, and how much more of them near the thirds than elsewhere. */
function edgesOf(grey: Uint8Array, width: number, height: number) {
	let [sum, near, nearPixels, sumX, sumY] = [0, 0, 0, 0, 0];
	for (let y = 1; y < height - 1; y++) {
		for (let x = 1; x < width - 1; x++) {
			const at = y * width + x;
			const around = (grey[at - 1] ?? 0) + (grey[at + 1] ?? 0) + (grey[at - width] ?? 0) + (grey[at + width] ?? 0);
			const edge = Math.abs(4 * (grey[at] ?? 0) - around);
			sum += edge;
			sumX += edge * x;
			sumY += edge * y;
			if (!nearThirds(x / width, y / height)) continue;
			near += edge;
			nearPixels++;
		}
	}
	const pixels = (width - 2) * (height - 2);
	const share = sum === 0 ? 0 : near / sum / (nearPixels / pixels);
	return {
		mean: sum / pixels,
		thirds: share / (share + 1),
		focus: sum === 0 ? { x: 0.5, y: 0.5 } : { x: sumX / sum / width, y: sumY / sum / height },
	};
}

/** Where the lines cross that divide a picture into thirds. */
function nearThirds(x: number, y: number): boolean {
	return Math.hypot(Math.min(Math.abs(x - 1 / 3), Math.abs(x - 2 / 3)), Math.min(Math.abs(y - 1 / 3), Math.abs(y - 2 / 3))) < 0.14;
}

function quantile(counts: Uint32Array, share: number): number {
	const wanted = counts.reduce((sum, count) => sum + count, 0) * share;
	let seen = 0;
	return counts.findIndex((count) => (seen += count) >= wanted);
}
