/** Segments and soundtrack become one file: both are copied, nothing is encoded again. */
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { contentHash } from '../hash';
import { runFfmpeg, writeAside, type FfmpegTools } from './ffmpeg';
import { timescaleOf, type Segment } from './segment';

export interface JoinInput {
	/** In order; all in `folder`. */
	segments: readonly Segment[];
	folder: string;
	soundtrack: string;
	fps: number;
	/** The finished video. */
	path: string;
	tools: FfmpegTools;
	signal?: AbortSignal;
	onProgress?: (fraction: number) => void;
}

export async function joinSegments({ tools, segments, fps, signal, ...input }: JoinInput): Promise<void> {
	const folder = resolve(input.folder);
	const durationS = segments.reduce((sum, { frames }) => sum + frames, 0) / fps;
	const list = `${contentHash(segments.map(({ name }) => name)).slice(0, 40)}.txt`;
	await writeFile(join(folder, list), segments.map(({ name }) => `file ${name}\n`).join(''));
	try {
		await writeAside(resolve(input.path), (temporary) =>
			runFfmpeg(
				tools,
				[
					'-f', 'concat', '-i', list, '-i', resolve(input.soundtrack),
					'-map', '0:v:0', '-map', '1:a:0', '-map_metadata', '-1',
					'-c', 'copy', '-video_track_timescale', String(timescaleOf(fps)),
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
		await rm(join(folder, list), { force: true });
	}
}
