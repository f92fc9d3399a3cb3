/** Made once: days later, after Stripe's own failures, after an end, and with whatever else has changed meanwhile. */
import { describe, expect, it } from 'vitest';

import { createCustomer, deleteCustomer, updateCustomer } from '../../../core/billing/customers';
import { cancelPayment, confirmPayment, createPayment } from '../../../core/billing/payments';
import { cancelSubscription, createSubscription } from '../../../core/billing/subscriptions';
import { stripeScene, type StripeScene } from '../../support/stripe';

const TWO_DAYS_MS = 2 * 24 * 3_600_000;

const ADA = { userId: 'u-1', username: 'ada', email: 'ada@example.com' };
const ORDER = { purpose: 'order-1', amount: 4900, currency: 'usd', allowRedirects: false };
const GROWTH = { tier: 'growth', interval: 'monthly' } as const;

type Make = (scene: StripeScene) => Promise<{ id: string; repeated: boolean }>;

const customerOf =
	(fields: object, ownKey = ''): Make =>
	async ({ call }) => {
		const { customer_id: id, repeated } = await createCustomer(call, fields, ownKey);
		return { id, repeated };
	};

const MAKERS: Array<[name: string, path: string, make: Make]> = [
	['customer of a user', '/v1/customers', customerOf(ADA)],
	['customer under a key of its own', '/v1/customers', customerOf({ name: 'Ada' }, 'k'.repeat(600))],
	['customer without a user ID', '/v1/customers', customerOf({ email: 'ada@example.com', metadata: { source: 'web' } })],
	['payment', '/v1/payment_intents', async ({ call }) => {
		const { payment_intent_id: id, repeated } = await createPayment(call, ORDER);
		return { id, repeated };
	}],
	['subscription under a key of its own', '/v1/subscriptions', async ({ call }) => {
		const { customer_id: customerId } = await createCustomer(call, ADA);
		const { subscription_id: id, repeated } = await createSubscription(call, { customerId, price: GROWTH, ownKey: 'seat-2', trialDays: 30 });
		return { id, repeated };
	}],
];

function countOf({ kept }: StripeScene, path: string): number {
	const { customers, payment_intents: payments, subscriptions } = kept();
	return { '/v1/customers': customers, '/v1/payment_intents': payments, '/v1/subscriptions': subscriptions }[path]?.length ?? 0;
}

describe.each(MAKERS)('a %s', (_name, path, make) => {
	it('is the same two days later, when Stripe has forgotten the key', async () => {
		const scene = await stripeScene();
		const first = await make(scene);
		scene.pass(TWO_DAYS_MS);
		expect(await make(scene)).toEqual({ id: first.id, repeated: true });
		expect(countOf(scene, path)).toBe(1);
	});

	it('whose answer was lost is found two days later', async () => {
		const scene = await stripeScene();
		const others = countOf(scene, path);
		scene.sandbox.faults.add({ service: 'stripe', match: { method: 'POST', path: `^${path}$` }, kind: 'drop-answer', times: 0 });
		await expect(make(scene)).rejects.toMatchObject({ errorClass: 'unavailable' });
		expect(countOf(scene, path)).toBe(others + 1);
		scene.sandbox.faults.clear();
		scene.pass(TWO_DAYS_MS);
		expect(await make(scene)).toMatchObject({ repeated: true });
		expect(countOf(scene, path)).toBe(others + 1);
	});

	it('is made in the same run where Stripe failed before it was made, and keeps that failure under the key', async () => {
		const scene = await stripeScene();
		await scene.breakDown(path);
		expect(await make(scene)).toMatchObject({ repeated: false });
		expect(countOf(scene, path)).toBe(1);
	});

	it('is found where Stripe failed after it was made', async () => {
		const scene = await stripeScene();
		await scene.breakDown(path, { done: true });
		const made = await make(scene);
		expect(await make(scene)).toEqual({ id: made.id, repeated: true });
		expect(countOf(scene, path)).toBe(1);
	});

	it('waits for no day when Stripe was down: the next run makes it', async () => {
		const scene = await stripeScene();
		await scene.breakDown(path, { times: 2 });
		await expect(make(scene)).rejects.toMatchObject({ errorClass: 'unavailable', httpStatus: 500 });
		expect(await make(scene)).toMatchObject({ repeated: false });
		expect(countOf(scene, path)).toBe(1);
	});

	it('is one for many who ask at once while Stripe fails', async () => {
		const scene = await stripeScene();
		await scene.breakDown(path);
		const all = await Promise.all(Array.from({ length: 4 }, async () => await make(scene)));
		expect(new Set(all.map(({ id }) => id)).size).toBe(1);
		expect(countOf(scene, path)).toBe(1);
	});
});

