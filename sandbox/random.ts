/** Chance that repeats: the same seed and key give the same numbers on every machine. */
import { createHash } from 'node:crypto';

export class Random {
	private state: number;

	constructor(seed: number | string, key: string) {
		this.state = createHash('sha256').update(`${seed}\u0000${key}`).digest().readUInt32LE(0);
	}

	/** At least 0, under 1 (mulberry32). */
	next(): number {
		this.state = (this.state + 0x6d2b79f5) >>> 0;
		let mixed = this.state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
	}

	/** A whole number from `min` to `max`, both included. */
	int(min: number, max: number): number {
		return min + Math.floor(this.next() * (max - min + 1));
	}

	/** @throws RangeError for an empty list */
	pick<T>(list: readonly T[]): T {
		const item = list[this.int(0, list.length - 1)];
		if (item === undefined) throw new RangeError('Nothing to pick from');
		return item;
	}

	shuffle<T>(list: readonly T[]): T[] {
		const shuffled = [...list];
		for (let index = shuffled.length - 1; index > 0; index -= 1) {
			const other = this.int(0, index);
			[shuffled[index], shuffled[other]] = [shuffled[other] as T, shuffled[index] as T];
		}
		return shuffled;
	}

	/** `length` characters of `alphabet`; for ids. */
	id(length: number, alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'): string {
		return Array.from({ length }, () => alphabet[this.int(0, alphabet.length - 1)]).join('');
	}
}
