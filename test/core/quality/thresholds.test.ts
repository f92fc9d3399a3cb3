/** Lines of one's own, for all channels and for one. */
import { describe, expect, it } from 'vitest';

import { THRESHOLDS } from '../../../core/quality/table';
import { thresholdsFor } from '../../../core/quality/thresholds';

describe('thresholds', () => {
	it('are the table\'s when nothing is given', () => {
		expect(thresholdsFor('', 'UC1')).toEqual(THRESHOLDS);
		expect(thresholdsFor(undefined, '')).toEqual(THRESHOLDS);
	});

	it('of a channel go before those of all channels, and leave the rest alone', () => {
		const given = JSON.stringify({ default: { loudnessTarget: -16, freeze: { pass: 4 } }, UC1: { freeze: { pass: 6 } } });
		expect(thresholdsFor(given, 'UC1')).toEqual({ ...THRESHOLDS, loudnessTarget: -16, freeze: { pass: 6, warn: 6, zero: 10 } });
		expect(thresholdsFor(given, 'UC2').freeze).toEqual({ pass: 4, warn: 4, zero: 10 });
	});

	it('hold a score for all channels and one\'s own, which goes before the one for a single video', () => {
		const given = { default: { score: 0.8 }, UC1: { score: 0.85 } };
		expect(thresholdsFor(given, 'UC1', 0.6).score).toBe(0.85);
		expect(thresholdsFor(given, 'UC2', 0.6).score).toBe(0.8);
		expect(thresholdsFor({ UC1: { freeze: { pass: 6 } } }, 'UC1', 0.6).score).toBe(0.6);
	});

	it.each([['{"UC1": {"nonsense": 1}}'], ['{"UC1": {"freeze": {"pass": "long"}}}'], ['freeze'], ['[1]']])('refuse %s, and say what there is', (given) => {
		expect(() => thresholdsFor(given, 'UC1')).toThrow(expect.objectContaining({ reason: 'invalid-thresholds' }) as Error);
	});

	it('don\'t take a name of the language for a channel', () => {
		expect(thresholdsFor('{}', '__proto__')).toEqual(THRESHOLDS);
	});
});
