/** Samples made into a file of the wanted format by ffmpeg; equal samples give equal files. */
import { execFile } from 'node:child_process';

import { findFfmpeg } from '../ffmpeg';

const MAX_BYTES = 512 * 1024 * 1024;

/** @param output ffmpeg's options of the output, e.g. `['-ar', '44100', '-b:a', '128k', '-f', 'mp3']` */
export function encode(samples: Int16Array, sampleRate: number, output: string[]): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		const child = execFile(
			findFfmpeg(),
			[
				...['-hide_banner', '-loglevel', 'error', '-nostdin', '-protocol_whitelist', 'pipe'],
				...['-f', 's16le', '-ar', String(sampleRate), '-ac', '1', '-i', 'pipe:0'],
				...['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact', ...output, 'pipe:1'],
			],
			{ encoding: 'buffer', maxBuffer: MAX_BYTES, timeout: 120_000 },
			(error, stdout, stderr) => {
				if (error) reject(new Error(`ffmpeg: ${stderr.toString('utf8').trim() || error.message}`));
				else resolve(stdout);
			},
		);
		child.stdin?.on('error', () => undefined);
		child.stdin?.end(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
	});
}
