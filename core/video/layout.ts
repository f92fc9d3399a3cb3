/** Where text may stand in a picture and how large it is, by the picture's size. */
import type { FontMetrics } from './font-metrics';
import { joinWords } from './font-text';

export interface TextStyle {
	/** ASS font size in pixels of the output. */
	fontSize: number;
	/** Pixels that a line may be wide. */
	lineWidth: number;
	maxLines: number;
}

/** Pixels from the picture's upper left corner. */
export interface Area {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

export interface Layout {
	width: number;
	height: number;
	/** No player covers it and no screen cuts it off. */
	safe: Area;
	/** The part of it where captions are read with ease, in the middle of the picture. */
	captions: Area;
	/** On-screen text over footage. */
	label: TextStyle;
	/** On-screen text of a scene without footage. */
	card: TextStyle;
}

/**
 * Shares of the picture that are kept free. Landscape: the title-safe area of 90 % (SMPTE ST 2046-1) and a little
 * more; captions are narrower, about 42 characters, so that the eye need not travel (Netflix's style guide).
 * 9:16: title and channel of the Shorts player lie over the lowest quarter, its buttons over the right 18 %, search
 * and menu over the top (creators' measures of 2026; YouTube publishes none). 1:1 and 4:5 are shown whole.
 */
const SHAPES = [
	{ upTo: 0.7, left: 0.06, right: 0.18, top: 0.15, bottom: 0.25, captionWidth: 0.64 },
	{ upTo: 1.2, left: 0.08, right: 0.08, top: 0.08, bottom: 0.09, captionWidth: 0.82 },
	{ upTo: Infinity, left: 0.08, right: 0.08, top: 0.07, bottom: 0.075, captionWidth: 0.64 },
] as const;

/** Font sizes as shares of the picture's shorter side. */
const SIZES = { label: 0.058, card: 0.1 };

export function layoutFor(width: number, height: number): Layout {
	const shape = SHAPES.find(({ upTo }) => width / height <= upTo) ?? SHAPES[2];
	const shorter = Math.min(width, height);
	const safe = {
		left: Math.round(width * shape.left),
		top: Math.round(height * shape.top),
		right: Math.round(width * (1 - shape.right)),
		bottom: Math.round(height * (1 - shape.bottom)),
	};
	const side = Math.round((width * (1 - shape.captionWidth)) / 2);
	const style = (share: number, maxLines: number): TextStyle => ({
		fontSize: Math.round(shorter * share),
		lineWidth: safe.right - safe.left,
		maxLines,
	});
	return {
		width,
		height,
		safe,
		captions: { ...safe, left: side, right: width - side },
		label: style(SIZES.label, 2),
		card: style(SIZES.card, 3),
	};
}

/**
 * Breaks words into the fewest lines that fit, as even as they go; `undefined` when they don't fit.
 * A single word wider than a line never fits: see `splitToWidth`.
 */
export function breakLines(
	words: readonly string[],
	style: TextStyle,
	metrics: FontMetrics,
): number[] | undefined {
	const widthOf = (from: number, to: number) =>
		metrics.widthOf(joinWords(words.slice(from, to)), style.fontSize);
	const best = (from: number, lines: number): { ends: number[]; widest: number } | undefined => {
		if (lines === 1) {
			const widest = widthOf(from, words.length);
			return widest <= style.lineWidth ? { ends: [words.length], widest } : undefined;
		}
		let found: { ends: number[]; widest: number } | undefined;
		for (let end = from + 1; end < words.length; end++) {
			const first = widthOf(from, end);
			if (first > style.lineWidth) break;
			const rest = best(end, lines - 1);
			if (!rest) continue;
			const widest = Math.max(first, rest.widest);
			if (!found || widest < found.widest) found = { ends: [end, ...rest.ends], widest };
		}
		return found;
	};
	for (let lines = 1; lines <= Math.min(style.maxLines, words.length); lines++) {
		const found = best(0, lines);
		if (found) return found.ends;
	}
	return undefined;
}

/** Pieces of one word that each fit into a line; what people see as one character stays whole. */
export function splitToWidth(word: string, style: TextStyle, metrics: FontMetrics): string[] {
	if (metrics.widthOf(word, style.fontSize) <= style.lineWidth) return [word];
	const pieces: string[] = [];
	let piece = '';
	for (const { segment } of new Intl.Segmenter().segment(word)) {
		if (piece && metrics.widthOf(piece + segment, style.fontSize) > style.lineWidth) {
			pieces.push(piece);
			piece = '';
		}
		piece += segment;
	}
	return [...pieces, piece];
}
