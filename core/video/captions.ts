/** From spoken words to caption cues: at most two lines inside the safe area, readable, never early. */
import type { CaptionCue, Word } from '../documents';
import { cleanText } from '../text';
import type { FontMetrics } from './font-metrics';
import { joinWords, readingLength } from './font-text';
import { breakLines, splitToWidth, type TextStyle } from './layout';
import { wordPieces } from './line-words';

/** A cue with its words kept, so that each can light up while it is spoken. */
export interface TimedCue {
	start_s: number;
	end_s: number;
	lines: Word[][];
}

/** What a cue may hold. */
export interface CueStyle extends TextStyle {
	/** As many as fit when left out. */
	maxWords?: number;
}

/** Common practice of subtitling (Netflix's English guide: 20 characters a second at most, 5/6 s at least, 2 lines). */
export const CAPTION_RULES = {
	/** A character of Chinese, Japanese or Korean counts as two. */
	maxCharactersPerSecond: 20,
	minDurationS: 0.5,
	maxLines: 2,
	/** A pause this long ends a cue. */
	pauseS: 0.7,
	/** A cue stays this long after its last word, when nothing follows. */
	lingerS: 0.4,
} as const;

const SENTENCE_END = /[.!?…。！？؟।]["'”’)\]」』）]*$/;
const CLAUSE_END = /[,;:–—、，；：،]["'”’)\]」』）]*$/;

/** How much a break after a comma is worth, where an even cue is worth up to 1. */
const CLAUSE_BONUS = 0.35;

/** Outweighs every other reason to break there. */
const TOO_SHORT_PENALTY = 10;

/** A sentence that ends inside a cue: it was too short to stand alone. */
const SENTENCE_BONUS = 0.6;

/** For a cue twice as fast as it can be read. */
const TOO_FAST_PENALTY = 4;

/**
 * @param words in the order they are spoken, all of one scene
 * @param untilS where the scene ends; no cue outlasts it
 */
export function captionCues(
	words: readonly Word[],
	untilS: number,
	style: CueStyle,
	metrics: FontMetrics,
): TimedCue[] {
	const clean = cleanWords(words, untilS, style, metrics);
	const groups = phrases(clean, untilS).flatMap(([from, to]) =>
		splitPhrase(clean, from, to, untilS, style, metrics),
	);
	return groups.flatMap(([from, to], index) => {
		const own = clean.slice(from, to);
		const first = own[0];
		const last = own.at(-1);
		if (!first || !last) return [];
		const next = groups[index + 1];
		const limit = (next && clean[next[0]]?.start_s) ?? untilS;
		const characters = readingLength(textOf(own));
		const wanted = Math.max(
			last.end_s + CAPTION_RULES.lingerS,
			first.start_s + CAPTION_RULES.minDurationS,
			first.start_s + characters / CAPTION_RULES.maxCharactersPerSecond,
		);
		const ends = breakLines(own.map(({ text }) => text), style, metrics) ?? [own.length];
		return [
			{
				start_s: first.start_s,
				end_s: Math.max(Math.min(wanted, limit), Math.min(last.end_s, limit)),
				lines: ends.map((end, line) => own.slice(ends[line - 1] ?? 0, end)),
			},
		];
	});
}

export function asCaptionCue({ start_s, end_s, lines }: TimedCue): CaptionCue {
	return { start_s, end_s, text: lines.map(textOf).join('\n') };
}

function textOf(words: readonly Word[]): string {
	return joinWords(words.map(({ text }) => text));
}

/** One line of plain text for each word, in order of time, none wider than a line. */
function cleanWords(
	words: readonly Word[],
	untilS: number,
	style: CueStyle,
	metrics: FontMetrics,
): Word[] {
	let earliest = 0;
	return words.flatMap((word) => {
		const text = cleanText(word.text);
		if (!text) return [];
		const start = Math.min(Math.max(word.start_s, earliest), untilS);
		const end = Math.min(Math.max(word.end_s, start), untilS);
		earliest = start;
		const pieces = wordPieces(text).flatMap((piece) => splitToWidth(piece, style, metrics));
		const step = (end - start) / text.length;
		let spoken = 0;
		return pieces.map((piece) => ({
			text: piece,
			start_s: start + spoken * step,
			end_s: start + (spoken += piece.length) * step,
		}));
	});
}

/** Index ranges between sentence ends and long pauses, none too short or too fast to read where its neighbour has time. */
function phrases(words: readonly Word[], untilS: number): Array<[number, number]> {
	const ranges: Array<[number, number]> = [];
	let from = 0;
	words.forEach((word, index) => {
		const next = words[index + 1];
		const shownS = (next?.start_s ?? untilS) - (words[from]?.start_s ?? 0);
		const ends =
			!next || SENTENCE_END.test(word.text) || next.start_s - word.end_s >= CAPTION_RULES.pauseS;
		const neededS = readingLength(textOf(words.slice(from, index + 1))) / CAPTION_RULES.maxCharactersPerSecond;
		if (!ends || (next && shownS < Math.max(CAPTION_RULES.minDurationS, neededS))) return;
		ranges.push([from, index + 1]);
		from = index + 1;
	});
	return ranges;
}

/** The cheapest way to cut a phrase into cues that fit: few, even, broken after commas. */
function splitPhrase(
	words: readonly Word[],
	from: number,
	to: number,
	untilS: number,
	style: CueStyle,
	metrics: FontMetrics,
): Array<[number, number]> {
	const capacity = style.lineWidth * style.maxLines;
	const costOf = (start: number, end: number): number => {
		const own = words.slice(start, end);
		const text = textOf(own);
		const filled = Math.min(1, metrics.widthOf(text, style.fontSize) / capacity);
		const shownS = (words[end]?.start_s ?? untilS) - (own[0]?.start_s ?? 0);
		const speed = readingLength(text) / CAPTION_RULES.maxCharactersPerSecond / Math.max(shownS, 0.01);
		const last = own.at(-1)?.text ?? '';
		const bonus = SENTENCE_END.test(last) ? SENTENCE_BONUS : CLAUSE_END.test(last) ? CLAUSE_BONUS : 0;
		return (
			1 +
			(1 - filled) ** 2 -
			(end < to ? bonus : 0) +
			TOO_FAST_PENALTY * Math.min(1, Math.max(0, speed - 1)) +
			(shownS < CAPTION_RULES.minDurationS ? TOO_SHORT_PENALTY : 0)
		);
	};
	const best: Array<{ cost: number; start: number }> = [{ cost: 0, start: from }];
	for (let end = from + 1; end <= to; end++) {
		let found = { cost: Infinity, start: end - 1 };
		for (let start = end - 1; start >= from; start--) {
			const texts = words.slice(start, end).map(({ text }) => text);
			if (start < end - 1 && (texts.length > (style.maxWords ?? Infinity) || !breakLines(texts, style, metrics))) break;
			const cost = (best[start - from]?.cost ?? Infinity) + costOf(start, end);
			if (cost < found.cost) found = { cost, start };
		}
		best[end - from] = found;
	}
	const ranges: Array<[number, number]> = [];
	for (let end = to; end > from; ) {
		const start = best[end - from]?.start ?? from;
		ranges.unshift([start, end]);
		end = start;
	}
	return ranges;
}
