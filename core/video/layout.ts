/** Where text may stand in a picture and how large it is, by the picture's size. */
import type { FontMetrics } from './font-metrics';

export interface TextStyle {
	/** ASS font size in pixels of the output. */
	fontSize: number;
	/** Pixels that a line may be wide. */
	lineWidth: number;
	maxLines: number;
}

export interface Layout {
	width: number;
	height: number;
	/** Pixels kept free at each side. */
	marginX: number;
	/** Pixels kept free below captions. */
	marginBottom: number;
	/** Pixels kept free above on-screen text. */
	marginTop: number;
	caption: TextStyle;
	/** On-screen text over footage. */
	label: TextStyle;
	/** On-screen text of a scene without footage. */
	card: TextStyle;
}

/**
 * Shares of the picture. Landscape: the title-safe area of 90 % (SMPTE ST 2046-1) and a little more;
 * captions are narrower, about 42 characters, so that the eye need not travel (Netflix's style guide).
 * Portrait: the lower fifth and the sides are under the buttons of the Shorts player.
 */
const SAFE = {
	landscape: { x: 0.08, bottom: 0.075, top: 0.07, captionWidth: 0.64 },
	portrait: { x: 0.1, bottom: 0.22, top: 0.12, captionWidth: 0.8 },
};

/** Font sizes as shares of the picture's shorter side. */
const SIZES = { caption: 0.068, label: 0.058, card: 0.1 };

export function layoutFor(width: number, height: number): Layout {
	const safe = height > width ? SAFE.portrait : SAFE.landscape;
	const shorter = Math.min(width, height);
	const marginX = Math.round(width * safe.x);
	const style = (share: number, maxLines: number, lineWidth = width - 2 * marginX): TextStyle => ({
		fontSize: Math.round(shorter * share),
		lineWidth,
		maxLines,
	});
	return {
		width,
		height,
		marginX,
		marginBottom: Math.round(height * safe.bottom),
		marginTop: Math.round(height * safe.top),
		caption: style(SIZES.caption, 2, Math.round(width * safe.captionWidth)),
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
		metrics.widthOf(words.slice(from, to).join(' '), style.fontSize);
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

/** Pieces of one word that each fit into a line. */
export function splitToWidth(word: string, style: TextStyle, metrics: FontMetrics): string[] {
	const pieces: string[] = [];
	let piece = '';
	for (const character of word) {
		if (piece && metrics.widthOf(piece + character, style.fontSize) > style.lineWidth) {
			pieces.push(piece);
			piece = '';
		}
		piece += character;
	}
	return [...pieces, piece];
}
