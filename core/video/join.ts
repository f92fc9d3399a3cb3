/** Segments and narration become one file: pictures copied, sound mixed and encoded once. */
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { contentHash } from '../hash';
import { runFfmpeg, writeAside, type FfmpegTools } from './ffmpeg';
import { timescaleOf, type Segment } from './segment';
import { planSound, type SoundInput } from './sound';

export interface JoinInput {
	/** In order; all in `folder`. */
	segments: readonly Segment[];
	folder: string;
	speech: SoundInput['speech'];
	music?: SoundInput['music'];
	fps: number;
	/** The finished video. */
	path: string;
	tools: FfmpegTools;
	signal?: AbortSignal;
	onProgress?: (fraction: number) => void;
}

/** YouTube's recommendation for stereo is 384 kbit/s (support.google.com/youtube/answer/1722171). */
const AUDIO_BITRATE = '384k';

export async function joinSegments(input: JoinInput): Promise<void> {
	const { tools, segments, fps, signal } = input;
	const folder = resolve(input.folder);
	const durationS = segments.reduce((sum, { frames }) => sum + frames, 0) / fps;
	const { speech, music } = input;
	const sound = await planSound({ speech, music, durationS, tools, signal });
	const list = `${contentHash(segments.map(({ name }) => name)).slice(0, 40)}.txt`;
	await writeFile(join(folder, list), segments.map(({ name }) => `file ${name}\n`).join(''));
	try {
		await writeAside(resolve(input.path), (temporary) =>
			runFfmpeg(
				tools,
				[
					'-f', 'concat', '-i', list,
					...sound.inputs,
					'-filter_complex', sound.graph(1),
					'-map', '0:v:0', '-map', '[a]', '-map_metadata', '-1',
					'-c:v', 'copy', '-video_track_timescale', String(timescaleOf(fps)),
					'-c:a', 'aac', '-b:a', AUDIO_BITRATE, '-ar', '48000', '-ac', '2',
					'-movflags', '+faststart+write_colr',
					temporary,
				],
				{
					cwd: folder,
					signal,
					durationS,
					timeoutMs: 120_000 + durationS * 10_000,
					onProgress: ({ fraction }) => input.onProgress?.(fraction),
				},
			),
		);
	} finally {
		await Promise.all([rm(join(folder, list), { force: true }), sound.remove()]);
	}
}
