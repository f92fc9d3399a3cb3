/** The StripeBilling node in n8n's engine, against the sandbox's Stripe. */
import { beforeAll, describe, expect, it } from 'vitest';

import { KEYS } from '../../sandbox/keys';
import { startEngine, type Engine, type NodeRun } from '../support/engine';
import { pay, stripeScene } from '../support/stripe';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

async function setUp(secretKey: string = KEYS.stripe.secretKey) {
	const scene = await stripeScene();
	const run = async (resource: string, operation: string, items: object[], parameters: object = {}, more: Partial<NodeRun> = {}) =>
		await engine.runNode({
			type: 'stripeBilling',
			parameters: { resource, operation, ...parameters },
			credentials: { ytempireStripeApi: { secretKey, baseUrl: scene.url }, ytempireStoreApi: { databaseFile: scene.store.file } },
			items: items as never,
			...more,
		});
	/** The first item's document. */
	const one = async (resource: string, operation: string, item: object, parameters: object = {}) => {
		const { items, error } = await run(resource, operation, [item], parameters);
		if (error) throw error;
		return items[0]!.json as any;
	};
	return { ...scene, run, one };
}

const ADA = { user_id: 'u-1', username: 'ada', email: 'ada@example.com', note: 'mine' };

describe('from customer to invoice', () => {
	it('each step finds what the one before gave, and the item keeps its own fields', async () => {
		const { one, sdk, run } = await setUp();
		const customer = await one('customer', 'create', ADA);
		expect(customer).toMatchObject({ note: 'mine', customer: { user_id: 'u-1', username: 'ada', email: 'ada@example.com', repeated: false } });
		const begun = await one('subscription', 'create', customer, { tier: 'growth', interval: 'yearly' });
		expect(begun).toMatchObject({
			note: 'mine', customer: { user_id: 'u-1' },
			subscription: { status: 'incomplete', tier: 'growth', interval: 'yearly', amount_decimal: '1490.00', client_secret: expect.stringMatching(/^pi_/) },
		});
		await pay(sdk, begun.subscription.client_secret);
		const now = await one('subscription', 'get', begun);
		expect(now.subscription).toMatchObject({ status: 'active', current_period_end: begun.subscription.current_period_end });
		expect(now.subscription).not.toHaveProperty('client_secret');
		expect((await one('invoice', 'get', now)).invoice).toMatchObject({
			amount: 149000, amount_decimal: '1490.00', currency: 'usd', status: 'paid', paid: true, date: expect.stringMatching(/^20/),
			pdf_url: expect.stringMatching(/\/pdf$/), hosted_url: expect.stringMatching(/^http/), subscription_id: now.subscription.subscription_id,
		});
		const { items } = await run('invoice', 'getMany', [{}], { returnAll: true, filters: { customerId: customer.customer.customer_id, status: 'paid' } });
		expect(items).toMatchObject([{ json: { amount: 149000 }, pairedItem: { item: 0 } }]);
		const changed = await one('subscription', 'changePlan', now, { tier: 'scale', interval: 'yearly', proration: 'always_invoice' });
		expect(changed.subscription).toMatchObject({ tier: 'scale', changed: true });
		const pending = await one('subscription', 'cancel', changed);
		expect(pending.subscription).toMatchObject({ status: 'pending_cancellation', ends_at: now.subscription.current_period_end });
		expect((await one('subscription', 'resume', pending)).subscription).toMatchObject({ status: 'active', resumed: true });
		expect((await one('subscription', 'cancel', pending, { when: 'now' })).subscription).toMatchObject({ status: 'cancelled', ends_at: expect.any(String) });
	});

	it('gets, changes, lists and deletes customers', async () => {
		const { one, run } = await setUp();
		const customer = await one('customer', 'create', ADA, { details: { name: 'Ada', metadata: '{"seats": 3}' } });
		expect((await one('customer', 'update', customer, { details: { name: '', phone: '+1 555' } })).customer).toMatchObject({
			name: null, phone: '+1 555', metadata: { seats: '3', user_id: 'u-1' },
		});
		expect((await one('customer', 'get', customer)).customer).toMatchObject({ phone: '+1 555' });
		await run('customer', 'create', [{ user_id: 'u-2' }, { user_id: 'u-3' }]);
		expect((await run('customer', 'getMany', [{}], { limit: 2 })).items.map(({ json }) => json.user_id)).toEqual(['u-3', 'u-2']);
		expect((await run('customer', 'getMany', [{}], { returnAll: true, filters: { email: 'ada@example.com' } })).items).toHaveLength(1);
		expect((await one('customer', 'delete', customer)).customer).toEqual({ customer_id: customer.customer.customer_id, deleted: true });
	});

	it('looks up prices by tier and by lookup key, item by item', async () => {
		const { run } = await setUp();
		const { items } = await run('price', 'lookUp', [{ plan: 'starter' }, { plan: 'Scale' }], { tier: '={{ $json.plan }}', interval: 'monthly' });
		expect(items.map(({ json, pairedItem }) => [(json.price as any).amount, pairedItem])).toEqual([[4900, { item: 0 }], [49900, { item: 1 }]]);
		const named = await run('price', 'lookUp', [{}], { priceBy: 'price', price: 'growth_yearly' });
		expect(named.items[0]?.json).toMatchObject({ price: { tier: 'growth', interval: 'yearly', live: false } });
	});
});

