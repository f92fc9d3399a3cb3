/** Finds clips that are shown twice by what they show: small grey pictures, four a second, compared at every distance. */
import { setImmediate } from 'node:timers/promises';

import { throwIfCancelled } from '../abort';
import { bridged, type Range } from './ranges';

/** What the measuring pass writes, a byte for each pixel. */
export const SMALL_PICTURE = { fps: 4, width: 32, height: 18 } as const;

export interface Repeat {
	first: Range;
	again: Range;
}

const PIXELS = SMALL_PICTURE.width * SMALL_PICTURE.height;

/** Grey levels that encoding and half a frame's motion may change a pixel by. */
const NEAR = 10;

/** Share of the pixels that may differ: captions and titles lie over the pictures. */
export const COVERED = 0.25;

/** Pictures with less contrast than this (standard deviation, grey levels) show nothing to know them by. */
const FLAT = 10;

/** A repetition is this long at least, and begins this much later. Seconds. */
const SHORTEST_S = 1.5;
const NEAREST_S = 2;

/** Something else was shown for so long. Seconds. */
const AWAY_S = 1;

/** Every picture is compared with every other: of long videos fewer are looked at. */
const MOST_PICTURES = 4_000;

export function secondsOf(pictures: Buffer): number {
	return Math.floor(pictures.length / PIXELS) / SMALL_PICTURE.fps;
}

/** Of work between two looks at what else is to be done, milliseconds. */
const TURN_MS = 20;

/**
 * Lets others have their turn every few milliseconds: of a long video there is work for seconds.
 * @param bytes pictures of `SMALL_PICTURE`, one after the other
 * @throws YtempireError `cancelled`
 */
export async function repeatsIn(bytes: Buffer, signal?: AbortSignal): Promise<Repeat[]> {
	const all = Math.floor(bytes.length / PIXELS);
	const step = Math.max(1, Math.ceil(all / MOST_PICTURES));
	const fps = SMALL_PICTURE.fps / step;
	const pictures = Array.from({ length: Math.floor(all / step) }, (_picture, index) => pictureAt(bytes, index * step));
	const shortest = Math.max(3, Math.round(SHORTEST_S * fps));
	const found: Repeat[] = [];
	let turn = performance.now();
	for (let lag = Math.max(1, Math.round(NEAREST_S * fps)); lag < pictures.length; lag++) {
		if (performance.now() - turn > TURN_MS) {
			await setImmediate();
			throwIfCancelled(signal);
			turn = performance.now();
		}
		let run = 0;
		for (let index = 0; index + lag <= pictures.length; index++) {
			if (isSame(pictures[index], pictures[index + lag])) {
				run++;
				continue;
			}
			if (run >= shortest && isLeftBetween(pictures, index - Math.ceil(run / 2), lag, Math.ceil(AWAY_S * fps))) {
				const range = (from: number): Range => ({ start_s: from / fps, end_s: (from + run) / fps });
				found.push({ first: range(index - run), again: range(index - run + lag) });
			}
			run = 0;
		}
	}
	return found.sort((a, b) => a.again.start_s - b.again.start_s);
}

/** Where something is seen again, without overlaps. */
export function placesOf(repeats: readonly Repeat[]): Range[] {
	const again = repeats.map((repeat) => ({ ...repeat.again }));
	return bridged(again.sort((a, b) => a.start_s - b.start_s), 0.5);
}

interface Picture {
	pixels: Buffer;
	mean: number;
	isFlat: boolean;
}

function pictureAt(bytes: Buffer, index: number): Picture {
	const pixels = bytes.subarray(index * PIXELS, (index + 1) * PIXELS);
	let sum = 0;
	let squares = 0;
	for (const pixel of pixels) {
		sum += pixel;
		squares += pixel * pixel;
	}
	const mean = sum / PIXELS;
	return { pixels, mean, isFlat: squares / PIXELS - mean * mean < FLAT * FLAT };
}

function isSame(a: Picture | undefined, b: Picture | undefined): boolean {
	if (!a || !b || a.isFlat || b.isFlat) return false;
	// what may be covered can change the mean by its share of the whole range
	if (Math.abs(a.mean - b.mean) > NEAR + COVERED * 255) return false;
	let left = Math.floor(COVERED * PIXELS);
	for (let index = 0; index < PIXELS; index++) {
		const off = (a.pixels[index] ?? 0) - (b.pixels[index] ?? 0);
		if ((off > NEAR || off < -NEAR) && --left < 0) return false;
	}
	return true;
}

/** What hardly changes shows the same at every distance: only what was away for a while has come again. */
function isLeftBetween(pictures: readonly Picture[], index: number, lag: number, longest: number): boolean {
	let away = 0;
	for (let between = index + 1; between < index + lag; between++) {
		away = isSame(pictures[index], pictures[between]) ? 0 : away + 1;
		if (away >= longest) return true;
	}
	return false;
}
