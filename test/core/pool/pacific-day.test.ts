/** YouTube's day. */
import { describe, expect, it } from 'vitest';

import { nextPacificMidnight, pacificDay } from '../../../core/pool/pacific-day';

const at = (iso: string) => Date.parse(iso);

describe('the Pacific day', () => {
	it('ends at 8:00 UTC in winter and at 7:00 UTC in summer', () => {
		expect(pacificDay(at('2026-11-22T07:59:59Z'))).toBe('2026-11-21');
		expect(pacificDay(at('2026-11-22T08:00:00Z'))).toBe('2026-11-22');
		expect(pacificDay(at('2026-07-01T06:59:59Z'))).toBe('2026-06-30');
		expect(nextPacificMidnight(at('2026-07-01T12:00:00Z')).toISOString()).toBe('2026-07-02T07:00:00.000Z');
	});

	it('has 23 hours when summer time begins and 25 when it ends', () => {
		expect(nextPacificMidnight(at('2026-03-08T09:00:00Z')).toISOString()).toBe('2026-03-09T07:00:00.000Z');
		expect(nextPacificMidnight(at('2026-11-01T07:00:00Z')).toISOString()).toBe('2026-11-02T08:00:00.000Z');
	});
});
