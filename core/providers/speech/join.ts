/**
 * Joins spoken parts into one file: decoded, put one behind the other sample by sample with a pause
 * between, and encoded once. Joining encoded files byte by byte would leave each part's padding in
 * the middle and a header that tells a wrong length.
 */
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { throwIfCancelled } from '../../abort';
import { YtempireError } from '../../errors';
import { mapLimited } from '../../concurrency';
import { SCENE_PAUSE_S } from '../../text';
import { probe, runFfmpeg, writeAside } from '../../video/ffmpeg';
import type { FfmpegTools } from '../../video/ffmpeg';

import type { Levels } from './align';

const SAMPLE_RATE = 44_100;
const BYTES_PER_SAMPLE = 2;
/** Long enough that a part which begins or ends in mid-wave doesn't click, too short to be heard. */
const FADE_SAMPLES = Math.round(0.005 * SAMPLE_RATE);
const DECODERS_AT_ONCE = 2;
/** What a part may be: no format that names other files. */
const AUDIO_FORMATS = 'mp3,wav,flac,ogg,aac,mov,mp4';
/** Samples of one frame of loudness: 10 ms. */
const FRAME = SAMPLE_RATE / 100;
/** Quieter than this (-52 dB) is silence, of 32,768. */
const AUDIBLE = 80;
/** Silence that stays before and behind the sound of a part; voices bring up to a second of it. */
const KEPT_BEFORE = Math.round(0.03 * SAMPLE_RATE);
const KEPT_BEHIND = Math.round(0.08 * SAMPLE_RATE);

/** A part as samples on disk. */
export interface DecodedPart {
	/** Mono, 16 bit, little endian, 44.1 kHz. */
	pcm: string;
	/** Samples that are joined: without the silence around them. */
	from: number;
	until: number;
	/** Seconds of silence left out before. */
	leadS: number;
	levels: Levels;
}

export interface JoinedSpeech {
	/** Seconds at which each part begins and ends in the whole, the pause behind it not counted. */
	spans: Array<{ startS: number; endS: number }>;
	/** Of the whole, counted in samples. */
	durationS: number;
}

interface JoinOptions {
	output: string;
	/** For files that last only while it works. */
	folder: string;
	tools: FfmpegTools;
	signal?: AbortSignal;
}

/**
 * Writes FLAC, mono, 44.1 kHz: without loss, since the video encodes the sound again.
 * @throws YtempireError
 */
export async function joinSpeech({ parts, ...options }: JoinOptions & { parts: readonly string[] }): Promise<JoinedSpeech> {
	const { tools, signal } = options;
	const work = await mkdtemp(join(options.folder, '.join-'));
	try {
		const decoded = await mapLimited(
			parts,
			DECODERS_AT_ONCE,
			(part, index, either) => decodePart(tools, part, join(work, `${index}.pcm`), either),
			signal,
		);
		return await joinDecoded({ ...options, folder: work, parts: decoded });
	} finally {
		await rm(work, { recursive: true, force: true });
	}
}

/**
 * The same for parts that are decoded already.
 * @param pausesS seconds of silence before each part but the first; the pause between scenes when left out
 */
export async function joinDecoded({
	parts,
	pausesS,
	...options
}: JoinOptions & { parts: readonly DecodedPart[]; pausesS?: readonly number[] }): Promise<JoinedSpeech> {
	const { tools, signal, output, folder } = options;
	const whole = join(folder, 'whole.pcm');
	const { spans, samples } = await concatenate(parts, pausesS ?? parts.map(() => SCENE_PAUSE_S), whole, signal);
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
	return { spans, durationS: await measured(tools, output, samples, signal) };
}

/** The samples were counted as they were decoded; what was written must say that it has as many. */
async function measured(tools: FfmpegTools, output: string, samples: number, signal?: AbortSignal): Promise<number> {
	const durationS = samples / SAMPLE_RATE;
	const { durationS: saidS } = await probe(tools, output, signal, 'flac');
	if (Math.abs(saidS - durationS) < 1 / SAMPLE_RATE) return durationS;
	throw new YtempireError('unavailable', `The narration was not written whole: ${saidS} of ${durationS} seconds`, {
		reason: 'cut-off',
		cure: 'Look whether the disk is full, then run it again.',
	});
}

