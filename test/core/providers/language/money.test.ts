/** Language over several providers: who does the work, what it costs, and that nothing is paid without need. */
import { describe, expect, it } from 'vitest';

import type { Budget } from '../../../../core/cost/budget';
import { generateMetadata } from '../../../../core/providers/language/metadata';
import { modelOfTier, reviewerModel } from '../../../../core/providers/language/models';
import { reviewScript } from '../../../../core/providers/language/review';
import { generateScript, type ScriptInput } from '../../../../core/providers/language/script';
import type { Sandbox } from '../../../../sandbox/server';
import { queuedJob } from '../../../support/job';
import { billedBy, expectAccountedFor, ledgerOf } from '../../../support/money';
import { temporarySandbox } from '../../../support/sandbox';
import { temporaryStore } from '../../../support/store';

import { asked, candidateOn, depsOn, FAILURES, PROVIDER_IDS, say } from './providers';

const input: ScriptInput = { topic: 'Why volcanoes erupt', style: 'calm', durationS: 60, language: 'en' };

const billed = (sandbox: Sandbox) => billedBy(sandbox, PROVIDER_IDS, 'language');

const POST = { method: 'POST' };

/** A job of its own in a store of its own, and all providers in turn, the named one first. */
async function scene(first = PROVIDER_IDS[0]!, budget: Budget = {}) {
	const sandbox = await temporarySandbox();
	const store = await temporaryStore();
	await queuedJob(store, {}, budget);
	const order = [first, ...PROVIDER_IDS.filter((id) => id !== first)];
	// one of Anthropic that has no room to think beside the answer
	const candidates = order.map((id) => candidateOn(sandbox, id, modelOfTier(id, id === 'anthropic' ? 'fallback' : 'standard')));
	const deps = await depsOn(sandbox, candidates, { store, videoId: 'v-1' });
	const write = async (wanted = input) => await generateScript(wanted, deps);
	return { sandbox, store, order, deps, write };
}

it('an answer whose tokens are not told is in the ledger at an estimate, and the result says so', async () => {
	const { store, deps } = await scene('openai');
	const [first] = deps.candidates;
	const untold = { ...first!.provider, complete: async (request: never) => ({ ...(await first!.provider.complete(request)), isUsageUntold: true, usage: NO_TOKENS }) };
	const { costs, warnings } = await generateScript(input, { ...deps, candidates: [{ ...first!, provider: untold }] });
	expect(warnings.join()).toContain('did not tell the tokens');
	expect(costs).toMatchObject([{ basis: 'estimated' }]);
	expect(costs[0]?.micro_usd).toBeGreaterThan(0);
	expect((await ledgerOf(store)).map(({ micro_usd, state }) => [micro_usd, state])).toEqual([[costs[0]?.micro_usd, 'settled']]);
});

const NO_TOKENS = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

