/** Where a line may break: between words, and in scripts without spaces where a dictionary finds their borders. */
import { WITHOUT_SPACES } from './font-text';

/** May not end a line. */
const OPENING = /[「『（〈《【〔［｛“‘([]+$/u;

/** Small kana and marks that belong to what is before them may not begin one. */
const CLINGING = /^[\p{M}ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮー々ゝゞ]/u;

/** Pieces of a text that no line break may part; put together by `joinWords` they are the text. */
export function lineWords(text: string, language?: string): string[] {
	return text.split(/\s+/).filter(Boolean).flatMap((word) => wordPieces(word, language));
}

/** A word as it is written with spaces gives itself; one in a script without spaces may give several. */
export function wordPieces(word: string, language?: string): string[] {
	if (!WITHOUT_SPACES.test(word)) return [word];
	const pieces: string[] = [];
	let opening = '';
	for (const { segment, isWordLike } of segmenterFor(language).segment(word)) {
		const last = pieces.at(-1);
		if (OPENING.test(segment)) opening += segment;
		else if (last === undefined || ((isWordLike || isPicture(segment)) && !(CLINGING.test(segment) && !opening))) {
			pieces.push(opening + segment);
			opening = '';
		} else {
			pieces[pieces.length - 1] = last + opening + segment;
			opening = '';
		}
	}
	const last = pieces.at(-1);
	if (opening && last !== undefined) pieces[pieces.length - 1] = last + opening;
	return pieces.length > 0 ? pieces : [word];
}

function isPicture(segment: string): boolean {
	return /\p{Extended_Pictographic}/u.test(segment);
}

const segmenters = new Map<string, Intl.Segmenter>();

/** Each costs milliseconds to make. */
function segmenterFor(language = ''): Intl.Segmenter {
	const known = segmenters.get(language);
	if (known) return known;
	const made = new Intl.Segmenter(language || undefined, { granularity: 'word' });
	segmenters.set(language, made);
	return made;
}
