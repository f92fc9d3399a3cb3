/** Whether an account serves, and what is said of one that doesn't. */
import { describe, expect, it } from 'vitest';

import { judge, type Candidate } from '../../../core/pool/choose';
import { testPool } from '../../support/pool';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const DAY_ENDS = new Date('2026-11-23T08:00:00Z');
const { accounts } = testPool();

const candidate = (place: number, more: Partial<Candidate> = {}): Candidate => ({
	account: accounts[place]!, leasedUntil: 0, restsUntil: 0, restReason: '', failures: 0, projectRestsUntil: 0, projectRestReason: '',
	quarantineReason: '', spends: [], ...more,
});

const full: Candidate['spends'] = [
	{
		spend: { scope: 'project:p', bucket: 'video_uploads', day: '2026-11-22', cost: 1, limit: 90 },
		usage: { used: 90, exhausted: false },
	},
];

describe('an account', () => {
	it('serves again in the moment when its rest and its lease end', () => {
		expect(judge(candidate(0, { restsUntil: NOW + 1 }), NOW, DAY_ENDS)).toMatchObject({ kind: 'resting', until: NOW + 1 });
		expect(judge(candidate(0, { leasedUntil: NOW + 1 }), NOW, DAY_ENDS)).toMatchObject({ kind: 'busy', until: NOW + 1 });
		expect(judge(candidate(0, { restsUntil: NOW, leasedUntil: NOW }), NOW, DAY_ENDS)).toEqual({ serves: true });
	});

	it('that is at work and has nothing left for another video is not worth waiting for', () => {
		expect(judge(candidate(0, { leasedUntil: NOW + 1, spends: full }), NOW, DAY_ENDS)).toMatchObject({
			kind: 'exhausted', until: DAY_ENDS.getTime(),
		});
	});

	it('in quarantine has no time at which it is free, whatever else it waits for', () => {
		const verdict = judge(candidate(0, { quarantineReason: 'invalid_grant', restsUntil: NOW + 1, spends: full }), NOW, DAY_ENDS);
		expect(verdict).toEqual({ serves: false, kind: 'quarantined', why: 'in quarantine (invalid_grant)' });
	});
});
