/** One scene, encoded once at final quality with its text burnt in, and kept under the hash of all it was made from. */
import { randomBytes } from 'node:crypto';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { contentHash } from '../hash';
import { assDocument, facesOf, type CaptionLook, type SceneText } from './ass';
import { encoderDevice, encoderFilters, encoderOptions, type EncoderSettings } from './encoder';
import { probe, runFfmpeg, writeAside, type FfmpegTools } from './ffmpeg';
import type { FontFace } from './fonts';
import { shotFilters, shotInput, shotKey, type FrameSize, type Shot } from './shot';
import { transitionGraph, type Transition } from './transition';

export type SegmentSettings = EncoderSettings & FrameSize;

/** The picture before, which is still seen while the scene begins. */
export interface Opening {
	kind: Exclude<Transition, 'cut'>;
	/** Its frames are the transition's. */
	shot: Shot;
}

export interface SegmentInput {
	/** In order, at least one; their frames add up to `frames`. */
	shots: readonly Shot[];
	opening?: Opening;
	frames: number;
	text: SceneText;
	look: CaptionLook;
	settings: SegmentSettings;
	/** Segments are kept here. */
	folder: string;
	tools: FfmpegTools;
	/** Ends it when the video's time is up: no scene has a limit of its own. */
	signal?: AbortSignal;
	/** Share of this segment that is done. */
	onProgress?: (fraction: number) => void;
}

export interface Segment {
	/** Name inside the folder: letters and digits only, so that it needs no escaping anywhere. */
	name: string;
	frames: number;
	/** It was there already. */
	kept: boolean;
}

/** Changes whenever the same input would give another picture. */
const RENDER_VERSION = 4;

export const FONT_FOLDER = 'fonts';

export async function renderSegment(input: SegmentInput): Promise<Segment> {
	const { tools, settings, frames, signal, look, opening } = input;
	const ass = assDocument(input.text, look);
	const key = contentHash({
		version: RENDER_VERSION,
		ffmpeg: tools.version,
		settings,
		frames,
		ass,
		shots: input.shots.map(shotKey),
		opening: opening ? [opening.kind, shotKey(opening.shot)] : null,
	}).slice(0, 40);
	const name = `${key}.mp4`;
	const folder = resolve(input.folder);
	const path = join(folder, name);
	if (await isWhole(tools, path, frames, signal)) return { name, frames, kept: true };

	await bringFonts(folder, facesOf(look));
	// named as files that are swept away when their writer was killed
	const assName = `.${key}.${randomBytes(6).toString('hex')}.part.ass`;
	await writeFile(join(folder, assName), ass);
	try {
		await writeAside(path, (temporary) =>
			runFfmpeg(tools, [...segmentArguments(input, assName), temporary], {
				// relative names: neither user folders nor drive letters have to survive filter syntax
				cwd: folder,
				signal,
				durationS: frames / settings.fps,
				timeoutMs: Infinity,
				onProgress: ({ fraction }) => input.onProgress?.(fraction),
			}),
		);
	} finally {
		await rm(join(folder, assName), { force: true });
	}
	return { name, frames, kept: false };
}

/** Everything but the output: inputs, one graph, one encoder. */
export function segmentArguments(input: SegmentInput, assName: string): string[] {
	const { shots, opening, frames, settings, tools } = input;
	const { fps } = settings;
	const all = [...shots, ...(opening ? [opening.shot] : [])];
	const own = shots.length === 1 ? 's0' : 'own';
	const picture = opening ? 'joined' : own;
	const graph = [
		...all.map((shot, index) => `[${index}:v:0]${shotFilters(shot, settings, tools)}[s${index}]`),
		...(shots.length === 1 ? [] : [`${shots.map((_shot, index) => `[s${index}]`).join('')}concat=n=${shots.length}:v=1:a=0[own]`]),
		...(opening ? transitionGraph(opening.kind, opening.shot.frames, fps, { before: `s${shots.length}`, own, out: picture }) : []),
		`[${picture}]ass=${assName}:fontsdir=${FONT_FOLDER},${encoderFilters(settings)}[v]`,
	];
	return [
		...encoderDevice(settings),
		...all.flatMap((shot) => shotInput(shot, settings)),
		// each of these filters takes far less time than the encoder beside it: threads would only cost
		'-filter_complex_threads', '1', '-filter_complex', graph.join(';'),
		'-map', '[v]', '-an', '-map_metadata', '-1',
		'-frames:v', String(frames), '-r', String(fps),
		...encoderOptions(settings, fps),
		// the same clock in every segment, so that they join without rounding
		'-video_track_timescale', String(timescaleOf(fps)),
	];
}

/** Ticks a second: a whole number for each frame. */
export function timescaleOf(fps: number): number {
	return fps * 512;
}

async function isWhole(
	tools: FfmpegTools,
	path: string,
	frames: number,
	signal?: AbortSignal,
): Promise<boolean> {
	try {
		await access(path);
	} catch {
		return false;
	}
	return probe(tools, path, signal).then(
		({ video }) => video?.frames === frames,
		() => false,
	);
}

/** Beside the segments, so that the renderer needs no font of the system. */
export async function bringFonts(folder: string, faces: readonly FontFace[]): Promise<void> {
	await mkdir(join(folder, FONT_FOLDER), { recursive: true });
	await Promise.all(
		faces.map(async ({ fileName, bytes }) => {
			const path = join(folder, FONT_FOLDER, fileName);
			await access(path).catch(() => writeAside(path, (temporary) => writeFile(temporary, bytes)));
		}),
	);
}
