/** Text from strangers and from models: what must not pass, what is spoken, how long it is. */

import { withoutBracketed, type Bracketed } from './brackets';

/** Words a minute that a narrator speaks (owner's rule). */
export const WORDS_PER_MINUTE = 150;

/** Seconds of silence between two scenes: about a breath. */
export const SCENE_PAUSE_S = 0.35;

/** Seconds of silence between two sentences of a scene that are spoken apart. */
export const SENTENCE_PAUSE_S = 0.25;

/**
 * Without control characters, broken surrogates and invisible characters that reorder or hide text. Joiners stay:
 * emoji and several scripts need them. Line breaks stay as `\n` with `keepLines`, else become spaces.
 */
export function cleanText(text: string, options: { keepLines?: boolean } = {}): string {
	const visible = text
		.replace(/\r\n?|[\u2028\u2029]/g, '\n')
		.replace(/(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\ufffe\uffff]/gu, '')
		.replace(/[^\S\n]+/g, ' ');
	return options.keepLines
		? visible.replace(/ ?\n ?/g, '\n').replace(/\n{3,}/g, '\n\n').trim()
		: visible.replace(/\s+/g, ' ').trim();
}

/** `(PAUSE)`: round brackets only in capitals, as they hold asides too. */
const ROUND_CUE = /[(（]\s*(?:VISUAL|PAUSE|MUSIC|SFX|B-?ROLL)\b[^)）]{0,300}[)）]/g;

/** Characters of a cue at most; what is longer was hardly meant as one. */
const LONGEST_CUE = 1_000;

/** `[VISUAL: waves]`, `[ПАУЗА]`: a word in capitals, in every script that has some. */
const CAPITALS = /^\s*\p{Lu}[\p{Lu}\p{N}-]{2,}(?!\p{L})/u;
const KNOWN = /^\s*(?:visual|pause|music|sound|sfx|b-?roll|cut to|on[- ]screen)\b/i;
/** `[停顿]`, `[وقفة]`: of scripts without capitals. */
const WITHOUT_CASE = /^\s*\p{Lo}/u;

function isCue({ inner, open }: Bracketed): boolean {
	if (inner.length > LONGEST_CUE) return false;
	const isWide = open !== '[' && /\p{L}/u.test(inner);
	return isWide || CAPITALS.test(inner) || KNOWN.test(inner) || WITHOUT_CASE.test(inner);
}

/** Not a part of a word, as in `array[i]`. */
function isDirection({ inner, before }: Bracketed): boolean {
	return /\p{L}/u.test(inner) && !/[\p{L}\p{N})\]]$/u.test(before);
}

/** Speech markup such as `<break time="3s"/>`, which some voices would obey and others read out. */
const MARKUP = /<\/?[a-z][^<>]{0,200}>/gi;

/** Subtitle override blocks such as `{\an8}`. */
const OVERRIDE = /\{\\[^{}]{0,200}\}/g;

/**
 * What the voice says: cues, speech markup and subtitle codes taken out. May come out empty.
 * @param isOurs the writer was told that brackets are for cues alone: what stands in some by itself is one
 */
export function speechText(narration: string, { isOurs = false } = {}): string {
	const spoken = [ROUND_CUE, MARKUP, OVERRIDE].reduce(
		(text, pattern) => text.replace(pattern, ' '),
		withoutBracketed(cleanText(narration), (one) => isCue(one) || (isOurs && isDirection(one))),
	);
	return cleanText(spoken).replace(/\s+([.,;:!?…])/g, '$1');
}

/** The language tag in its usual form (`pt-br` becomes `pt-BR`); undefined when it is none (BCP 47). */
export function languageTag(tag: string): string | undefined {
	try {
		return Intl.getCanonicalLocales(tag.trim())[0];
	} catch {
		return undefined;
	}
}

/** The words of a text, also in languages that write without spaces. */
export function wordsOf(text: string, language = 'en'): string[] {
	const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
	return [...segmenter.segment(text)].filter((one) => one.isWordLike).map((one) => one.segment);
}

export function wordCount(text: string, language = 'en'): number {
	return wordsOf(text, language).length;
}

/** Seconds at 150 words a minute. */
export function spokenSeconds(words: number): number {
	return Math.round((words * 600) / WORDS_PER_MINUTE) / 10;
}

/** Characters as people count them: code points, so that an emoji of one code point is one. */
export function characterCount(text: string): number {
	return [...text].length;
}

/** The beginning of the text, at most `limit` characters, cut between words where that is possible. */
export function cutAtWord(text: string, limit: number): string {
	const characters = [...text];
	if (characters.length <= limit) return text;
	const head = characters.slice(0, limit - 1).join('');
	const space = head.lastIndexOf(' ');
	return `${(space > limit / 2 ? head.slice(0, space) : head).trimEnd()}…`;
}
