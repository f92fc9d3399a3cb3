/** Numbers that look random and are the same for the same text. */
import { createHash } from 'node:crypto';

/** A generator of numbers in [0, 1): mulberry32 started from the text's hash. */
export type Random = () => number;

export function randomOf(text: string): Random {
	let state = createHash('sha256').update(text).digest().readUInt32LE(0);
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** A number in [low, high). */
export function between(random: Random, low: number, high: number): number {
	return low + random() * (high - low);
}

/** A whole number in [low, high]. */
export function whole(random: Random, low: number, high: number): number {
	return low + Math.floor(random() * (high - low + 1));
}

export function pick<T>(random: Random, choices: readonly T[]): T {
	const chosen = choices[Math.floor(random() * choices.length)];
	if (chosen === undefined) throw new Error('nothing to choose from');
	return chosen;
}
