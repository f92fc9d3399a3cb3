/** From the times of characters to the times of words. */
import type { Word } from '../../documents';

export interface CharacterTimes {
	characters: string[];
	/** Seconds, one for each character. */
	starts: number[];
	ends: number[];
}

/** Scripts that write without spaces: there a dictionary finds the words. */
const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Words with their punctuation. Times come out in order and never negative, whatever came in. */
export function wordsOfCharacters(times: CharacterTimes, language: string): Word[] {
	const words: Word[] = [];
	let text = '';
	let from = 0;
	const close = (until: number) => {
		if (text) words.push(...piecesOf(text, times, from, until, language));
		text = '';
	};
	times.characters.forEach((character, index) => {
		if (/^\s*$/.test(character)) {
			close(index);
			return;
		}
		if (!text) from = index;
		text += character;
	});
	close(times.characters.length);
	return inOrder(words);
}

/** Words spread over a length by their letters, for voices that give no times. */
export function spreadWords(text: string, durationS: number, language: string): Word[] {
	const characters = [...text];
	const step = durationS / Math.max(1, characters.length);
	return wordsOfCharacters(
		{
			characters,
			starts: characters.map((_, index) => index * step),
			ends: characters.map((_, index) => (index + 1) * step),
		},
		language,
	);
}

/** Times moved to another time line and kept inside `[startS, endS]` of it. */
export function placeWords(words: readonly Word[], offsetS: number, startS: number, endS: number): Word[] {
	const place = (seconds: number) => Math.max(startS, Math.min(endS, offsetS + seconds));
	return words.map((word) => ({ text: word.text, start_s: place(word.start_s), end_s: place(word.end_s) }));
}

function piecesOf(text: string, times: CharacterTimes, from: number, until: number, language: string): Word[] {
	const whole = [{ text, from, until }];
	const pieces = WITHOUT_SPACES.test(text) ? segments(text, times, from, language) : whole;
	return pieces.map((piece) => ({
		text: piece.text,
		start_s: times.starts[piece.from] ?? 0,
		end_s: times.ends[piece.until - 1] ?? times.starts[piece.from] ?? 0,
	}));
}

interface Piece {
	text: string;
	/** Indexes into the characters; `until` is excluded. */
	from: number;
	until: number;
}

/** Dictionary words, each with the punctuation that follows it. */
function segments(text: string, times: CharacterTimes, from: number, language: string): Piece[] {
	const pieces: Piece[] = [];
	let index = from;
	for (const { segment, isWordLike } of new Intl.Segmenter(language, { granularity: 'word' }).segment(text)) {
		const begin = index;
		for (let length = 0; length < segment.length; index++) length += times.characters[index]?.length ?? segment.length;
		const last = pieces.at(-1);
		if (isWordLike || !last) pieces.push({ text: segment, from: begin, until: index });
		else {
			last.text += segment;
			last.until = index;
		}
	}
	return pieces;
}

function inOrder(words: readonly Word[]): Word[] {
	let earliest = 0;
	return words.map((word) => {
		const start_s = Math.max(earliest, seconds(word.start_s, earliest));
		const end_s = Math.max(start_s, seconds(word.end_s, start_s));
		earliest = end_s;
		return { text: word.text, start_s, end_s };
	});
}

function seconds(value: number, otherwise: number): number {
	return Number.isFinite(value) ? value : otherwise;
}

export interface PlacedWord {
	text: string;
	/** Where it begins in the text, in UTF-16 units. */
	from: number;
}

/** The words of a text as `wordsOfCharacters` cuts them, each with its place. */
export function placedWords(text: string, language: string): PlacedWord[] {
	let from = 0;
	return spreadWords(text, 1, language).map((word) => {
		const at = text.indexOf(word.text, from);
		from = at + word.text.length;
		return { text: word.text, from: at };
	});
}
