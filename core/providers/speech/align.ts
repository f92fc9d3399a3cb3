/**
 * When each word is heard, for voices that don't say: the pauses that are heard are matched to the places where the
 * text may pause, and between two of them the words are spread by how long they take to say.
 */
import type { Word } from '../../documents';

import { spreadWords } from './words';

/** Loudness of a sound, frame by frame. */
export interface Levels {
	/** Root mean square of each frame, 0 to 1. */
	rms: ArrayLike<number>;
	frameS: number;
}

interface Pause {
	startS: number;
	endS: number;
	/** Seconds of speech before it. */
	spokenS: number;
}

/** Quieter than this part of the loud frames is a pause. */
const QUIET = 0.06;
/** Or than this in any case: -54 dB of full scale. */
const SILENT = 0.002;
/** A shorter one is the closure of a `p` or `t`. */
const SHORTEST_PAUSE_S = 0.09;

/** Words in order with their times; all inside the sound. */
export function alignWords(text: string, levels: Levels, language: string): Word[] {
	const words = spreadWords(text, 1, language).map((word) => word.text);
	const { startS, endS, pauses } = listen(levels);
	if (words.length === 0) return [];
	const weights = words.map(weightOf);
	const sums = [0];
	for (const weight of weights) sums.push((sums.at(-1) ?? 0) + weight);
	const spokenS = endS - startS - pauses.reduce((sum, pause) => sum + pause.endS - pause.startS, 0);
	const anchors = match(words, sums, pauses, spokenS);

	const result: Word[] = [];
	const bounds = [...anchors.map(({ boundary, pause }) => ({ boundary, untilS: pause.startS, nextS: pause.endS })), { boundary: words.length, untilS: endS, nextS: endS }];
	let index = 0;
	let fromS = startS;
	for (const { boundary, untilS, nextS } of bounds) {
		const begin = sums[index] ?? 0;
		const rate = (untilS - fromS) / Math.max(1e-9, (sums[boundary] ?? 0) - begin);
		for (const first = fromS; index < boundary; index++) {
			result.push({
				text: words[index] ?? '',
				start_s: first + ((sums[index] ?? 0) - begin) * rate,
				end_s: first + ((sums[index + 1] ?? 0) - begin) * rate,
			});
		}
		fromS = nextS;
	}
	return result;
}

/** The same words, each ending where its sound ends and not where the next one begins. */
export function endWithSound(words: readonly Word[], levels: Levels): Word[] {
	const threshold = thresholdOf(levels);
	return words.map((word) => {
		let last = Math.min(levels.rms.length, Math.ceil(word.end_s / levels.frameS)) - 1;
		const first = Math.ceil(word.start_s / levels.frameS);
		while (last > first && (levels.rms[last] ?? 0) < threshold) last--;
		return { ...word, end_s: Math.max(word.start_s, Math.min(word.end_s, (last + 1) * levels.frameS)) };
	});
}

function thresholdOf({ rms }: Levels): number {
	const sorted = Float64Array.from(rms).sort();
	return Math.max(SILENT, (sorted[Math.floor(sorted.length * 0.9)] ?? 0) * QUIET);
}

function listen(levels: Levels): { startS: number; endS: number; pauses: Pause[] } {
	const { rms, frameS } = levels;
	const threshold = thresholdOf(levels);
	let first = 0;
	let last = rms.length;
	while (first < last && (rms[first] ?? 0) < threshold) first++;
	while (last > first && (rms[last - 1] ?? 0) < threshold) last--;
	const pauses: Pause[] = [];
	let quietS = 0;
	for (let frame = first; frame < last; frame++) {
		const begin = frame;
		while (frame < last && (rms[frame] ?? 0) < threshold) frame++;
		const lengthS = (frame - begin) * frameS;
		if (lengthS < SHORTEST_PAUSE_S) continue;
		pauses.push({ startS: begin * frameS, endS: frame * frameS, spokenS: (begin - first) * frameS - quietS });
		quietS += lengthS;
	}
	return { startS: first * frameS, endS: last * frameS, pauses };
}

const VOWELS = /[aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿąęіаеёиоуыэюяαεηιουω]+/giu;
const IDEOGRAM = /[\p{Script=Han}\p{Script=Hangul}]/gu;
/** Spoken words for a digit, on average. */
const DIGIT_WEIGHT = 3.2;

