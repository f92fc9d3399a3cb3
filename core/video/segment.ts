/** One scene, encoded once at final quality with its text burnt in, and kept under the hash of all it was made from. */
import { access, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

import type { MediaFile } from '../documents';
import { contentHash } from '../hash';
import { assDocument, type SceneText } from './ass';
import { cardSource } from './card';
import { CLIP_FORMATS, probe, runFfmpeg, writeAside, type FfmpegTools } from './ffmpeg';
import type { CaptionFont } from './fonts';
import type { Layout } from './layout';

export interface Shot {
	file: MediaFile;
	/** Width of a pixel over its height. */
	sampleAspect: number;
	frames: number;
}

export interface SegmentSettings {
	width: number;
	height: number;
	/** Whole frames a second. */
	fps: number;
	/** x264's, e.g. `veryfast`. */
	preset: string;
	/** Constant rate factor: lower is better and larger. */
	crf: number;
}

export interface SegmentInput {
	/** In order; their frames add up to `frames`. None: a card is drawn. */
	shots: readonly Shot[];
	frames: number;
	text: SceneText;
	layout: Layout;
	font: CaptionFont;
	settings: SegmentSettings;
	/** Segments are kept here. */
	folder: string;
	tools: FfmpegTools;
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
const RENDER_VERSION = 1;

const FONT_FOLDER = 'fonts';

export async function renderSegment(input: SegmentInput): Promise<Segment> {
	const { tools, settings, frames, signal, layout, font } = input;
	const ass = assDocument(input.text, layout, font.family, font.metrics);
	const key = contentHash({
		version: RENDER_VERSION,
		ffmpeg: tools.version,
		settings,
		frames,
		ass,
		card: input.shots.length === 0 && input.text.onScreenText,
		shots: input.shots.map((shot) => [shot.file.sha256, shot.frames, shot.sampleAspect]),
	}).slice(0, 40);
	const name = `${key}.mp4`;
	const folder = resolve(input.folder);
	const path = join(folder, name);
	if (await isWhole(tools, path, frames, signal)) return { name, frames, kept: true };

	await bringFont(folder, font);
	const assName = `${key}.ass`;
	await writeFile(join(folder, assName), ass);
	try {
		await writeAside(path, (temporary) =>
			runFfmpeg(tools, [...segmentArguments(input, assName), temporary], {
				// relative names: neither user folders nor drive letters have to survive filter syntax
				cwd: folder,
				signal,
				durationS: frames / settings.fps,
				timeoutMs: 120_000 + (frames / settings.fps) * 60_000,
				onProgress: ({ fraction }) => input.onProgress?.(fraction),
			}),
		);
	} finally {
		await rm(join(folder, assName), { force: true });
	}
	return { name, frames, kept: false };
}

/** Everything but the output: inputs, one graph, x264 as YouTube recommends (High, closed GOP of half the frame rate, 2 B-frames, BT.709). */
export function segmentArguments(input: SegmentInput, assName: string): string[] {
	const { shots, frames, settings, text } = input;
	const { fps } = settings;
	const tail = `ass=${assName}:fontsdir=${FONT_FOLDER},format=yuv420p[v]`;
	const inputs =
		shots.length > 0
			? shots.flatMap(({ file }) => [
					// endless, so that a clip a frame shorter than announced still fills its part
					'-stream_loop', '-1', '-format_whitelist', CLIP_FORMATS, '-i', resolve(file.path),
				])
			: ['-f', 'lavfi', '-i', cardSource(text.onScreenText, settings)];
	const graph =
		shots.length > 0
			? [
					...shots.map(
						(shot, index) =>
							`[${index}:v:0]${fillFrame(shot, settings)},trim=end_frame=${shot.frames},setpts=PTS-STARTPTS[s${index}]`,
					),
					`${shots.map((_shot, index) => `[s${index}]`).join('')}concat=n=${shots.length}:v=1:a=0,${tail}`,
				]
			: [`[0:v:0]${tail}`];
	return [
		...inputs,
		'-filter_complex', graph.join(';'),
		'-map', '[v]', '-an', '-map_metadata', '-1',
		'-frames:v', String(frames), '-r', String(fps),
		'-c:v', 'libx264', '-preset', settings.preset, '-crf', String(settings.crf),
		'-profile:v', 'high', '-pix_fmt', 'yuv420p',
		'-g', String(Math.round(fps / 2)), '-bf', '2', '-flags', '+cgop',
		'-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv',
		// the same clock in every segment, so that they join without rounding
		'-video_track_timescale', String(timescaleOf(fps)),
	];
}

/** Ticks a second: a whole number for each frame. */
export function timescaleOf(fps: number): number {
	return fps * 512;
}

function fillFrame({ sampleAspect }: Shot, { width, height, fps }: SegmentSettings): string {
	return [
		`fps=${fps}`,
		...(Math.abs(sampleAspect - 1) > 0.001 ? ['scale=trunc(iw*sar/2)*2:ih'] : []),
		`scale=${width}:${height}:force_original_aspect_ratio=increase:flags=bicubic:out_color_matrix=bt709:out_range=tv`,
		`crop=${width}:${height}`,
		'setsar=1',
		'format=yuv420p',
	].join(',');
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

async function bringFont(folder: string, font: CaptionFont): Promise<void> {
	const path = join(folder, FONT_FOLDER, basename(font.path));
	await mkdir(join(folder, FONT_FOLDER), { recursive: true });
	await access(path).catch(() => writeAside(path, (temporary) => copyFile(font.path, temporary)));
}
