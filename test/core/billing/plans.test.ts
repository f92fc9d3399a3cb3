/** Plans: kept by events in any order, and held against what a customer queues. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { plansInForce } from '../../../core/billing/plan-table';
import { planOfCustomer, updatePlan } from '../../../core/billing/plans';
import type { TierOfPrice } from '../../../core/billing/plans';
import { recordCost } from '../../../core/cost/ledger';
import { updateJob } from '../../../core/jobs/update';
import { queueBatch } from '../../../core/jobs/batch';
import { queueJob } from '../../../core/jobs/queue';
import { validateRequest } from '../../../core/jobs/request';
import type { Store } from '../../../core/store/store';
import { temporaryFolder } from '../../support/store';
import { describeStores } from '../../support/stores';
import { customerEvent, subscriptionEvent } from '../../support/stripe-events';

/** Noon of the test clock's day, in seconds. */
const NOON = Date.parse('2026-11-22T12:00:00Z') / 1000;
const DAY_MS = 24 * 3_600_000;

const tierOf: TierOfPrice = ({ lookupKey }) => {
	const [tier = '', interval = ''] = lookupKey.split('_');
	return tier === '' ? undefined : { tier, interval };
};

async function updates(store: Store, ...events: object[]): Promise<boolean[]> {
	const changes: boolean[] = [];
	for (const event of events) changes.push((await updatePlan(store, event, tierOf)).changed);
	return changes;
}

function request(videoId: string, customerId: string | undefined = 'user-1') {
	const validation = validateRequest({ video_id: videoId, topic: 'How volcanoes work', customer_id: customerId });
	if (!validation.valid) throw new Error('the test request is not valid');
	return validation.request;
}

const lifeOfASubscription = [
	customerEvent({ created: NOON }),
	subscriptionEvent({ type: 'created', created: NOON, status: 'incomplete' }),
	subscriptionEvent({ created: NOON, status: 'active', previous: { status: 'incomplete' } }),
	subscriptionEvent({ created: NOON, status: 'active', lookupKey: 'growth_yearly', previous: { items: {} } }),
	subscriptionEvent({ created: NOON + 60, lookupKey: 'scale_monthly', cancelAtPeriodEnd: true, periodEnd: NOON + 86_400 }),
];

