/** What calls cost, by dated profile. */
import { describe, expect, it } from 'vitest';

import { costOf, DEFAULT_POLICY, rejectedCost } from '../../../core/pool/quota';

describe('the cost profiles', () => {
	it.each([
		['june-2026', { bucket: 'video_uploads', cost: 1, limit: 90 }],
		['december-2025', { bucket: 'general', cost: 100, limit: 9000 }],
		['january-2025', { bucket: 'general', cost: 1600, limit: 9000 }],
	] as const)('price an insert of %s', (profile, expected) => {
		expect(costOf({ ...DEFAULT_POLICY, profile }, 'videos.insert')).toEqual(expected);
	});

	it('take the safe share of what Google granted in place of the profile’s', () => {
		const policy = { ...DEFAULT_POLICY, limits: { video_uploads: 500 }, safeShare: 0.8 };
		expect(costOf(policy, 'videos.insert').limit).toBe(400);
	});

	it('price a rejected call at one unit', () => {
		expect(rejectedCost({ ...DEFAULT_POLICY, profile: 'january-2025' }, 'videos.insert')).toBe(1);
	});
});
