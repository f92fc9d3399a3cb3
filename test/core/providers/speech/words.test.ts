import { describe, expect, it } from 'vitest';

import { placeWords, spreadWords, wordsOfCharacters } from '../../../../core/providers/speech/words';

/** One character every 0.1 s. */
function evenly(text: string) {
	const characters = [...text];
	return {
		characters,
		starts: characters.map((_, index) => index / 10),
		ends: characters.map((_, index) => (index + 1) / 10),
	};
}

describe('words', () => {
	it('begin with their first and end with their last character, punctuation included', () => {
		expect(wordsOfCharacters(evenly(' Hi,  you!'), 'en')).toEqual([
			{ text: 'Hi,', start_s: 0.1, end_s: 0.4 },
			{ text: 'you!', start_s: 0.6, end_s: 1 },
		]);
	});

	it('stay whole with apostrophes, hyphens, numbers and emoji', () => {
		const texts = wordsOfCharacters(evenly("Don't use state-of-the-art 3.5 👩‍👧 things"), 'en').map(({ text }) => text);
		expect(texts).toEqual(["Don't", 'use', 'state-of-the-art', '3.5', '👩‍👧', 'things']);
	});

	it('are found by dictionary where no spaces are written', () => {
		const words = wordsOfCharacters(evenly('海は深い。空は青い。'), 'ja');
		expect(words.length).toBeGreaterThan(4);
		expect(words.map(({ text }) => text).join('')).toBe('海は深い。空は青い。');
		expect(words.at(-1)?.end_s).toBe(1);
	});

	it('are in order whatever times come in', () => {
		const words = wordsOfCharacters(
			{ characters: ['a', ' ', 'b', ' ', 'c'], starts: [5, 0, -1, 0, NaN], ends: [4, 0, Infinity, 0, 2] },
			'en',
		);
		let earlier = 0;
		for (const { start_s, end_s } of words) {
			expect(start_s).toBeGreaterThanOrEqual(earlier);
			expect(end_s).toBeGreaterThanOrEqual(start_s);
			earlier = end_s;
		}
	});

	it('are spread by their letters where no times are given', () => {
		expect(spreadWords('ab cdef', 7, 'en')).toEqual([
			{ text: 'ab', start_s: 0, end_s: 2 },
			{ text: 'cdef', start_s: 3, end_s: 7 },
		]);
	});

	it('stay inside the sound they are placed in', () => {
		expect(placeWords([{ text: 'late', start_s: 0.5, end_s: 9 }], 10, 10, 11)).toEqual([
			{ text: 'late', start_s: 10.5, end_s: 11 },
		]);
	});
});