describe('after the end', () => {
	it('a subscription begins anew on the same day although its customer has another name', async () => {
		const { call, kept } = await stripeScene();
		const { customer_id: customerId } = await createCustomer(call, ADA);
		const first = await createSubscription(call, { customerId, price: GROWTH });
		await cancelSubscription(call, first.subscription_id);
		await updateCustomer(call, customerId, { username: 'ada-l' });
		expect(await createSubscription(call, { customerId, price: GROWTH, metadata: { seat: 'b' } })).toMatchObject({ status: 'incomplete', repeated: false });
		expect(kept().subscriptions).toHaveLength(2);
	});

	it('a customer is made again with another email', async () => {
		const { call } = await stripeScene();
		const first = await createCustomer(call, ADA);
		await deleteCustomer(call, first.customer_id);
		const second = await createCustomer(call, { ...ADA, email: 'new@example.com' });
		expect(second).toMatchObject({ email: 'new@example.com', repeated: false });
		expect(await createCustomer(call, ADA)).toMatchObject({ customer_id: second.customer_id, repeated: true });
	});

	it('a payment is made again with another amount', async () => {
		const { call } = await stripeScene();
		const first = await createPayment(call, ORDER);
		await cancelPayment(call, first.payment_intent_id);
		expect(await createPayment(call, { ...ORDER, amount: 5900, description: 'more' })).toMatchObject({ amount: 5900, repeated: false });
	});

	it('an object that Stripe no longer has is made again', async () => {
		const { call, sandbox } = await stripeScene();
		const first = await createPayment(call, ORDER);
		await fetch(`${sandbox.controlUrl}/reset`, { method: 'POST' });
		expect(await createPayment(call, { ...ORDER, amount: 5900 })).toMatchObject({ repeated: false });
		expect(first.repeated).toBe(false);
	});
});

describe('a card that its bank declines on attaching', () => {
	it('keeps no customer from being made with another card at once', async () => {
		const { call, kept } = await stripeScene();
		const declined = createCustomer(call, { ...ADA, paymentMethod: 'pm_card_chargeDeclined' });
		await expect(declined).rejects.toMatchObject({ errorClass: 'refused', reason: 'generic_decline' });
		expect(await createCustomer(call, { ...ADA, paymentMethod: 'pm_card_visa' })).toMatchObject({ repeated: false, default_payment_method: 'pm_card_visa' });
		expect(kept().customers).toHaveLength(1);
	});

	it('is tried anew each time, as it may be good by now', async () => {
		const { call, posts } = await stripeScene();
		for (let run = 0; run < 3; run += 1) {
			await expect(createCustomer(call, { ...ADA, paymentMethod: 'pm_card_chargeDeclined' })).rejects.toMatchObject({ reason: 'generic_decline' });
		}
		const keys = posts('/v1/customers').map(({ headers }) => headers['idempotency-key']);
		expect(new Set(keys).size).toBe(3);
	});

	it('leaves one customer when a good card is given at the same moment', async () => {
		const { call, kept } = await stripeScene();
		const cards = ['pm_card_chargeDeclined', 'pm_card_visa', 'pm_card_chargeDeclined', 'pm_card_mastercard'];
		const all = await Promise.allSettled(cards.map(async (paymentMethod) => await createCustomer(call, { ...ADA, paymentMethod })));
		const made = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value.customer_id] : []));
		expect(made.length).toBeGreaterThanOrEqual(2);
		expect(new Set(made).size).toBe(1);
		expect(kept().customers).toHaveLength(1);
	});
});

describe('confirming a payment', () => {
	it('that is run again days later charges nothing a second time', async () => {
		const { call, kept, pass } = await stripeScene();
		const run = async () => {
			const { payment_intent_id: id } = await createPayment(call, ORDER);
			return await confirmPayment(call, id, { paymentMethod: 'pm_card_visa', offSession: true });
		};
		expect(await run()).toMatchObject({ status: 'succeeded', repeated: false });
		pass(TWO_DAYS_MS);
		expect(await run()).toMatchObject({ status: 'succeeded', repeated: true });
		expect(kept().charges).toHaveLength(1);
	});

	it.each([
		['before the charge', false],
		['after the charge', true],
	])('where Stripe failed %s charges once, and does not wait for a day', async (_name, done) => {
		const { call, kept, breakDown } = await stripeScene();
		const { payment_intent_id: id } = await createPayment(call, ORDER);
		await breakDown(`/v1/payment_intents/${id}/confirm`, { done });
		const confirm = async () => await confirmPayment(call, id, { paymentMethod: 'pm_card_visa' });
		expect((await confirm().catch(confirm)).status).toBe('succeeded');
		expect(kept().charges).toHaveLength(1);
	});
});

describe('what was made', () => {
	it('belongs to its mode: in live mode the same user is another customer', async () => {
		const { call, live } = await stripeScene();
		const test = await createCustomer(call, ADA);
		expect(await createCustomer(live, ADA)).toMatchObject({ live: true, repeated: false, customer_id: expect.not.stringContaining(test.customer_id) });
	});

	it('is known by the key alone where the key may not read its account', async () => {
		const scene = await stripeScene();
		const { call, sandbox, kept, pass } = scene;
		sandbox.faults.add({ service: 'stripe', match: { path: '^/v1/account$' }, kind: 'status', status: 403, reason: 'more_permissions_required', times: 0 });
		await createCustomer(call, ADA);
		pass(TWO_DAYS_MS);
		expect(await createCustomer(call, ADA)).toMatchObject({ repeated: true });
		expect(kept().customers).toHaveLength(1);
	});
});
