/** Savings on a month of recorded use whose best plan is known by brute force. */
import { describe, expect, it } from 'vitest';

import { identifySavings, SAVING_LIMITS } from '../../../core/cost/savings';
import { bestByBruteForce, FLOOR, generateMonth, recordMonth } from '../../support/month';
import { temporaryStore } from '../../support/store';

const SEEDS = Array.from({ length: 8 }, (_, index) => index + 1);

describe('the plan', () => {
	it.each(SEEDS)('costs at most a fiftieth more than the best of all assignments, and is truly over the floor (seed %i)', async (seed) => {
		const store = await temporaryStore();
		const month = generateMonth(seed, 3_000, store.clock.now());
		await recordMonth(store, month);
		const best = bestByBruteForce(month);
		const found = await identifySavings(store, { ...SAVING_LIMITS, qualityFloor: FLOOR });
		expect(found.planned_usd * 1e6).toBeLessThanOrEqual(best.micro * 1.02);
		let quality = month.base;
		for (const [stage, arms] of Object.entries(month.arms)) {
			const to = found.savings.find((one) => one.kind === 'switch' && one.stage === stage)?.to;
			const all = month.videos.length;
			quality += to
				? arms.find((arm) => arm.provider === to.provider && arm.model === to.model)!.effect
				: month.videos.reduce((sum, { used }) => sum + arms[used[stage as 'script']!]!.effect, 0) / all;
		}
		expect(quality).toBeGreaterThanOrEqual(FLOOR);
	});
});
