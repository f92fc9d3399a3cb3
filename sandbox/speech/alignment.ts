/** The time of every character, from the times of the words and the sound itself. */
import type { Utterance } from './espeak';

export interface Alignment {
	characters: string[];
	character_start_times_seconds: number[];
	character_end_times_seconds: number[];
}

/** Quieter than this is a pause (of 32,768). */
const AUDIBLE = 200;

/**
 * A word's time is spread evenly over its letters; it ends where its sound ends, and the point or comma
 * behind it with it. What stands between two words (spaces, quotes, dashes) has the time of the pause.
 */
export function align(text: string, { samples, sampleRate, anchors }: Utterance): Alignment {
	const characters = [...text];
	const durationS = samples.length / sampleRate;
	const starts: number[] = [];
	const ends: number[] = [];
	const spread = (until: number, fromS: number, toS: number) => {
		const from = starts.length;
		for (let index = from; index < until; index += 1) {
			starts.push(round(fromS + ((toS - fromS) * (index - from)) / (until - from)));
			ends.push(round(fromS + ((toS - fromS) * (index + 1 - from)) / (until - from)));
		}
	};
	spread(anchors[0]?.position ?? characters.length, 0, anchors[0]?.startS ?? durationS);
	anchors.forEach(({ position, startS }, index) => {
		const next = anchors[index + 1];
		const until = next?.position ?? characters.length;
		const untilS = next?.startS ?? durationS;
		const endS = soundEnd(samples, sampleRate, startS, untilS);
		const gap = characters.slice(position, until).findIndex((character) => /\s/.test(character));
		const wordEnd = gap === -1 ? until : position + gap;
		spread(lastLetter(characters, position, wordEnd), startS, endS);
		spread(wordEnd, endS, endS);
		spread(until, endS, untilS);
	});
	return { characters, character_start_times_seconds: starts, character_end_times_seconds: ends };
}

/** The place behind the last letter or digit; `to` when there is none. */
function lastLetter(characters: string[], from: number, to: number): number {
	for (let index = to; index > from; index -= 1) {
		if (/[\p{L}\p{N}\p{M}]/u.test(characters[index - 1] ?? '')) return index;
	}
	return to;
}

/** The last moment between two times that can be heard. */
function soundEnd(samples: Int16Array, sampleRate: number, fromS: number, toS: number): number {
	const first = Math.floor(fromS * sampleRate);
	let last = Math.min(Math.floor(toS * sampleRate), samples.length) - 1;
	while (last > first && Math.abs(samples[last] ?? 0) < AUDIBLE) last -= 1;
	return last > first ? Math.min(toS, (last + 1) / sampleRate) : toS;
}

/** To the millisecond, as the provider gives it. */
function round(seconds: number): number {
	return Math.round(seconds * 1000) / 1000;
}
