/** Which candidate serves, and what is said of the others. */
import { describe, expect, it } from 'vitest';

import { choose, judge, rotated, type Candidate } from '../../../core/pool/choose';
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

describe('the choice', () => {
	it('is the first that serves, with why the ones before did not', () => {
		const choice = choose([candidate(0, { quarantineReason: 'channelClosed' }), candidate(1), candidate(2)], NOW, DAY_ENDS);
		expect(choice).toEqual({
			chosen: accounts[1], passedOver: [{ account_id: 'account-01', why: 'in quarantine (channelClosed)' }], busy: false, freeAt: undefined,
		});
	});

	it('says when the first of those that can’t serve is free again, and whether one is only busy', () => {
		const resting = candidate(0, { restsUntil: NOW + 5_000 });
		const exhausted = candidate(1, { spends: full });
		const busy = candidate(2, { leasedUntil: NOW + 9_000 });
		const quarantined = candidate(3, { quarantineReason: 'invalid_grant' });
		const seen = (...list: Candidate[]) => {
			const { busy: isBusy, freeAt } = choose(list, NOW, DAY_ENDS);
			return [isBusy, freeAt];
		};
		expect(seen(exhausted, resting)).toEqual([false, NOW + 5_000]);
		expect(seen(exhausted, busy, quarantined)).toEqual([true, NOW + 9_000]);
		expect(seen(quarantined)).toEqual([false, undefined]);
	});
});

describe('the rotation', () => {
	it('begins at the turn and goes once around', () => {
		expect(rotated(['a', 'b', 'c'], 4)).toEqual(['b', 'c', 'a']);
		expect(rotated([], 4)).toEqual([]);
	});
});