/** How long a word takes, in no unit: its syllables and its letters. */
function weightOf(word: string): number {
	const digits = word.match(/\p{N}/gu)?.length ?? 0;
	const ideograms = word.match(IDEOGRAM)?.length ?? 0;
	const letters = (word.match(/\p{L}/gu)?.length ?? 0) - ideograms;
	const syllables = word.match(VOWELS)?.length ?? 0;
	return 0.4 + digits * DIGIT_WEIGHT + ideograms * 2.4 + letters * 0.45 + syllables * 0.8;
}

interface Anchor {
	/** Words before it. */
	boundary: number;
	pause: Pause;
}

/** A pause is expected behind it: 1 at the end of a sentence, less at a comma. */
function expectationOf(word: string): number {
	if (/[.!?…。！？]["'»“”’)\]]*$/u.test(word)) return 1;
	return /[,;:、，；：—–-]["'»“”’)\]]*$/u.test(word) ? 0.6 : 0;
}

/** Pauses and boundaries farther apart than this (in seconds of speech, or as a part of all of it) don't belong together. */
const REACH_S = 2.5;
const REACH_PART = 0.06;
/** So many pauses in a row may be within words. */
const MOST_SKIPPED = 4;
const COST_OF_LOST_POINT = 6;
const COST_OF_UNEXPECTED_PAUSE = 7;
/** For each second of a pause that belongs nowhere. */
const COST_OF_LOST_SECOND = 40;

/** The cheapest way to lay pauses on boundaries (dynamic programming): little stretching, points at pauses, pauses at points. */
function match(words: readonly string[], sums: readonly number[], pauses: readonly Pause[], spokenS: number): Anchor[] {
	const rate = spokenS / Math.max(1e-9, sums.at(-1) ?? 0);
	const expected = words.map(expectationOf);
	const points = [0];
	for (const one of expected) points.push((points.at(-1) ?? 0) + one * COST_OF_LOST_POINT);
	const reach = REACH_S + REACH_PART * spokenS;

	interface State extends Anchor {
		cost: number;
		at: number;
		before?: State;
	}
	const start: State = { boundary: 0, pause: { startS: 0, endS: 0, spokenS: 0 }, cost: 0, at: -1 };
	const step = (from: State, boundary: number, at: number, spoken: number): number => {
		const wanted = ((sums[boundary] ?? 0) - (sums[from.boundary] ?? 0)) * rate;
		const got = spoken - from.pause.spokenS;
		const stretch = (got - wanted) / (0.06 + 0.16 * Math.sqrt(Math.max(0, wanted)));
		let lost = 0;
		for (let skipped = from.at + 1; skipped < at; skipped++) {
			const pause = pauses[skipped];
			if (pause) lost += (pause.endS - pause.startS - SHORTEST_PAUSE_S / 2) * COST_OF_LOST_SECOND;
		}
		// points strictly between the two boundaries at which no pause was found
		const missed = (points[boundary - 1] ?? 0) - (points[from.boundary] ?? 0);
		return from.cost + stretch * stretch + lost + Math.max(0, missed);
	};

	const layers: State[][] = [[start]];
	for (const [at, pause] of pauses.entries()) {
		const layer: State[] = [];
		for (let boundary = 1; boundary < words.length; boundary++) {
			if (Math.abs((sums[boundary] ?? 0) * rate - pause.spokenS) > reach) continue;
			let best: State | undefined;
			for (const from of layers.slice(-1 - MOST_SKIPPED).flat()) {
				if (from.boundary >= boundary) continue;
				const cost = step(from, boundary, at, pause.spokenS) + (1 - (expected[boundary - 1] ?? 0)) * COST_OF_UNEXPECTED_PAUSE;
				if (!best || cost < best.cost) best = { boundary, pause, cost, at, before: from };
			}
			if (best) layer.push(best);
		}
		layers.push(layer);
	}
	let end: State = start;
	let least = Infinity;
	for (const state of layers.slice(-1 - MOST_SKIPPED).flat()) {
		const cost = step(state, words.length, pauses.length, spokenS);
		if (cost < least) [end, least] = [state, cost];
	}
	const anchors: Anchor[] = [];
	for (let state: State | undefined = end; state?.before; state = state.before) anchors.unshift({ boundary: state.boundary, pause: state.pause });
	return anchors;
}
