/**
 * Joins spoken parts into one file: decoded, put one behind the other sample by sample with a pause
 * between, and encoded once. Joining encoded files byte by byte would leave each part's padding in
 * the middle and a header that tells a wrong length.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { throwIfCancelled } from '../../abort';
import { YtempireError } from '../../errors';
import { mapLimited } from '../../concurrency';
import { SCENE_PAUSE_S } from '../../text';
import { decodedDuration, runFfmpeg, writeAside } from '../../video/ffmpeg';
import type { FfmpegTools } from '../../video/ffmpeg';

const SAMPLE_RATE = 44_100;
const BYTES_PER_SAMPLE = 2;
/** Long enough that a part which begins or ends in mid-wave doesn't click, too short to be heard. */
const FADE_SAMPLES = Math.round(0.005 * SAMPLE_RATE);
const DECODERS_AT_ONCE = 2;
/** What a part may be: no format that names other files. */
const AUDIO_FORMATS = 'mp3,wav,flac,ogg,aac,mov,mp4';

export interface JoinedSpeech {
	/** Seconds at which each part begins and ends in the whole, the pause behind it not counted. */
	spans: Array<{ startS: number; endS: number }>;
	/** Measured by decoding the result. */
	durationS: number;
}

/**
 * Writes FLAC, mono, 44.1 kHz: without loss, since the video encodes the sound again.
 * @param folder for files that last only while it works
 * @throws YtempireError
 */
export async function joinSpeech(options: {
	parts: readonly string[];
	output: string;
	folder: string;
	tools: FfmpegTools;
	signal?: AbortSignal;
}): Promise<JoinedSpeech> {
	const { tools, signal, output } = options;
	const work = await mkdtemp(join(options.folder, '.join-'));
	try {
		const decoded = await mapLimited(
			options.parts,
			DECODERS_AT_ONCE,
			(part, index, either) => decode(tools, part, join(work, `${index}.pcm`), either),
			signal,
		);
		const whole = join(work, 'whole.pcm');
		const spans = await concatenate(decoded, whole, signal);
		await writeAside(output, (path) =>
			runFfmpeg(
				tools,
				[
					'-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', '1', '-i', whole,
					'-c:a', 'flac', '-map_metadata', '-1', path,
				],
				{ signal },
			),
		);
		return { spans, durationS: await decodedDuration(tools, output, signal) };
	} finally {
		await rm(work, { recursive: true, force: true });
	}
}

async function decode(tools: FfmpegTools, part: string, pcm: string, signal?: AbortSignal): Promise<string> {
	await runFfmpeg(
		tools,
		['-format_whitelist', AUDIO_FORMATS, '-i', part, '-map', '0:a:0', '-ac', '1', '-ar', String(SAMPLE_RATE), '-f', 's16le', pcm],
		{ signal },
	);
	const { size } = await stat(pcm);
	if (size < BYTES_PER_SAMPLE) {
		throw new YtempireError('unavailable', 'A spoken part holds no sound', {
			reason: 'empty-audio',
			cure: 'Run it again; if it lasts, choose another voice or model.',
		});
	}
	return pcm;
}

async function concatenate(
	parts: readonly string[],
	whole: string,
	signal?: AbortSignal,
): Promise<JoinedSpeech['spans']> {
	const spans: JoinedSpeech['spans'] = [];
	const pause = Buffer.alloc(Math.round(SCENE_PAUSE_S * SAMPLE_RATE) * BYTES_PER_SAMPLE);
	const file = await open(whole, 'w');
	try {
		let samples = 0;
		for (const [index, part] of parts.entries()) {
			throwIfCancelled(signal);
			if (index > 0) {
				await file.appendFile(pause);
				samples += pause.length / BYTES_PER_SAMPLE;
			}
			const startS = samples / SAMPLE_RATE;
			samples += await append(part, file);
			spans.push({ startS, endS: samples / SAMPLE_RATE });
		}
	} finally {
		await file.close();
	}
	return spans;
}

/** Copies one part with its ends faded; gives its number of samples. */
async function append(part: string, file: FileHandle): Promise<number> {
	const { size } = await stat(part);
	const samples = Math.floor(size / BYTES_PER_SAMPLE);
	let at = 0;
	// An even chunk size keeps samples whole
	for await (const chunk of createReadStream(part, { highWaterMark: 1 << 18, end: samples * BYTES_PER_SAMPLE - 1 })) {
		const bytes = chunk as Buffer;
		fade(bytes, at, samples);
		await file.appendFile(bytes);
		at += bytes.length / BYTES_PER_SAMPLE;
	}
	return samples;
}

/** Scales the first and last samples of a part; `chunk` begins at sample `at` of `samples`. */
function fade(chunk: Buffer, at: number, samples: number): void {
	const count = chunk.length / BYTES_PER_SAMPLE;
	for (let index = 0; index < count; index++) {
		const fromEdge = Math.min(at + index, samples - 1 - at - index);
		if (fromEdge >= FADE_SAMPLES) {
			// The middle stays as it is: go on where the end begins
			index = Math.max(index, Math.min(count, samples - FADE_SAMPLES - at) - 1);
			continue;
		}
		const offset = index * BYTES_PER_SAMPLE;
		chunk.writeInt16LE(Math.round((chunk.readInt16LE(offset) * fromEdge) / FADE_SAMPLES), offset);
	}
}
