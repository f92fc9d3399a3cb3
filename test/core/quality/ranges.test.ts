/** Arithmetic of stretches of time. */
import { describe, expect, it } from 'vitest';

import { bridged, intersection, longestOf, totalOf } from '../../../core/quality/ranges';

const range = (start_s: number, end_s: number) => ({ start_s, end_s });

describe('ranges', () => {
	it('meet where both are, and nowhere when they only touch', () => {
		expect(intersection([range(0, 2), range(5, 9)], [range(1, 6), range(9, 10)])).toEqual([range(1, 2), range(5, 6)]);
	});

	it('become one across gaps that are small enough', () => {
		expect(bridged([range(0, 1), range(1.5, 2), range(4, 5)], 0.5)).toEqual([range(0, 2), range(4, 5)]);
	});

	it('have a total and a longest, also when there is none', () => {
		expect([totalOf([range(0, 1), range(2, 4)]), longestOf([range(0, 1), range(2, 4)])]).toEqual([3, 2]);
		expect([totalOf([]), longestOf([])]).toEqual([0, 0]);
	});
});
