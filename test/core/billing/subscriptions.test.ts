/** Subscriptions at Stripe, from the first payment to the end. */
import { describe, expect, it } from 'vitest';

import { createCustomer } from '../../../core/billing/customers';
import { lookUpPrice } from '../../../core/billing/prices';
import {
	cancelSubscription, changePlan, createSubscription, getPayableSubscription, getSubscription, resumeSubscription,
} from '../../../core/billing/subscriptions';
import { pay, stripeScene } from '../../support/stripe';

const DAY = 86_400_000;

const GROWTH = { tier: 'growth', interval: 'monthly' } as const;

async function subscribed(card = 'pm_card_visa') {
	const scene = await stripeScene();
	const { customer_id: customerId } = await createCustomer(scene.call, { userId: 'u-1', username: 'ada', email: 'ada@example.com' });
	const created = await createSubscription(scene.call, { customerId, price: GROWTH });
	await pay(scene.sdk, created.client_secret, card);
	return { ...scene, customerId, id: created.subscription_id, created };
}

describe('creating a subscription', () => {
	it('begins incomplete, with what the front end needs and the period of its item', async () => {
		const { call, sandbox, posts } = await stripeScene();
		sandbox.clock.set(Date.parse('2026-01-31T10:00:00Z'));
		const { customer_id: customerId } = await createCustomer(call, { userId: 'u-1', username: 'ada' });
		const created = await createSubscription(call, { customerId, price: GROWTH });
		expect(created).toMatchObject({
			subscription_id: expect.stringMatching(/^sub_/), customer_id: customerId, user_id: 'u-1', status: 'incomplete', tier: 'growth', interval: 'monthly',
			amount: 14900, amount_decimal: '149.00', currency: 'usd', cancel_at_period_end: false, live: false, repeated: false,
			client_secret: expect.stringMatching(/^pi_\w+_secret_\w+$/), client_secret_type: 'payment_intent',
		});
		expect(created.current_period_end).toMatch(/^2026-02-28T10:00/);
		expect(posts('/v1/subscriptions')[0]?.body).toMatchObject({
			payment_behavior: 'default_incomplete', 'metadata[user_id]': 'u-1', 'metadata[username]': 'ada',
		});
	});

	it('becomes active when the front end has paid', async () => {
		const { call, id } = await subscribed();
		expect(await getSubscription(call, id)).toMatchObject({ status: 'active' });
		expect(await getPayableSubscription(call, id)).toMatchObject({ client_secret: '', client_secret_type: '' });
	});

	it('gives the running one when it is asked for again, also days later', async () => {
		const { call, sandbox, customerId, id, kept } = await subscribed();
		expect(await createSubscription(call, { customerId, price: GROWTH })).toMatchObject({ subscription_id: id, status: 'active', repeated: true });
		sandbox.clock.advance(3 * DAY);
		expect(await createSubscription(call, { customerId, price: GROWTH })).toMatchObject({ subscription_id: id, repeated: true });
		expect(kept().subscriptions).toHaveLength(1);
	});

	it('makes one for many who ask at once', async () => {
		const { call, kept } = await stripeScene();
		const { customer_id: customerId } = await createCustomer(call, { userId: 'u-1' });
		const all = await Promise.all(Array.from({ length: 4 }, () => createSubscription(call, { customerId, price: GROWTH })));
		expect(new Set(all.map((one) => one.subscription_id)).size).toBe(1);
		expect(kept().subscriptions).toHaveLength(1);
	});

	it('makes a new one the same day as the first was cancelled, and that one once', async () => {
		const { call, customerId, id, kept } = await subscribed();
		await cancelSubscription(call, id);
		const second = await createSubscription(call, { customerId, price: GROWTH });
		expect(second).toMatchObject({ status: 'incomplete', repeated: false });
		expect(await createSubscription(call, { customerId, price: GROWTH })).toMatchObject({ subscription_id: second.subscription_id });
		await cancelSubscription(call, second.subscription_id);
		expect((await createSubscription(call, { customerId, price: GROWTH })).repeated).toBe(false);
		expect(kept().subscriptions).toHaveLength(3);
	});

	it('makes a second one beside a running one under a key of its own, and that one once', async () => {
		const { call, customerId, id } = await subscribed();
		const second = await createSubscription(call, { customerId, price: GROWTH, ownKey: 'second-seat' });
		expect(second.subscription_id).not.toBe(id);
		expect((await createSubscription(call, { customerId, price: GROWTH, ownKey: 'second-seat' })).subscription_id).toBe(second.subscription_id);
	});

	it('with a trial asks for a card and no money', async () => {
		const { call, kept } = await stripeScene();
		const { customer_id: customerId } = await createCustomer(call, { userId: 'u-1' });
		const created = await createSubscription(call, { customerId, price: GROWTH, trialDays: 14 });
		expect(created).toMatchObject({ status: 'trialing', client_secret_type: 'setup_intent', client_secret: expect.stringMatching(/^seti_/) });
		expect(kept().charges).toEqual([]);
	});

	it.each([
		['a customer that is not there', { customerId: 'cus_none', price: GROWTH }, /no customer cus_none in test mode/],
		['a price that is not there', { customerId: 'cus_none', price: { price: 'price_none' } }, /no price price_none in test mode/],
		['a lookup key that is not there', { customerId: 'cus_none', price: { price: 'golden' } }, /lookup key golden in test mode/],
		['an ID of another kind', { customerId: 'sub_1', price: GROWTH }, /"sub_1" is not the ID of a customer/],
	])('tells of %s', async (_name, wanted, message) => {
		const { call } = await stripeScene();
		await expect(createSubscription(call, wanted)).rejects.toThrow(message);
	});
});

