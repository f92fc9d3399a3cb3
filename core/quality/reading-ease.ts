/**
 * How easily a text is understood, 0 (hard) to 100 (easy), by the formula made for its language:
 * a constant, minus a factor for words in a sentence, minus a factor for syllables in a word.
 * Sources: en Flesch 1948; de Amstad 1978; es Fernández Huerta 1959; fr Kandel and Moles 1958; it Franchina and
 * Vacca 1972; nl Douma 1960; pt Martins and others 1996; ru Oborneva 2006.
 */
import { wordsOf } from '../text';

const FORMULAS: Record<string, readonly [constant: number, perSentence: number, perWord: number]> = {
	en: [206.835, 1.015, 84.6],
	de: [180, 1, 58.5],
	es: [206.84, 1.02, 60],
	fr: [207, 1.015, 73.6],
	it: [217, 1.3, 60],
	nl: [206.84, 0.93, 77],
	pt: [248.835, 1.015, 84.6],
	ru: [206.835, 1.3, 60.1],
};

const VOWELS = /[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœ]+/g;
const RUSSIAN_VOWELS = /[аеёиоуыэюя]/g;

/** Undefined for a language without a known formula, and for a text without words. */
export function readingEase(text: string, language: string): number | undefined {
	const [code = ''] = language.toLowerCase().split('-');
	const formula = FORMULAS[code];
	const words = wordsOf(text, language);
	if (!formula || words.length === 0) return undefined;
	const sentences = sentencesOf(text, language).length;
	const syllables = words.reduce((sum, word) => sum + syllablesOf(word.toLowerCase(), code), 0);
	const [constant, perSentence, perWord] = formula;
	const ease = constant - (perSentence * words.length) / sentences - (perWord * syllables) / words.length;
	return Math.min(100, Math.max(0, ease));
}

export function sentencesOf(text: string, language: string): string[] {
	const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
	return [...segmenter.segment(text)].map(({ segment }) => segment.trim()).filter(Boolean);
}

/** By groups of vowels; the silent e of English doesn't count. */
function syllablesOf(word: string, code: string): number {
	const spoken = code === 'en' ? word.replace(/(?<=[^aeiouyl])e$|(?<=[^aeiou]l)es$|(?<=[^aeiouytd])ed$/, '') : word;
	return Math.max(1, (spoken.match(code === 'ru' ? RUSSIAN_VOWELS : VOWELS) ?? []).length);
}