describe.each(PROVIDER_IDS)('the ledger says what %s billed', (id) => {
	it('for a script, written once', async () => {
		const { sandbox, store, write } = await scene(id);
		const { costs, tried } = await write();
		expect(billed(sandbox)).toHaveLength(1);
		expect(await expectAccountedFor(store, billed(sandbox))).toBe(0);
		expect(costs.map(({ micro_usd }) => micro_usd)).toEqual(billed(sandbox).map(({ micro_usd }) => micro_usd));
		expect(tried).toMatchObject([{ provider: id, outcome: 'used', cost_usd: billed(sandbox)[0]!.micro_usd / 1_000_000 }]);
	});

	it('for one whose length was corrected', async () => {
		const { sandbox, store, write } = await scene(id);
		sandbox.faults.add({ service: id, kind: 'wrong-length', factor: 0.5, match: POST });
		const { provider, costs } = await write();
		expect(provider).toBe(id);
		expect(billed(sandbox)).toHaveLength(2);
		expect(await expectAccountedFor(store, billed(sandbox))).toBe(0);
		expect(costs[0]?.micro_usd).toBe(billed(sandbox).reduce((sum, { micro_usd }) => sum + micro_usd, 0));
	});

	it('for one that was cut off and repaired', async () => {
		const { sandbox, store, write } = await scene(id);
		sandbox.faults.add({ service: id, kind: 'wrong-length', factor: 10, match: POST });
		const { provider } = await write({ ...input, durationS: 300 });
		expect(provider).toBe(id);
		expect(asked(sandbox, id)[1]?.messages.at(-1)?.content).toContain('cut off');
		expect(billed(sandbox)).toHaveLength(asked(sandbox, id).length);
		expect(await expectAccountedFor(store, billed(sandbox))).toBe(0);
	});

	it('when its answer got lost: what it may have cost stays in the ledger', async () => {
		const { sandbox, store, write } = await scene(id);
		sandbox.faults.add({ service: id, kind: 'drop-answer', match: POST });
		await write();
		expect(billed(sandbox)).toHaveLength(2);
		expect(await expectAccountedFor(store, billed(sandbox))).toBe(1);
	});

	it('when the next provider had to do it', async () => {
		const { sandbox, store, order, write } = await scene(id);
		// an answer that can't be used is paid, and so is its repair
		sandbox.faults.add({ service: id, kind: 'wrong-length', factor: 10, times: 2, match: POST });
		const { provider, tried, costs } = await write({ ...input, durationS: 300 });
		expect(provider).toBe(order[1]);
		expect(tried).toMatchObject([
			{ provider: id, outcome: 'failed', error_class: 'unavailable', reason: 'invalid-output' },
			{ provider: order[1], outcome: 'used' },
		]);
		expect(tried[0]?.cost_usd).toBeGreaterThan(0);
		expect(costs.map((cost) => cost.provider)).toEqual(order.slice(0, 2));
		expect(await expectAccountedFor(store, billed(sandbox))).toBe(0);
	});

	it('is nothing more when the job runs again', async () => {
		const { sandbox, store, write } = await scene(id);
		sandbox.faults.add({ service: id, kind: 'wrong-length', factor: 0.5, match: POST });
		const first = await write();
		const paid = billed(sandbox);
		const again = await write();
		expect(again).toEqual(first);
		expect(billed(sandbox)).toEqual(paid);
		expect(await ledgerOf(store)).toHaveLength(paid.length);
	});

	it.each(FAILURES[id].filter(({ errorClass }) => errorClass !== 'invalid-request'))(
		'is nothing after $status $reason: the next one does it',
		async ({ status, reason, errorClass }) => {
			const { sandbox, store, order, write } = await scene(id);
			sandbox.faults.add({ service: id, kind: 'status', status, reason, times: 0, match: POST });
			const { provider, tried } = await write();
			expect(provider).toBe(order[1]);
			expect(tried[0]).toMatchObject({ provider: id, outcome: 'failed', error_class: errorClass, cost_usd: 0 });
			expect(await expectAccountedFor(store, billed(sandbox))).toBe(0);
		},
	);
});

describe.each(['openai', 'anthropic'] as const)('a refusal of %s', (id) => {
	it('was billed, is not asked for again, and leads to the next provider', async () => {
		const { sandbox, store, order, write } = await scene(id);
		sandbox.faults.add({ service: id, kind: 'refusal', times: 0, match: POST });
		const { tried, warnings } = await write();
		expect(tried).toMatchObject([
			{ provider: id, outcome: 'failed', error_class: 'refused', reason: 'refusal', cost_usd: billed(sandbox).find(({ provider }) => provider === id)!.micro_usd / 1_000_000 },
			{ provider: order[1], outcome: 'used' },
		]);
		expect(warnings[0]).toContain(`${id} could not be used`);
		expect(billed(sandbox)).toHaveLength(2);
		expect(await expectAccountedFor(store, billed(sandbox))).toBe(0);
		await write();
		expect(billed(sandbox)).toHaveLength(2);
	});
});

describe('a budget', () => {
	it('that has no room for an answer and its repair refuses before anything is sent, with the figures', async () => {
		const { sandbox, store, deps } = await scene('openai', { video: 30_000 });
		const alone = { ...deps, candidates: deps.candidates.slice(0, 1) };
		await expect(generateScript(input, alone)).rejects.toMatchObject({
			errorClass: 'quota-exhausted',
			reason: 'budget-exceeded',
			message: expect.stringMatching(/^Video v-1 has a budget of \$0\.03, of which \$0\.00 are spent: the stage script may take up to \$0\.0\d+$/),
		});
		expect(asked(sandbox, 'openai')).toHaveLength(0);
		expect(await ledgerOf(store)).toEqual([]);
	});

	it('that is too small for one provider leaves the work to a cheaper one', async () => {
		const { sandbox, store, deps } = await scene('openai', { video: 30_000 });
		const cheap = candidateOn(sandbox, 'anthropic', modelOfTier('anthropic', 'fallback'));
		const { tried } = await generateScript(input, { ...deps, candidates: [...deps.candidates.slice(0, 1), cheap] });
		expect(tried).toMatchObject([{ provider: 'openai', reason: 'budget-exceeded', cost_usd: 0 }, { provider: 'anthropic', outcome: 'used' }]);
		expect(await expectAccountedFor(store, billed(sandbox))).toBe(0);
	});

	it('that is used up doesn’t keep a job from what it paid for already', async () => {
		const { sandbox, store, deps, write } = await scene('openai', { video: 70_000 });
		const first = await write();
		const { script } = first;
		await store.db.updateTable('jobs').set({ budget: JSON.stringify({ video: 1_000 }) }).execute();
		expect(await write()).toEqual(first);
		await expect(generateMetadata({ script }, deps)).rejects.toMatchObject({ errorClass: 'quota-exhausted' });
		expect(billed(sandbox)).toHaveLength(1);
	});

	it('without room for a correction leaves the script as it is', async () => {
		const { sandbox, store, write } = await scene('openai', { video: 70_000 });
		sandbox.faults.add({ service: 'openai', kind: 'wrong-length', factor: 1.9, match: POST });
		const { provider, warnings } = await write();
		expect(provider).toBe('openai');
		expect(warnings).toEqual([expect.stringContaining('60 s were asked for')]);
		expect(await expectAccountedFor(store, billed(sandbox))).toBe(0);
	});
});