describe('changing the plan', () => {
	it('puts the difference on the next invoice', async () => {
		const { call, sandbox, id, kept } = await subscribed();
		sandbox.clock.advance(15 * DAY);
		const changed = await changePlan(call, id, { price: { tier: 'scale', interval: 'monthly' } });
		expect(changed).toMatchObject({ tier: 'scale', status: 'active', changed: true, payment_pending: false, amount: 49900 });
		expect(kept().invoices).toHaveLength(1);
		sandbox.clock.advance(20 * DAY);
		await getSubscription(call, id);
		const [, next] = kept().invoices;
		expect(next?.status).toBe('paid');
		expect(next!.amount_due).toBeGreaterThan(49900);
		expect(next!.lines.data.map(({ amount }) => Math.sign(amount))).toEqual([-1, 1, 1]);
	});

	it('bills the difference now, and changes when that is paid', async () => {
		const { call, id, kept } = await subscribed();
		const changed = await changePlan(call, id, { price: { tier: 'scale', interval: 'monthly' }, proration: 'always_invoice' });
		expect(changed).toMatchObject({ tier: 'scale', changed: true, payment_pending: false });
		expect(kept().invoices.map(({ amount_paid: paid }) => paid)).toEqual([14900, 35000]);
	});

	it('keeps the old plan when the difference is not paid, and gives the front end its secret', async () => {
		const { call, sdk, id } = await subscribed();
		await sdk.subscriptions.update(id, { default_payment_method: 'pm_card_chargeDeclined' });
		const changed = await changePlan(call, id, { price: { tier: 'scale', interval: 'monthly' }, proration: 'always_invoice' });
		expect(changed).toMatchObject({
			tier: 'growth', status: 'active', changed: false, payment_pending: true, client_secret: expect.stringMatching(/^pi_/),
		});
	});

	it('does nothing twice: back and forth each change counts, the same one again does not', async () => {
		const { call, id, posts } = await subscribed();
		const to = async (tier: 'growth' | 'scale') => (await changePlan(call, id, { price: { tier, interval: 'monthly' } })).changed;
		expect([await to('scale'), await to('scale'), await to('growth'), await to('scale')]).toEqual([true, false, true, true]);
		expect(posts(`/v1/subscriptions/${id}`)).toHaveLength(3);
		expect(await getSubscription(call, id)).toMatchObject({ tier: 'scale' });
	});

	it('from monthly to yearly begins a year that is billed now', async () => {
		const { call, id, kept } = await subscribed();
		const changed = await changePlan(call, id, { price: { tier: 'growth', interval: 'yearly' } });
		expect(changed).toMatchObject({ interval: 'yearly', changed: true });
		expect(Date.parse(changed.current_period_end!) - Date.parse(changed.current_period_start!)).toBeGreaterThan(364 * DAY);
		expect(kept().invoices.at(-1)).toMatchObject({ amount_paid: 149000 - 14900, status: 'paid' });
	});

	it('waits for the first payment, and is refused after the end', async () => {
		const { call } = await stripeScene();
		const { customer_id: customerId } = await createCustomer(call, { userId: 'u-1' });
		const { subscription_id: id } = await createSubscription(call, { customerId, price: GROWTH });
		const change = changePlan(call, id, { price: { tier: 'scale', interval: 'monthly' } });
		await expect(change).rejects.toMatchObject({ reason: 'subscription-unpaid' });
		await cancelSubscription(call, id);
		const late = changePlan(call, id, { price: { tier: 'scale', interval: 'monthly' } });
		await expect(late).rejects.toMatchObject({ reason: 'subscription-ended' });
	});
});

