/** Stillness under captions: a frozen picture stays frozen while words come and go over it. */
import { bridged, type Range } from './ranges';
import { COVERED, SMALL_PICTURE } from './repeats';

export interface Freeze extends Range {
	/** Until it begins, since the one before, nothing changed but what words can cover. */
	goesOn: boolean;
}

const PIXELS = SMALL_PICTURE.width * SMALL_PICTURE.height;

/** Grey levels by which encoding alone changes a pixel of a small picture. */
const NOISE = 4;

/** Words that follow each other faster than a freeze is noticed part two of them by so much at most. Seconds. */
const LONGEST_GAP_S = 0.75;

/** A change lies this near to a word's or a cue's beginning or end. Seconds. */
const NEAR_S = 0.1;

/** By what is seen in the pictures at both ends of each gap and between them. @param pictures as `repeatsIn` takes them */
export function markedFreezes(freezes: readonly Range[], pictures: Buffer): Freeze[] {
	return freezes.map((freeze, index) => {
		const before = freezes[index - 1];
		const isNear = before !== undefined && freeze.start_s - before.end_s <= LONGEST_GAP_S;
		return { ...freeze, goesOn: isNear && isStill(pictures, before.end_s, freeze.start_s) };
	});
}

/** Freezes parted only by the times at which words come or go are one. @param words beginnings and ends of all words and cues */
export function underWords(freezes: readonly Freeze[], words: readonly number[]): Range[] {
	const runs: Range[][] = [];
	for (const freeze of freezes) {
		const last = runs.at(-1);
		const before = last?.at(-1);
		const isParted = before && words.some((at) => before.end_s - NEAR_S <= at && at <= freeze.start_s + NEAR_S);
		if (last && isParted && freeze.goesOn) last.push(freeze);
		else runs.push([freeze]);
	}
	return runs.flatMap((run) => bridged(run, LONGEST_GAP_S));
}

/** From the last picture before the gap to the first behind it. */
function isStill(pictures: Buffer, from_s: number, to_s: number): boolean {
	const frame = 0.04;
	const first = Math.max(0, Math.floor((from_s - frame) * SMALL_PICTURE.fps));
	const last = Math.min(Math.floor(pictures.length / PIXELS) - 1, Math.ceil((to_s + frame) * SMALL_PICTURE.fps));
	for (let at = first + 1; at <= last; at++) {
		let changed = 0;
		for (let pixel = 0; pixel < PIXELS; pixel++) {
			const off = (pictures[at * PIXELS + pixel] ?? 0) - (pictures[first * PIXELS + pixel] ?? 0);
			if (off > NOISE || off < -NOISE) changed++;
		}
		if (changed > COVERED * PIXELS) return false;
	}
	return last > first;
}