/** @throws YtempireError `unavailable` when there is no sound in it */
export async function decodePart(tools: FfmpegTools, part: string, pcm: string, signal?: AbortSignal): Promise<DecodedPart> {
	await runFfmpeg(
		tools,
		['-format_whitelist', AUDIO_FORMATS, '-i', part, '-map', '0:a:0', '-ac', '1', '-ar', String(SAMPLE_RATE), '-f', 's16le', pcm],
		{ signal },
	);
	const { size } = await stat(pcm);
	const samples = Math.floor(size / BYTES_PER_SAMPLE);
	if (samples < 1) {
		throw new YtempireError('unavailable', 'A spoken part holds no sound', {
			reason: 'empty-audio',
			cure: 'Run it again; if it lasts, choose another voice or model.',
		});
	}
	const { rms, first, last } = await listen(pcm, samples);
	const from = first < 0 ? 0 : Math.max(0, first - KEPT_BEFORE);
	const until = first < 0 ? samples : Math.min(samples, last + 1 + KEPT_BEHIND);
	return { pcm, from, until, leadS: from / SAMPLE_RATE, levels: { rms, frameS: FRAME / SAMPLE_RATE } };
}

/** Loudness of each frame, and the first and the last sample that are heard (-1 when none is). */
async function listen(pcm: string, samples: number): Promise<{ rms: Float32Array; first: number; last: number }> {
	const rms = new Float32Array(Math.ceil(samples / FRAME));
	let [at, first, last] = [0, -1, -1];
	for await (const bytes of chunksOf(pcm, 0, samples)) {
		for (let offset = 0; offset + 1 < bytes.length; offset += BYTES_PER_SAMPLE, at++) {
			const value = bytes.readInt16LE(offset);
			const frame = Math.floor(at / FRAME);
			rms[frame] = (rms[frame] ?? 0) + value * value;
			if (value < AUDIBLE && value > -AUDIBLE) continue;
			if (first < 0) first = at;
			last = at;
		}
	}
	return { rms: rms.map((sum) => Math.sqrt(sum / FRAME) / 32_768), first, last };
}

/** An even size keeps samples whole. */
const CHUNK_BYTES = 1 << 18;

/** Samples `from` to `until` of a file, in one buffer that is filled anew each time: memory stays the same for any length. */
async function* chunksOf(pcm: string, from: number, until: number): AsyncGenerator<Buffer> {
	const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
	const file = await open(pcm, 'r');
	try {
		let at = from * BYTES_PER_SAMPLE;
		const end = until * BYTES_PER_SAMPLE;
		while (at < end) {
			const wanted = Math.min(CHUNK_BYTES, end - at);
			let filled = 0;
			while (filled < wanted) {
				const { bytesRead } = await file.read(buffer, filled, wanted - filled, at + filled);
				if (bytesRead === 0) return;
				filled += bytesRead;
			}
			yield buffer.subarray(0, filled);
			at += filled;
		}
	} finally {
		await file.close();
	}
}

async function concatenate(
	parts: readonly DecodedPart[],
	pausesS: readonly number[],
	whole: string,
	signal?: AbortSignal,
): Promise<{ spans: JoinedSpeech['spans']; samples: number }> {
	const spans: JoinedSpeech['spans'] = [];
	let samples = 0;
	const file = await open(whole, 'w');
	try {
		for (const [index, part] of parts.entries()) {
			throwIfCancelled(signal);
			if (index > 0) {
				const pause = Buffer.alloc(Math.round((pausesS[index] ?? SCENE_PAUSE_S) * SAMPLE_RATE) * BYTES_PER_SAMPLE);
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
	return { spans, samples };
}

/** Copies one part with its ends faded; gives its number of samples. */
async function append({ pcm, from, until }: DecodedPart, file: FileHandle): Promise<number> {
	const samples = until - from;
	let at = 0;
	for await (const bytes of chunksOf(pcm, from, until)) {
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