describe('payments', () => {
	const parameters = { amount: '={{ $json.amount }}', amountIn: 'decimal', currency: '={{ $json.currency }}', options: { allowRedirects: false } };

	it('are made once for each order, in the currency’s own unit, in a second execution too', async () => {
		const { run, kept } = await setUp();
		const orders = [{ order_id: 'o-1', amount: 49.9, currency: 'USD' }, { order_id: 'o-2', amount: 500, currency: 'jpy' }, { order_id: 'o-3', amount: 500, currency: 'jpy' }];
		const first = await run('paymentIntent', 'create', orders, parameters);
		const second = await run('paymentIntent', 'create', orders, parameters);
		const ids = ({ items }: typeof first) => items.map(({ json }) => (json.payment_intent as any).payment_intent_id);
		expect(ids(second)).toEqual(ids(first));
		expect(kept().payment_intents.map(({ amount, currency }) => [amount, currency])).toEqual([[4990, 'usd'], [500, 'jpy'], [500, 'jpy']]);
	});

	it('are the same days later, by the store that the credential names', async () => {
		const { one, sandbox, store, kept } = await setUp();
		const order = { order_id: 'o-1', amount: 5, currency: 'usd' };
		const first = await one('paymentIntent', 'create', order, parameters);
		expect(await store.db.selectFrom('billing_made').select(['operation', 'object', 'holder']).execute()).toEqual([
			{ operation: 'payment', object: first.payment_intent.payment_intent_id, holder: '' },
		]);
		sandbox.clock.advance(2 * 24 * 3_600_000);
		expect((await one('paymentIntent', 'create', order, parameters)).payment_intent).toMatchObject({ repeated: true });
		expect(kept().payment_intents).toHaveLength(1);
	});

	it('are charged once when the node is run again', async () => {
		const { one, kept } = await setUp();
		const payment = await one('paymentIntent', 'create', { order_id: 'o-1', amount: 5, currency: 'usd' }, parameters);
		const options = { paymentMethod: 'pm_card_visa' };
		expect((await one('paymentIntent', 'confirm', payment, { options })).payment_intent).toMatchObject({ status: 'succeeded', repeated: false });
		expect((await one('paymentIntent', 'confirm', payment, { options })).payment_intent).toMatchObject({ status: 'succeeded', repeated: true });
		expect(kept().charges).toHaveLength(1);
		expect((await one('paymentIntent', 'get', payment)).payment_intent).not.toHaveProperty('client_secret');
		expect((await one('paymentIntent', 'get', payment, { options: { includeClientSecret: true } })).payment_intent.client_secret).toBe(payment.payment_intent.client_secret);
	});

	it('that are given up say so', async () => {
		const { one } = await setUp();
		const payment = await one('paymentIntent', 'create', { order_id: 'o-1', amount: 5, currency: 'usd' }, parameters);
		expect((await one('paymentIntent', 'cancel', payment, { reason: 'abandoned' })).payment_intent).toMatchObject({ status: 'canceled' });
	});

	it('without an order are refused before Stripe is asked', async () => {
		const { run, posts } = await setUp();
		const { error } = await run('paymentIntent', 'create', [{ amount: 5, currency: 'usd' }], parameters);
		expect(error?.message).toBe('The payment does not say what it is for');
		expect(posts()).toEqual([]);
	});
});

