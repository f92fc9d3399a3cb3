/** What calls cost, by dated profile. */
import { describe, expect, it } from 'vitest';

import { YtempireError } from '../../../core/errors';
import { costOf, DEFAULT_POLICY, rejectedCost } from '../../../core/pool/quota';
import { costOfFailure } from '../../../core/pool/spend';

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

	it.each([
		['rejected', { httpStatus: 400, reason: 'invalidVideoMetadata' }, 1],
		['that broke in the middle', { httpStatus: 503, reason: 'backendError' }, 1600],
		['whose answer was never heard', { reason: 'ECONNRESET' }, 1600],
		['that never left', { reason: 'ECONNREFUSED' }, 0],
		['for which nothing was left', { httpStatus: 403, reason: 'quotaExceeded' }, 0],
	])('price a call %s by what it may have done', (_what, said, cost) => {
		const error = new YtempireError('unavailable', 'No', { provider: 'youtube', ...said });
		expect(costOfFailure({ ...DEFAULT_POLICY, profile: 'january-2025' }, 'videos.insert', error)).toBe(cost);
	});
});