/** All orders. */
function orders<T>(items: T[]): T[][] {
	if (items.length <= 1) return [items];
	return items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

describeStores('plans', (open) => {
	it('knows tier, interval, status and the end of the period by whose customer it is', async () => {
		const store = await open();
		await updates(store, ...lifeOfASubscription);
		expect(await planOfCustomer(store, 'user-1')).toEqual({
			customer_id: 'user-1',
			username: 'Ana',
			stripe_customer_id: 'cus_1',
			subscription_id: 'sub_1',
			tier: 'scale',
			interval: 'monthly',
			status: 'active',
			current_period_end: '2026-11-23T12:00:00.000Z',
			cancel_at_period_end: true,
			in_force: true,
			videos_per_day: plansInForce().tiers.scale?.videos_per_day,
			budget_usd_per_day: plansInForce().tiers.scale?.budget_usd_per_day,
		});
		expect(await planOfCustomer(store, 'user-2')).toBeNull();
	});

	it('comes to the same plan in every order of the events, also when each comes twice', async () => {
		const store = await open();
		const wanted = { tier: 'scale', status: 'active', cancel_at_period_end: true };
		for (const [index, order] of orders(lifeOfASubscription).entries()) {
			const renamed = JSON.parse(
				JSON.stringify([...order, ...order]).replaceAll('cus_1', `cus_${index}`).replaceAll('sub_1', `sub_${index}`).replaceAll('user-1', `user-${index}`),
			) as object[];
			await updates(store, ...renamed);
			expect(await planOfCustomer(store, `user-${index}`), JSON.stringify(order)).toMatchObject(wanted);
		}
	});

	it('knows whose plan it is in every order of the events where the subscription alone says it', async () => {
		const store = await open();
		const silent = [
			customerEvent({ created: NOON, metadata: {} }),
			subscriptionEvent({ type: 'created', created: NOON, status: 'incomplete', userId: 'user-1' }),
			subscriptionEvent({ created: NOON + 1, status: 'active', userId: 'user-1', previous: { status: 'incomplete' } }),
			customerEvent({ type: 'updated', created: NOON + 2, metadata: {}, previous: { email: null } }),
		];
		for (const [index, order] of orders(silent).entries()) {
			const renamed = JSON.parse(
				JSON.stringify(order).replaceAll('cus_1', `cus_${index}`).replaceAll('sub_1', `sub_${index}`).replaceAll('user-1', `user-${index}`),
			) as object[];
			await updates(store, ...renamed);
			expect(await planOfCustomer(store, `user-${index}`), JSON.stringify(order)).toMatchObject({ customer_id: `user-${index}`, in_force: true });
		}
	});

	it('believes the customer before the subscription about whose plan it is', async () => {
		const store = await open();
		await updates(store, subscriptionEvent({ created: NOON, userId: 'user-9' }), customerEvent({ created: NOON }));
		expect(await planOfCustomer(store, 'user-9')).toBeNull();
		expect(await planOfCustomer(store, 'user-1')).toMatchObject({ customer_id: 'user-1' });
	});

	it('sees a customer event that was here before as such, and tells two of the same second apart', async () => {
		const store = await open();
		const renamed = customerEvent({ type: 'updated', created: NOON, metadata: { user_id: 'user-1', username: 'Bo' }, previous: { metadata: { username: 'Ana' } } });
		const older = customerEvent({ type: 'updated', created: NOON, previous: { email: null } });
		const later = customerEvent({ type: 'updated', created: NOON, metadata: { user_id: 'user-1', username: 'Cy' }, previous: { metadata: { username: 'Bo' } } });
		expect(await updates(store, customerEvent({ created: NOON }), renamed, renamed, older, later, later)).toEqual([true, true, false, false, true, false]);
		await updates(store, subscriptionEvent({ created: NOON }));
		expect(await planOfCustomer(store, 'user-1')).toMatchObject({ username: 'Cy' });
	});

	it('lets no older event undo a newer one, and nothing bring a deleted subscription back', async () => {
		const store = await open();
		const [first, second, older] = await updates(
			store,
			customerEvent({ created: NOON }),
			subscriptionEvent({ created: NOON + 10, lookupKey: 'growth_monthly' }),
			subscriptionEvent({ created: NOON + 9 }),
		);
		expect([first, second, older]).toEqual([true, true, false]);
		await updates(store, subscriptionEvent({ type: 'deleted', created: NOON + 20, status: 'canceled' }));
		expect(await updates(store, subscriptionEvent({ created: NOON + 20 }), subscriptionEvent({ created: NOON + 30 }))).toEqual([false, false]);
		expect(await planOfCustomer(store, 'user-1')).toMatchObject({ status: 'canceled', in_force: false });
	});

	it('tells two updates of the same second apart by what each says was before it', async () => {
		const store = await open();
		await updates(
			store,
			subscriptionEvent({ created: NOON, status: 'active', userId: 'user-1', previous: { status: 'incomplete' } }),
			subscriptionEvent({ created: NOON, status: 'incomplete', userId: 'user-1', previous: { cancel_at_period_end: true } }),
		);
		expect(await planOfCustomer(store, 'user-1')).toMatchObject({ status: 'active' });
	});

	it('sees an event that changes nothing as such', async () => {
		const store = await open();
		const event = subscriptionEvent({ created: NOON });
		expect(await updates(store, event, event)).toEqual([true, false]);
		expect(await updates(store, { ...event, type: 'invoice.paid' })).toEqual([false]);
	});

	it('counts the best plan of a customer with several subscriptions', async () => {
		const store = await open();
		await updates(
			store,
			customerEvent({ created: NOON }),
			subscriptionEvent({ subscription: 'sub_new', created: NOON, lookupKey: 'growth_monthly' }),
			subscriptionEvent({ subscription: 'sub_old', type: 'deleted', created: NOON + 5, status: 'canceled' }),
		);
		expect(await planOfCustomer(store, 'user-1')).toMatchObject({ subscription_id: 'sub_new', in_force: true });
	});

	it('refuses what is no event of Stripe, naming the fields', async () => {
		const store = await open();
		await expect(updatePlan(store, { id: 'evt_1', type: 'customer.created' }, tierOf)).rejects.toMatchObject({
			errorClass: 'invalid-request',
			issues: [{ field: 'created' }, { field: 'data' }],
		});
	});

	describe('and the queue', () => {
		const withPlan = async (lookupKey = 'growth_monthly', rest: object = {}) => {
			const store = await open();
			await updates(store, customerEvent({ created: NOON }), subscriptionEvent({ created: NOON, lookupKey, ...rest }));
			return store;
		};
		const refusal = (reason: string) => ({ errorClass: 'quota-exhausted', httpStatus: 402, reason });

		it('lets a day have as many videos as the plan says, and the next day as many again', async () => {
			const store = await withPlan();
			const limit = plansInForce().tiers.growth?.videos_per_day ?? 0;
			for (let number = 0; number < limit; number += 1) await queueJob(store, request(`v-${number}`), 'n8n:1');
			await expect(queueJob(store, request('v-more'), 'n8n:1')).rejects.toMatchObject({
				...refusal('plan-limit'),
				message: `Customer user-1 has the plan growth with ${limit} videos a day (UTC), and today has queued ${limit}`,
				resetsAt: new Date('2026-11-23T00:00:00Z'),
			});
			expect(await store.db.selectFrom('jobs').select('video_id').where('video_id', '=', 'v-more').execute()).toEqual([]);
			store.clock.ms = Date.parse('2026-11-23T00:00:00Z');
			expect((await queueJob(store, request('v-more'), 'n8n:1')).disposition).toBe('created');
		});

		it('is not overbooked by two workers that queue at the same time', async () => {
			const store = await withPlan();
			const other = await open({ of: store });
			const answers = await Promise.allSettled(
				Array.from({ length: 20 }, async (_, index) => await queueJob(index % 2 ? store : other, request(`v-${index}`), `n8n:${index}`)),
			);
			expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(plansInForce().tiers.growth?.videos_per_day ?? 0);
		});

		it('counts no video that is sent again, neither one being made nor a failed one that goes on', async () => {
			const store = await withPlan('starter_monthly');
			await queueJob(store, request('v-1'), 'n8n:1');
			expect((await queueJob(store, request('v-1'), 'n8n:2')).disposition).toBe('existing');
			await updateJob(store, 'v-1', { status: 'failed' }, 'n8n:1');
			expect((await queueJob(store, request('v-1'), 'n8n:2')).disposition).toBe('resumed');
			await expect(queueJob(store, request('v-2'), 'n8n:1')).rejects.toMatchObject(refusal('plan-limit'));
		});

		it("takes the day's budget from the plan", async () => {
			const store = await withPlan();
			await queueJob(store, request('v-1'), 'n8n:1', { customerDay: 7, day: 8 });
			await queueJob(store, request('v-2', 'somebody else'), 'n8n:1', { customerDay: 7 });
			const budgets = await store.db.selectFrom('jobs').select('budget').orderBy('video_id').execute();
			expect(budgets.map(({ budget }) => JSON.parse(budget) as unknown)).toEqual([
				{ customerDay: (plansInForce().tiers.growth?.budget_usd_per_day ?? 0) * 1e6, day: 8 },
				{ customerDay: 7 },
			]);
		});

		/** What a stage of that video took. */
		const spend = async (store: Store, videoId: string, dollars: number) => {
			const cost = { provider: 'openai', model: 'gpt', units: {}, micro_usd: Math.round(dollars * 1e6), basis: 'billed' } as const;
			await recordCost(store, { videoId, stage: 'script' }, cost);
		};

		it('lets no further video in when the day has cost what the plan allows, and the next day does', async () => {
			const store = await withPlan();
			const budget = plansInForce().tiers.growth?.budget_usd_per_day ?? 0;
			await queueJob(store, request('v-1'), 'n8n:1');
			await spend(store, 'v-1', budget - 0.01);
			await queueJob(store, request('v-2'), 'n8n:1');
			await spend(store, 'v-2', 0.01);
			await expect(queueJob(store, request('v-3'), 'n8n:1')).rejects.toMatchObject({
				...refusal('plan-budget'),
				message: `Customer user-1 has the plan growth with $${budget.toFixed(2)} a day (UTC), and today has spent $${budget.toFixed(2)}`,
				resetsAt: new Date('2026-11-23T00:00:00Z'),
			});
			expect((await queueJob(store, request('v-1'), 'n8n:2')).disposition).toBe('existing');
			store.clock.ms = Date.parse('2026-11-23T00:00:00Z');
			expect((await queueJob(store, request('v-3'), 'n8n:1')).disposition).toBe('created');
		});

		it('says in a list why a video was refused and what to do', async () => {
			const store = await withPlan('starter_monthly');
			const videos = ['v-1', 'v-2'].map((id) => ({ video_id: id, topic: 'How volcanoes work', customer_id: 'user-1' }));
			expect(await queueBatch(store, videos, 'n8n:1')).toMatchObject([
				{ accepted: true },
				{ accepted: false, video_id: 'v-2', reason: 'plan-limit', http_status: 402, cure: expect.stringContaining('larger plan'), errors: [] },
			]);
		});

		it("keeps a plan's budget for the videos that it let in, also when it has ended before they go on", async () => {
			const store = await withPlan('starter_monthly');
			await queueJob(store, request('v-1'), 'n8n:1');
			await updateJob(store, 'v-1', { status: 'failed' }, 'n8n:1');
			await updates(store, subscriptionEvent({ type: 'deleted', created: NOON + 5, status: 'canceled' }));
			expect((await queueJob(store, request('v-1'), 'n8n:2', { day: 8 })).disposition).toBe('resumed');
			const { budget } = await store.db.selectFrom('jobs').select('budget').executeTakeFirstOrThrow();
			expect(JSON.parse(budget)).toEqual({ customerDay: (plansInForce().tiers.starter?.budget_usd_per_day ?? 0) * 1e6, day: 8 });
		});

		it.each([
			['was not paid', { status: 'incomplete' }],
			['has ended', { type: 'deleted', status: 'canceled' }],
			['belongs to no tier', { lookupKey: null }],
		])('refuses a customer whose plan %s, also where customers without one are allowed', async (_, rest) => {
			const store = await withPlan('growth_monthly', rest);
			await expect(queueJob(store, request('v-1'), 'n8n:1')).rejects.toMatchObject(refusal('plan-inactive'));
		});

		it('refuses a plan of whose next period nothing was heard for longer than Stripe tries to tell', async () => {
			const store = await withPlan('growth_monthly', { periodEnd: NOON });
			store.clock.pass(3 * DAY_MS);
			await queueJob(store, request('v-1'), 'n8n:1');
			store.clock.pass(1);
			await expect(queueJob(store, request('v-2'), 'n8n:1')).rejects.toMatchObject(refusal('plan-inactive'));
		});

		it('lets customers without a plan in, or not, as the operator says', async () => {
			const store = await open();
			for (const who of ['user-1', undefined]) {
				await expect(queueJob(store, { ...request('v-1'), customer_id: who }, 'n8n:1', {}, { customersWithoutPlan: 'refused' })).rejects.toMatchObject(refusal('plan-required'));
			}
			expect((await queueJob(store, request('v-1'), 'n8n:1')).disposition).toBe('created');
		});
	});
});

describe('the table of plans', () => {
	it("is the operator's where there is one", async () => {
		const file = join(await temporaryFolder(), 'plans.json');
		const own = { tiers: { starter: { videos_per_day: 3, budget_usd_per_day: 0.5 } }, entitled_statuses: ['active'], grace_days: 0 };
		await writeFile(file, JSON.stringify(own));
		expect(plansInForce(file)).toEqual(own);
	});

	it('says how to write one that is not right', async () => {
		const file = join(await temporaryFolder(), 'plans.json');
		await writeFile(file, '{"tiers": {"starter": {}}}');
		expect(() => plansInForce(file)).toThrow(/can't be used/);
	});
});