describe('what goes wrong', () => {
	it('goes on item by item with Continue On Fail, with reason and cure and without secrets', async () => {
		const { run, one } = await setUp();
		const payment = await one('paymentIntent', 'create', { order_id: 'o-1', amount: 500, currency: 'usd' }, { amount: 500, options: { allowRedirects: false } });
		const items = [
			{ id: payment.payment_intent.payment_intent_id, card: 'pm_card_chargeDeclinedInsufficientFunds', note: 'a' },
			{ id: 'pi_none', card: 'pm_card_visa', note: 'b' },
			{ id: payment.payment_intent.client_secret, card: 'pm_card_visa', note: 'c' },
			{ id: payment.payment_intent.payment_intent_id, card: 'pm_card_visa', note: 'd' },
		];
		const { outputs } = await run('paymentIntent', 'confirm', items, {
			paymentIntentId: '={{ $json.id }}', options: { paymentMethod: '={{ $json.card }}' },
		}, { onError: 'continueErrorOutput' });
		expect(outputs[0]).toMatchObject([{ json: { note: 'd', payment_intent: { status: 'succeeded' } }, pairedItem: { item: 3 } }]);
		expect(outputs[1]?.map(({ json }) => [json.note, (json.details as any).reason])).toEqual([
			['a', 'insufficient_funds'], ['b', 'resource_missing'], ['c', 'id-of-another-kind'],
		]);
		expect(outputs[1]?.[0]?.json).toMatchObject({ error: expect.stringContaining('card was declined'), details: { error_class: 'refused', cure: expect.stringContaining('another card') } });
		const told = outputs[1]!.map(({ json }) => JSON.stringify([json.error, json.details])).join();
		expect(told).not.toContain(payment.payment_intent.client_secret.split('_secret_')[1]);
	});

	it('stops the workflow with what happened and in which mode', async () => {
		const { run } = await setUp(KEYS.stripe.liveSecretKey);
		const { error, status } = await run('customer', 'get', [{}], { customerId: 'cus_none' });
		expect([status, error?.message]).toEqual(['error', 'Stripe has no customer cus_none in live mode']);
		expect(error?.description).toContain('Check the ID');
	});

	it('tells a wrong key by its mode, and never shows it', async () => {
		const { run } = await setUp('sk_test_51WrongWrongWrong');
		const outcome = await run('price', 'lookUp', [{}]);
		expect(outcome.error?.message).toContain('test mode');
		expect(JSON.stringify(outcome)).not.toContain('WrongWrong');
	});

	it.each([
		['customer', 'create', { details: { metadata: '[1]' } }, 'Metadata is not a JSON object'],
		['subscription', 'create', { customerId: 'cus_1', tier: 'golden' }, 'Tier is none of starter, growth, scale: "golden"'],
		['paymentIntent', 'create', { idempotencyKey: 'o', amount: 49.9, currency: 'usd' }, '49.9 is no amount in USD'],
		['paymentIntent', 'create', { idempotencyKey: 'o', amount: 49, currency: 'dollar' }, '"dollar" is not a currency'],
	])('in the fields of %s %s is told before Stripe is asked', async (resource, operation, parameters, message) => {
		const { run, posts } = await setUp();
		const { error } = await run(resource, operation, [{ user_id: 'u-1' }], parameters);
		expect(error?.message).toContain(message);
		expect(posts()).toEqual([]);
	});
});
