/** A wish as a Midjourney prompt: its own commands are ours alone, what comes from outside can't give any. */
import type { ImageWish } from './image';
import { promptWithStyle } from './wording';

/** More is cut off by Midjourney. By memory: Discord takes 6,000 characters. */
const LONGEST = 5_000;

/** Sides of `--ar` are whole numbers; so many are told apart. */
const LARGEST_SIDE_OF_RATIO = 40;

export function midjourneyPrompt(wish: ImageWish): string {
	const commands = [
		`--ar ${aspectRatio(wish)}`,
		...(wish.negativePrompt ? [`--no ${harmless(wish.negativePrompt)}`] : []),
		...(wish.seed === undefined ? [] : [`--seed ${wish.seed}`]),
	].join(' ');
	const words = harmless(promptWithStyle(wish)).slice(0, LONGEST - commands.length - 1).trim();
	return `${words} ${commands}`;
}

/**
 * Without what Midjourney obeys: parameters (`--repeat 40`, also with the dashes that phones make of them),
 * permutations (`{a, b}`), weights (`::2`), and addresses, which it would fetch as pictures.
 */
export function harmless(text: string): string {
	return text
		.replace(/\b[a-z][a-z\d+.-]*:\/\/\S*/gi, ' ')
		.replace(/-{2,}|[\u2012-\u2015\u2e3a\u2e3b]/g, ' ')
		.replace(/[{}]/g, ' ')
		.replace(/:{2,}/g, ':')
		.replace(/\s+/g, ' ')
		.trim();
}

/** The nearest ratio of small whole numbers, e.g. `16:9` of 1920 × 1080. */
function aspectRatio({ width, height }: ImageWish): string {
	const wanted = width / height;
	let best = { across: 1, down: 1, distance: Infinity };
	for (let down = 1; down <= LARGEST_SIDE_OF_RATIO; down++) {
		const across = Math.max(1, Math.round(down * wanted));
		if (across > LARGEST_SIDE_OF_RATIO) break;
		const distance = Math.abs(Math.log(across / down / wanted));
		if (distance < best.distance - 1e-9) best = { across, down, distance };
	}
	return `${best.across}:${best.down}`;
}