describe('cancelling', () => {
	it('at the end of the period says when, and is over then', async () => {
		const { call, sandbox, id, created } = await subscribed();
		const pending = await cancelSubscription(call, id, { atPeriodEnd: true });
		expect(pending).toMatchObject({ status: 'pending_cancellation', stripe_status: 'active', ends_at: created.current_period_end, cancel_at_period_end: true });
		expect(await cancelSubscription(call, id, { atPeriodEnd: true })).toMatchObject({ status: 'pending_cancellation' });
		sandbox.clock.advance(32 * DAY);
		expect(await cancelSubscription(call, id, { atPeriodEnd: true })).toMatchObject({ status: 'cancelled', stripe_status: 'canceled' });
	});

	it('now is over at once, and again the same', async () => {
		const { call, id } = await subscribed();
		const over = await cancelSubscription(call, id);
		expect(over).toMatchObject({ status: 'cancelled', ends_at: over.ended_at });
		expect(await cancelSubscription(call, id)).toEqual(over);
	});

	it('now, where the answer was lost, is over all the same', async () => {
		const { call, sandbox, id } = await subscribed();
		sandbox.faults.add({ service: 'stripe', match: { method: 'DELETE' }, kind: 'drop-answer', times: 2 });
		expect(await cancelSubscription(call, id)).toMatchObject({ status: 'cancelled' });
	});

	it('is taken back by Resume while it has not come', async () => {
		const { call, id } = await subscribed();
		await cancelSubscription(call, id, { atPeriodEnd: true });
		expect(await resumeSubscription(call, id)).toMatchObject({ status: 'active', cancel_at_period_end: false, resumed: true });
		expect(await resumeSubscription(call, id)).toMatchObject({ status: 'active', resumed: false });
		await cancelSubscription(call, id);
		await expect(resumeSubscription(call, id)).rejects.toMatchObject({ reason: 'subscription-ended', cure: expect.stringContaining('new subscription') });
	});

	it('is no end for a paused one, which Resume sets going', async () => {
		const { call, url, id } = await subscribed();
		await fetch(`${url}/sandbox/subscriptions/${id}/pause`, { method: 'POST' });
		expect(await resumeSubscription(call, id)).toMatchObject({ status: 'active', resumed: true });
	});
});

describe('resuming', () => {
	it('says that a paused one stays paused until its invoice is paid, with the secret for the front end', async () => {
		const { call, sdk, url, id } = await subscribed();
		await sdk.subscriptions.update(id, { default_payment_method: 'pm_card_chargeDeclined' });
		await fetch(`${url}/sandbox/subscriptions/${id}/pause`, { method: 'POST' });
		const waiting = await resumeSubscription(call, id);
		expect(waiting).toMatchObject({ status: 'paused', resumed: false, client_secret: expect.stringMatching(/^pi_\w+_secret_/) });
		await pay(sdk, waiting.client_secret);
		expect(await getSubscription(call, id)).toMatchObject({ status: 'active' });
	});
});

describe('a price', () => {
	it('is found by tier, by lookup key and by ID', async () => {
		const { call } = await stripeScene();
		const byTier = await lookUpPrice(call, { tier: 'scale', interval: 'yearly' });
		expect(byTier).toMatchObject({ lookup_key: 'scale_yearly', tier: 'scale', interval: 'yearly', amount: 499000, amount_decimal: '4990.00', currency: 'usd', active: true });
		expect(await lookUpPrice(call, { price: 'scale_yearly' })).toEqual(byTier);
		expect(await lookUpPrice(call, { price: byTier.price_id })).toEqual(byTier);
	});

	it('is the one that the credential names, by ID or lookup key', async () => {
		const { call } = await stripeScene();
		const named = { ...call, connection: { ...call.connection, prices: { starter_monthly: 'price_sandbox_test_scale_monthly', growth_monthly: 'starter_yearly' } } };
		expect(await lookUpPrice(named, { tier: 'starter', interval: 'monthly' })).toMatchObject({ amount: 49900, tier: 'starter' });
		expect(await lookUpPrice(named, { tier: 'growth', interval: 'monthly' })).toMatchObject({ amount: 49000 });
	});
});
