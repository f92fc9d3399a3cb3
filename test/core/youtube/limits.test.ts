import { describe, expect, it } from 'vitest';

import { fitDescription, fitTags, fitTitle, tagsLength } from '../../../core/youtube/limits';

describe('a title', () => {
	it('is cut between words at 100 characters, with a warning', () => {
		const { value, warnings } = fitTitle('word '.repeat(40));
		expect(value.length).toBeLessThanOrEqual(100);
		expect(value).toMatch(/word…$/);
		expect(warnings).toHaveLength(1);
	});

	it('counts emoji as YouTube may: by UTF-16 units', () => {
		expect(fitTitle('🌋'.repeat(80)).value.length).toBeLessThanOrEqual(100);
	});

	it('loses angle brackets and control characters', () => {
		expect(fitTitle('<b>Volcanoes\u0007</b>').value).toBe('bVolcanoes/b');
	});
});

describe('a description', () => {
	it('is cut to 5000 bytes without breaking a character', () => {
		const { value, warnings } = fitDescription('ü'.repeat(4000));
		expect(Buffer.byteLength(value)).toBeLessThanOrEqual(5000);
		expect(value).toMatch(/^ü+…$/);
		expect(warnings).toHaveLength(1);
	});

	it('keeps its lines', () => {
		expect(fitDescription('a\r\nb').value).toBe('a\nb');
	});
});

describe('tags', () => {
	it('are counted with commas, and with quotation marks around spaces', () => {
		expect(tagsLength([])).toBe(0);
		expect(tagsLength(['sea'])).toBe(3);
		expect(tagsLength(['sea', 'deep sea'])).toBe(3 + 1 + 8 + 2);
	});

	it('are left out beyond 500 characters, with a warning', () => {
		const { value, warnings } = fitTags(Array.from({ length: 60 }, (_, i) => `a tag no ${i}`));
		expect(tagsLength(value)).toBeLessThanOrEqual(500);
		expect(tagsLength(value)).toBeGreaterThan(480);
		expect(warnings[0]).toContain('60 tags');
	});

	it('come without repeats, emptiness, commas and hash signs', () => {
		expect(fitTags(['Sea', 'sea ', '', '#ocean', 'a,b', '<>']).value).toEqual(['Sea', 'ocean', 'a b']);
	});
});
