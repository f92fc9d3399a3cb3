/** Which switches are made when not all that were proposed may be. */
import { describe, expect, it } from 'vitest';

import type { Saving } from '../../../core/cost/savings';
import { identifySavings, SAVING_LIMITS } from '../../../core/cost/savings';
import { SWITCH_LIMITS, switchProviders } from '../../../core/cost/switch';
import { bestSet, subsetsOf } from '../../../core/cost/together';
import { updateConfiguration } from '../../../core/routing/configuration';
import type { SwitchableStage } from '../../../core/routing/stages';
import { FLOOR, generateMonth, recordMonth } from '../../support/month';
import { temporaryStore } from '../../support/store';

const author = { by: 'ana', reason: 'a test' };

const saving = (stage: SwitchableStage, usd: number): Saving => ({
	...{ kind: 'switch', stage, what: '', saving_usd: usd, monthly_usd: usd, confidence: 0.99, risk: 'low', evidence: [] },
	...{ from: { provider: 'old', model: 'one' }, to: { provider: 'new', model: stage }, alone: true },
});

/** Now 0.86: script and voice take 0.04 each, the dearer image gives 0.04; the floor is 0.80. */
const plan = {
	savings: [saving('script', 5), saving('voice', 7), saving('image', -1)],
	together: [
		{ stages: ['script' as const], confidence: 0.99 },
		{ stages: ['voice' as const], confidence: 0.98 },
		{ stages: ['image' as const], confidence: 1 },
		{ stages: ['script' as const, 'image' as const], confidence: 1 },
		{ stages: ['voice' as const, 'image' as const], confidence: 1 },
		{ stages: ['script' as const, 'voice' as const, 'image' as const], confidence: 0.96 },
	],
};

const switched = async (limits: object, before: object = {}) => {
	const store = await temporaryStore();
	if (Object.keys(before).length > 0) await updateConfiguration(store, before, author);
	const { switches, left } = await switchProviders(store, plan, { ...SWITCH_LIMITS, ...limits }, { ...author, apply: true });
	return { made: switches.map(({ stage }) => stage), left: Object.fromEntries(left.map(({ stage, why }) => [stage, why])) };
};

describe('switches that are made without the others', () => {
	it('are those that hold the floor together, and save most', async () => {
		const { made, left } = await switched({});
		expect(made).toEqual(['voice']);
		expect(left).toEqual({ script: expect.stringContaining('not certain'), image: expect.stringContaining('dearer') });
	});

	it('are as certain as is wanted, for themselves', async () => {
		expect((await switched({ leastConfidence: 0.985 })).made).toEqual(['script']);
		expect((await switched({ leastConfidence: 1 })).made).toEqual([]);
	});

	it('hold it together with those that were begun before', async () => {
		const begun = { voice: { trial: { provider: 'new', model: 'voice', share: 0.2 } } };
		expect((await switched({}, begun)).made).toEqual([]);
		expect((await switched({ stages: ['script'] }, { image: { standard: { provider: 'new', model: 'image' } } })).made).toEqual(['script']);
	});

	it('are all together, or one that holds the floor alone, where nobody has said which sets do', () => {
		const { savings } = plan;
		const all = { proposed: savings, begun: [], leastConfidence: 0.95 };
		expect(bestSet({ ...all, able: savings })).toHaveLength(3);
		expect(bestSet({ ...all, able: savings.slice(0, 2) }).map(({ stage }) => stage)).toEqual(['voice']);
		expect(bestSet({ ...all, proposed: savings.map((one) => ({ ...one, alone: false })), able: savings.slice(0, 2) })).toEqual([]);
	});

	it('are told with each proposal: every set of them that stays over the floor, by the scores that were seen', async () => {
		const store = await temporaryStore();
		await recordMonth(store, generateMonth(3, 2_000, store.clock.now()));
		const { savings, together } = await identifySavings(store, { ...SAVING_LIMITS, qualityFloor: FLOOR });
		const stages = savings.filter(({ kind }) => kind === 'switch').map(({ stage }) => stage);
		expect(together.map((set) => [...set.stages].sort())).toContainEqual([...stages].sort());
		expect(together.length).toBeLessThanOrEqual(subsetsOf(stages).length);
		for (const { confidence } of together) expect(confidence).toBeGreaterThanOrEqual(0.95);
	});
});