describe('an estimate', () => {
	it.each([
		['plain words', 'Why volcanoes erupt'],
		['emoji', `Lava ${'🌋👩‍👩‍👧'.repeat(40)}`],
		['Arabic', 'لماذا تثور البراكين'.repeat(20)],
		['Chinese', '火山为什么会喷发'.repeat(50)],
	])('is never below the bill: %s', async (_name, topic) => {
		for (const id of PROVIDER_IDS) {
			const { sandbox, store, write } = await scene(id);
			sandbox.faults.add({ service: id, kind: 'drop-answer', match: POST });
			await write({ ...input, topic, durationS: 30 });
			const lost = billed(sandbox)[0]!;
			const open = (await ledgerOf(store)).find(({ state }) => state === 'open')!;
			expect(open.micro_usd).toBeGreaterThan(lost.micro_usd);
		}
	});
});

describe('an unusable answer', () => {
	it('is asked for anew when a person lets the job run again', async () => {
		const { sandbox, deps } = await scene();
		const alone = { ...deps, candidates: deps.candidates.slice(0, 1) };
		say(sandbox, 'Sure!');
		say(sandbox, 'Sure!!');
		await expect(generateScript(input, alone)).rejects.toMatchObject({ reason: 'invalid-output' });
		expect((await generateScript(input, alone)).provider).toBe('openai');
		expect(asked(sandbox, 'openai')).toHaveLength(3);
	});
});

describe('a review', () => {
	const script = {
		title: 'Volcanoes',
		description: '',
		tags: [],
		language: 'en',
		scenes: [{ id: 'a', narration: 'The mountain wakes slowly.', visual_query: 'lava', on_screen_text: '' }],
	};

	it('is never the writer’s own, also when another provider has to judge', async () => {
		const { sandbox, deps } = await scene();
		const writer = modelOfTier('anthropic', 'premium');
		sandbox.faults.add({ service: 'openai', kind: 'status', status: 401, times: 0 });
		const first = candidateOn(sandbox, 'openai');
		const same = candidateOn(sandbox, 'anthropic', writer);
		const other = candidateOn(sandbox, 'anthropic', reviewerModel('anthropic', writer));
		const adapted = await reviewScript({ script, writer }, { ...deps, candidates: [first, other] });
		expect(adapted).toMatchObject({ provider: 'anthropic', model: modelOfTier('anthropic', 'standard'), tried: [{ outcome: 'failed' }, {}] });
		await expect(reviewScript({ script, writer }, { ...deps, candidates: [first, same] })).rejects.toMatchObject({ errorClass: 'auth' });
	});
});

describe('the end of a model', () => {
	const announce = (sandbox: Sandbox, times = 1) =>
		sandbox.faults.add({
			service: 'openai',
			kind: 'status',
			status: 200,
			times,
			body: { id: 'gpt-6.1-terra', object: 'model', created: 1, owned_by: 'openai', shutdown_date: '2027-03-01' },
			match: { path: '/v1/models' },
		});
	const looks = (sandbox: Sandbox) => sandbox.recorder.list({ service: 'openai', path: '/v1/models' });

	it('is asked for once a day, and told in every document', async () => {
		const { sandbox, store, deps, write } = await scene();
		announce(sandbox, 0);
		const warning = 'gpt-6.1-terra will be switched off on 2027-03-01';
		const { script, warnings } = await write();
		expect(warnings).toContain(warning);
		expect((await generateMetadata({ script }, deps)).warnings).toContain(warning);
		expect((await reviewScript({ script, writer: 'other' }, deps)).warnings).toContain(warning);
		expect(looks(sandbox)).toHaveLength(1);
		store.clock.pass(25 * 3_600_000);
		await write();
		expect(looks(sandbox)).toHaveLength(2);
	});

	it('is not asked for when the account has no request left', async () => {
		const { sandbox, deps } = await scene();
		announce(sandbox);
		const one = { ...candidateOn(sandbox, 'openai'), perMinute: 1 };
		expect((await generateScript(input, { ...deps, candidates: [one] })).warnings).toEqual([]);
		expect(looks(sandbox)).toHaveLength(0);
	});
});
