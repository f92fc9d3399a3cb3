/**
 * What is measured, where the lines are, and how much each gate counts.
 * Sources (read 2026-11-22): YouTube's upload settings (support.google.com/youtube/answer/1722171)
 * for format and sound; -14 LUFS as the player's observed reference, no official figure exists;
 * ffmpeg's defaults for black, freeze and silence, tightened; subtitling practice for captions.
 */
import type { Blame } from '../documents';

export interface Thresholds {
	/** Score from which a video passes, 0 to 1. */
	score: number;
	/** Frames a second that the rate may be off. */
	frameRateOff: number;
	/** Quieter than this is no sound, LUFS. */
	audibleLufs: number;
	/** Share of the wanted length that it may be off: passes, still only warns, scores 0. */
	duration: Graded;
	/** Seconds that pictures and narration may differ. */
	narrationLength: Graded;
	/** Seconds that pictures and sound may differ. */
	avLength: Graded;
	/** LUFS wanted. */
	loudnessTarget: number;
	/** LU off the target. */
	loudnessOff: Graded;
	/** dBTP at most. */
	truePeak: Graded;
	/** LU at most. */
	loudnessRange: Graded;
	/** dBFS of the highest sample at most. */
	samplePeak: Graded;
	/** Seconds of silence in one piece while speech is planned. */
	silence: Graded;
	/** Share of the video that may be black. */
	blackShare: number;
	/** Seconds of black in one piece, outside the first and last half second. */
	blackRun: Graded;
	/** Seconds without motion in one piece, where no still is planned. */
	freeze: Graded;
	/** Share of the spoken words not shown while they are spoken. */
	captionsMissing: Graded;
	/** Share of the cues that can't be read in time. */
	captionsHard: Graded;
	/** Share of the clips that are shown again. */
	repeated: Graded;
	/** Share of the output's width and height that the sources lack. */
	sourcesSmall: Graded;
}

/** `pass` and better passes; between `pass` and `warn` warns; worse fails. The score falls from 1 at `pass` to 0 at `zero`. */
export interface Graded {
	pass: number;
	warn: number;
	zero: number;
}

export const THRESHOLDS: Thresholds = {
	score: 0.7,
	frameRateOff: 0.01,
	audibleLufs: -50,
	duration: { pass: 0.05, warn: 0.15, zero: 0.3 },
	narrationLength: { pass: 0.1, warn: 0.25, zero: 2 },
	avLength: { pass: 0.1, warn: 0.2, zero: 1 },
	loudnessTarget: -14,
	loudnessOff: { pass: 1, warn: 2, zero: 8 },
	truePeak: { pass: -1, warn: 0, zero: 2 },
	loudnessRange: { pass: 11, warn: 18, zero: 25 },
	samplePeak: { pass: -0.5, warn: -0.1, zero: 1 },
	silence: { pass: 2, warn: 2.5, zero: 8 },
	blackShare: 0.02,
	blackRun: { pass: 1, warn: 1, zero: 4 },
	freeze: { pass: 3, warn: 3.5, zero: 10 },
	captionsMissing: { pass: 0.02, warn: 0.05, zero: 0.5 },
	captionsHard: { pass: 0.05, warn: 0.2, zero: 0.8 },
	repeated: { pass: 0, warn: 0, zero: 1 },
	sourcesSmall: { pass: 0.34, warn: 0.5, zero: 0.9 },
};

export interface GateRow {
	/** Share of the score; all of them add up to 1. What can't be measured is left out and the rest counts for the whole. */
	weight: number;
	/** A failure caps the score: always, only when the fault is total (score 0), or never. */
	hard: 'always' | 'when total' | 'never';
	blame: Blame;
}

export const GATES = {
	container: { weight: 0.04, hard: 'always', blame: 'render' },
	streams: { weight: 0.03, hard: 'never', blame: 'render' },
	resolution: { weight: 0.04, hard: 'always', blame: 'render' },
	frame_rate: { weight: 0.04, hard: 'always', blame: 'render' },
	sound: { weight: 0.04, hard: 'always', blame: 'mix' },
	duration: { weight: 0.08, hard: 'when total', blame: 'script' },
	narration_length: { weight: 0.06, hard: 'when total', blame: 'render' },
	av_length: { weight: 0.06, hard: 'when total', blame: 'render' },
	loudness: { weight: 0.09, hard: 'when total', blame: 'mix' },
	true_peak: { weight: 0.06, hard: 'never', blame: 'mix' },
	loudness_range: { weight: 0.03, hard: 'never', blame: 'voice' },
	clipping: { weight: 0.05, hard: 'when total', blame: 'mix' },
	silence: { weight: 0.08, hard: 'when total', blame: 'voice' },
	black: { weight: 0.08, hard: 'always', blame: 'footage' },
	freeze: { weight: 0.07, hard: 'when total', blame: 'footage' },
	caption_coverage: { weight: 0.05, hard: 'when total', blame: 'render' },
	caption_reading: { weight: 0.03, hard: 'never', blame: 'render' },
	repeated_clips: { weight: 0.04, hard: 'never', blame: 'footage' },
	source_resolution: { weight: 0.03, hard: 'never', blame: 'footage' },
} as const satisfies Record<string, GateRow>;

export type GateName = keyof typeof GATES;

/** The highest score that a video with a failed hard gate can have. */
export const HARD_CAP = 0.3;
