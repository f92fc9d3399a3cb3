import { describe, expect, it } from 'vitest';

import { cleanText, cutAtWord, speechText, spokenSeconds, wordCount } from '../../core/text';

describe('cleanText', () => {
	it('takes out control characters, and invisible ones that hide or reorder text', () => {
		expect(cleanText('a\u0000b\u001b[31mc\u202eevil\u2066\u{e0041}d\ufeff')).toBe('ab[31mcevild');
	});

	it('takes out broken surrogates', () => {
		expect(cleanText('a\ud800b')).toBe('ab');
	});

	it('leaves emoji families, right-to-left text and combining marks whole', () => {
		const text = '👩‍👩‍👧 العربية é नमस्ते';
		expect(cleanText(text)).toBe(text);
	});

	it('keeps lines only when asked to', () => {
		expect(cleanText('a \r\n\n\n\n b')).toBe('a b');
		expect(cleanText('a \r\n\n\n\n b', { keepLines: true })).toBe('a\n\nb');
	});
});

describe('speechText', () => {
	it.each([
		['[VISUAL: waves at dusk] The sea [PAUSE] is deep.', 'The sea is deep.'],
		['Stop (PAUSE). [music swells] Go!', 'Stop. Go!'],
		['Wait <break time="3s"/> here', 'Wait here'],
		['{\\an8\\c&HFF&}Top {\\k20}text', 'Top text'],
		['[B-ROLL]', ''],
		['[VISUAL: a sign [old] on a wall] It wakes.', 'It wakes.'],
		[`[VISUAL: ${'waves and '.repeat(60)}foam] It wakes.`, 'It wakes.'],
		['[ПАУЗА] Море [ВИЗУАЛ: волны] глубокое.', 'Море глубокое.'],
		['［PAUSE］海は【VISUAL: 波】深い。（PAUSE）', '海は 深い。'],
		['大海[停顿]很深。', '大海 很深。'],
		['see array[ [PAUSE] 0]', 'see array[ 0]'],
	])('speaks %j as %j', (narration, spoken) => {
		expect(speechText(narration)).toBe(spoken);
	});

	it.each(['The agency (NASA) flew', 'if a < b and c > d', 'Sound (which is slow) travels', 'array[0] is first'])(
		'leaves %j alone',
		(narration) => {
			expect(speechText(narration)).toBe(narration);
		},
	);

	it('is quick on 100,000 hostile characters', () => {
		const began = performance.now();
		for (const piece of ['[PAUSE', '<a', '{\\', '((', '[A', '[', '[]', '（PAUSE']) speechText(piece.repeat(100_000 / piece.length));
		expect(performance.now() - began).toBeLessThan(2000);
	});
});

describe('speechText of what a model wrote for us', () => {
	it.each([
		['The sea [Pausa] is deep [wide shot of waves].', 'The sea is deep.'],
		['array[i] is first, [1, 2] are all', 'array[i] is first, [1, 2] are all'],
	])('speaks %j as %j', (narration, spoken) => {
		expect(speechText(narration, { isOurs: true })).toBe(spoken);
	});

	it('is quick on brackets in brackets', () => {
		const began = performance.now();
		speechText('['.repeat(50_000) + ']'.repeat(50_000), { isOurs: true });
		expect(performance.now() - began).toBeLessThan(2000);
	});
});

describe('counting', () => {
	it('counts words, also without spaces between them', () => {
		expect(wordCount("Don't panic: 3.5 metres")).toBe(4);
		expect(wordCount('海は深くて青い', 'ja')).toBeGreaterThan(2);
	});

	it('gives seconds at 150 words a minute', () => {
		expect(spokenSeconds(150)).toBe(60);
		expect(spokenSeconds(1)).toBe(0.4);
	});

	it('cuts between words', () => {
		expect(cutAtWord('one two three', 9)).toBe('one two…');
		expect(cutAtWord('one', 9)).toBe('one');
	});
});
