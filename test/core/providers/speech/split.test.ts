import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { sentencesOf, splitText } from '../../../../core/providers/speech/split';

const characters = (most: number) => ({ most, sizeOf: (text: string) => [...text].length });
const bytes = (most: number) => ({ most, sizeOf: (text: string) => Buffer.byteLength(text) });

const letters = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '');

describe('a text', () => {
	it('that fits stays whole', () => {
		expect(splitText('One. Two.', characters(9), 'en')).toEqual(['One. Two.']);
	});

	it('is cut at the ends of sentences, as few times as it goes', () => {
		const text = 'The sea is deep. It is blue. Who lives there? Nobody knows!';
		expect(splitText(text, characters(30), 'en')).toEqual(['The sea is deep. It is blue.', 'Who lives there? Nobody knows!']);
	});

	it('of one long sentence is cut at its clauses, then its words, then its letters', () => {
		expect(splitText('The sea, which is deep, and blue, is cold.', characters(20), 'en')).toEqual(['The sea,', 'which is deep,', 'and blue, is cold.']);
		expect(splitText('one two three four five', characters(9), 'en')).toEqual(['one two', 'three', 'four five']);
		expect(splitText('abcdefghij', characters(4), 'en')).toEqual(['abcd', 'efgh', 'ij']);
	});

	it('in letters of several bytes keeps to a limit of bytes', () => {
		for (const part of splitText('Größe über alles. Äpfel für jeden. Öl und Übermut.', bytes(25), 'de')) {
			expect(Buffer.byteLength(part)).toBeLessThanOrEqual(25);
		}
	});

	it.each([
		['ja', '海は深いです。とても青いです。誰が住んでいますか。', ['海は深いです。とても青いです。', '誰が住んでいますか。'], 16],
		['zh', '海很深。它是蓝色的。谁住在那里？没有人知道。', ['海很深。它是蓝色的。', '谁住在那里？没有人知道。'], 12],
	])('in %s, which writes no spaces, is cut at its own points', (language, text, parts, most) => {
		expect(splitText(text, characters(most), language)).toEqual(parts);
	});

	it('in Thai, which writes no points either, is cut between words', () => {
		const text = 'ทะเลลึกมากและเป็นสีฟ้าสวยงามไม่มีใครรู้ว่าใครอาศัยอยู่ที่นั่น';
		const words = [...new Intl.Segmenter('th', { granularity: 'word' }).segment(text)].map(({ index }) => index);
		let at = 0;
		const parts = splitText(text, characters(20), 'th');
		for (const part of parts) {
			expect(words).toContain(at);
			at += part.length;
		}
		expect(parts.join('')).toBe(text);
	});

	it('is never cut within an emoji of several people', () => {
		const family = '👩‍👩‍👧‍👦';
		expect(splitText(`a${family}b${family}c`, characters(8), 'en')).toEqual([`a${family}`, `b${family}`, 'c']);
	});

	it('keeps every letter, and every part its limit, whatever it is', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 8, max: 60 }), (text, most) => {
				const parts = splitText(text, characters(most), 'en');
				expect(letters(parts.join(''))).toBe(letters(text));
				for (const part of parts) expect([...part].length).toBeLessThanOrEqual(Math.max(most, 1));
			}),
			{ numRuns: 200 },
		);
	});
});

describe('a sentence does not end', () => {
	it.each([
		['an abbreviation', 'en', ['Dr. Smith met Mrs. Jones at St. Mary. ', 'She left.']],
		['e.g. and i.e.', 'en', ['Use salt, e.g. Sea salt, i.e. the good one. ', 'Then eat.']],
		['a country', 'en', ['The U.S. Navy sails. ', 'It is large.']],
		['a decimal number', 'en', ['It costs 3.50 dollars, or 1,000.5 yen. ', 'Not much.']],
		['initials', 'en', ['J. S. Bach wrote it. ', 'We hear it.']],
		['an ellipsis', 'en', ['Wait... there is more. ', 'Listen.']],
		['an ordinal', 'de', ['Am 3. Oktober feiern wir. ', 'Dann ist Ruhe.']],
		['z. B.', 'de', ['Obst, z. B. Äpfel, ist gut. ', 'Iss es.']],
		['a title', 'es', ['El Sr. López llegó. ', 'La Sra. Ruiz no.']],
	])('at %s', (_name, language, sentences) => {
		expect(sentencesOf(sentences.join(''), language)).toEqual(sentences);
	});
});
