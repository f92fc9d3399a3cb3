/** Text as a picture can show it: emoji in one colour, each by its own sign. */

/** How an emoji is to look, which fonts of one colour don't know: variation selectors, skin tones, the key cap. */
const EMOJI_DRESS = /[\ufe0e\ufe0f\u20e3]|(?<=\p{Extended_Pictographic}\ufe0f?)\p{Emoji_Modifier}/gu;

/** Families and professions are shown as their members, side by side. */
const EMOJI_JOINER = /(?<=\p{Extended_Pictographic}|\ufe0f|\p{Emoji_Modifier})\u200d(?=\p{Extended_Pictographic})/gu;

/** Below the first character that either of the two can match. */
const PLAIN = /^[\0-\u1fff]*$/;

/** Without what has no picture of its own. */
export function shownText(text: string): string {
	if (PLAIN.test(text)) return text;
	return text.replace(EMOJI_JOINER, '').replace(EMOJI_DRESS, '');
}

/** Arabic letters and their shapes as Unicode lists them: alone, last, first, inside; the last two only where they join on. */
const ARABIC_SHAPES = new Map<string, string[]>();
for (let code = 0xfe80; code <= 0xfef4; code++) {
	const shape = String.fromCodePoint(code);
	const letter = shape.normalize('NFKD');
	const composed = letter.normalize('NFC');
	ARABIC_SHAPES.set(composed, [...(ARABIC_SHAPES.get(composed) ?? []), shape]);
}

/** For measuring: joined letters are narrower than letters that stand alone. */
export function joinedForms(text: string): string {
	if (!/[\u0620-\u064a]/.test(text)) return text;
	const letters = [...text.replace(/\p{M}/gu, '')];
	let isJoined = false;
	return letters
		.map((letter, index) => {
			const shapes = ARABIC_SHAPES.get(letter);
			if (!shapes) {
				isJoined = false;
				return letter;
			}
			const joinsOn = shapes.length === 4 && ARABIC_SHAPES.has(letters[index + 1] ?? '');
			const shape = shapes[(joinsOn ? 2 : 0) + (isJoined ? 1 : 0)] ?? letter;
			isJoined = joinsOn;
			return shape;
		})
		.join('');
}

/** Scripts that write without spaces between words. */
export const WITHOUT_SPACES =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u3000-\u303f\u30fb\u30fc\uff00-\uff60]/u;

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\u30fb\u30fc\uff00-\uff60]/u;

const HANGUL = /\p{Script=Hangul}/u;

const STRONG = /\p{L}/u;
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** By the first letter, as the Unicode bidirectional algorithm finds a paragraph's direction. */
export function isRightToLeft(text: string): boolean {
	const first = [...text].find((character) => STRONG.test(character));
	return first !== undefined && RIGHT_TO_LEFT.test(first);
}

/** Columns as on a terminal: East Asian wide characters are two, which is also how long they take to read. */
export function readingLength(text: string): number {
	return [...text].reduce(
		(sum, character) =>
			sum + (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u.test(character) ? 2 : 1),
		0,
	);
}

/** Words put side by side: with a space, except inside scripts that have none. */
export function joinWords(words: readonly string[]): string {
	return words.reduce((text, word) => text + gapBetween(text, word) + word, '');
}

/** What stands between two words. */
export function gapBetween(before: string, after: string): string {
	if (before === '' || after === '') return '';
	const [last, first] = [lastCharacter(before), firstCharacter(after)];
	// most text: nothing below Thai writes without spaces
	if (last < '\u0e00' && first < '\u0e00') return ' ';
	const bothWithout = WITHOUT_SPACES.test(last) && WITHOUT_SPACES.test(first);
	const isCjk = (CJK.test(last) && !HANGUL.test(first)) || (CJK.test(first) && !HANGUL.test(last));
	return bothWithout || isCjk ? '' : ' ';
}

function firstCharacter(text: string): string {
	return String.fromCodePoint(text.codePointAt(0) ?? 0);
}

function lastCharacter(text: string): string {
	const pair = text.slice(-2);
	return pair.length === 2 && (pair.codePointAt(0) ?? 0) > 0xffff ? pair : text.slice(-1);
}
