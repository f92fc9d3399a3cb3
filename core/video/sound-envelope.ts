/**
 * The music's volume over time: down before a word is spoken, back soon after the last one.
 * A curve from the known times of the words rather than a compressor that follows the voice: it begins to
 * fall before the first sound, doesn't pump with each syllable, and keeps the same distance whatever the levels are.
 */
import { writeFile } from 'node:fs/promises';

import { bridged, type Range } from '../quality/ranges';

export const DUCKING = {
	/** LU that speech is over the loud passages of the music while speaking; 10 are asked for, the rest is for a voice that drops. */
	marginLu: 14,
	/** Pauses up to this long keep the music down. Seconds. */
	pauseS: 1,
	/** The way down ends where speech begins. Seconds. */
	attackS: 0.3,
	/** The music waits so long after speech, then comes back: whole again after 0.6 s. */
	holdS: 0.15,
	releaseS: 0.45,
} as const;

/** Seconds at the beginning and at the end of the video. */
export const MUSIC_FADES = { inS: 1, outS: 2.5 } as const;

/** Values a second; ffmpeg brings them to 48 kHz. */
export const ENVELOPE_RATE = 200;

/** Silence, in dB, for the ends of the fades. */
const FLOOR_DB = -60;

export interface MusicGains {
	/** dB while nobody speaks. */
	pauseDb: number;
	/** dB while somebody speaks. */
	speechDb: number;
}

/** dB at a moment; `spans` in order and already bridged. */
export function musicGainAt(
	atS: number,
	spans: readonly Range[],
	{ pauseDb, speechDb }: MusicGains,
	durationS: number,
): number {
	const down = spans.reduce((most, span) => Math.max(most, duckingAt(atS, span)), 0);
	const fade = Math.min(
		1,
		Math.max(0, atS) / Math.min(MUSIC_FADES.inS, durationS / 4),
		Math.max(0, durationS - atS) / Math.min(MUSIC_FADES.outS, durationS / 4),
	);
	return pauseDb + (speechDb - pauseDb) * down + FLOOR_DB * (1 - fade);
}

/** 0 far from speech, 1 during it. */
function duckingAt(atS: number, { start_s, end_s }: Range): number {
	const falling = (atS - (start_s - DUCKING.attackS)) / DUCKING.attackS;
	const rising = (end_s + DUCKING.holdS + DUCKING.releaseS - atS) / DUCKING.releaseS;
	return Math.min(1, Math.max(0, Math.min(falling, rising)));
}

export function speechSpans(words: readonly Range[]): Range[] {
	return bridged(words, DUCKING.pauseS);
}

/** Writes the curve as 32-bit floats on two channels, as ffmpeg's `f32le` reads them. */
export async function writeEnvelope(
	path: string,
	spans: readonly Range[],
	gains: MusicGains,
	durationS: number,
): Promise<void> {
	const values = new Float32Array(2 * Math.ceil((durationS + 1) * ENVELOPE_RATE));
	let first = 0;
	for (let index = 0; index < values.length; index += 2) {
		const atS = index / 2 / ENVELOPE_RATE;
		// two neighbours can matter at once, those far behind no longer
		while ((spans[first]?.end_s ?? Infinity) + 1 < atS) first++;
		const factor = 10 ** (musicGainAt(atS, spans.slice(first, first + 2), gains, durationS) / 20);
		values[index] = factor;
		values[index + 1] = factor;
	}
	const bytes = Buffer.from(values.buffer);
	await writeFile(path, new DataView(new Float32Array([1]).buffer).getUint8(0) === 0 ? bytes : bytes.swap32());
}
