/** What we send to Stripe, and what the sandbox answers, by the SDK's own types and the schemas made from them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';

import { createCustomer } from '../../../core/billing/customers';
import { confirmPayment, createPayment } from '../../../core/billing/payments';
import { cancelSubscription, createSubscription } from '../../../core/billing/subscriptions';
import type { Stripe } from '../../../core/vendor/stripe';
import { describeContracts, specsFolder } from '../../support/contracts';
import { pay, paramsOf, stripeScene } from '../../support/stripe';

const spec = (file: string) => JSON.parse(readFileSync(join(specsFolder(), 'stripe', file), 'utf8')) as Record<string, any>;


const SAMPLES = 'fixtures3.json';

function schemaFile(name: string): string {
	return `derived-from-stripe-node-23.1.0/${name}.schema.json`;
}

/** Forms carry text alone: numbers and truth values are read out of it. */
function schemaOf(name: string): (params: unknown) => void {
	const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: true, validateFormats: false });
	const validate = ajv.compile(spec(schemaFile(name)));
	return (params) => {
		if (!validate(params)) throw new Error(ajv.errorsText(validate.errors));
	};
}

/** One of each thing, paid. */
async function everything() {
	const scene = await stripeScene();
	const { call, sdk } = scene;
	const { customer_id: customerId } = await createCustomer(call, {
		userId: 'u-1', username: 'ada', email: 'ada@example.com', name: 'Ada', phone: '+1', description: 'first', metadata: { source: 'web' }, paymentMethod: 'pm_card_visa',
	});
	const price = { tier: 'growth', interval: 'monthly' } as const;
	const created = await createSubscription(call, { customerId, price, quantity: 2, metadata: { seat: 'a' } });
	await createSubscription(call, { customerId, price, trialDays: 7, ownKey: 'trial' });
	await pay(sdk, created.client_secret);
	const { payment_intent_id: id } = await createPayment(call, {
		purpose: 'o-1', amount: 4900, currency: 'usd', customerId, description: 'Top-up', receiptEmail: 'ada@example.com', allowRedirects: false, metadata: { a: 'b' },
	});
	await confirmPayment(call, id, { paymentMethod: 'pm_card_visa' });
	return { ...scene, id, subscription: created.subscription_id };
}

describeContracts('the schemas of Stripe’s SDK 23.1.0', ['stripe'], () => {
	it('take every request that makes something', async () => {
		const { posts } = await everything();
		const checks: Array<[path: string, schema: string, count: number]> = [
			['/v1/customers', 'CustomerCreateParams', 1],
			['/v1/subscriptions', 'SubscriptionCreateParams', 2],
			['/v1/payment_intents', 'PaymentIntentCreateParams', 1],
		];
		for (const [path, name, count] of checks) {
			const sent = posts(path).filter((record) => record.path === path);
			expect(sent).toHaveLength(count);
			const check = schemaOf(name);
			for (const { body } of sent) check(paramsOf(body));
		}
	});

	it('refuse what Stripe has taken away, and so does the sandbox', async () => {
		const { url, sandbox } = await stripeScene();
		expect(() => schemaOf('SubscriptionCreateParams')({ customer: 'cus_1', coupon: 'x' })).toThrow(/additional/);
		expect(() => schemaOf('PaymentIntentCreateParams')({ amount: 1, currency: 'usd', payment_method_types: ['card'] })).toThrow(/additional/);
		for (const [path, body] of [['/v1/payment_intents', 'amount=100&currency=usd&payment_method_types[0]=card'], ['/v1/subscriptions', 'customer=cus_1&coupon=x']]) {
			const answer = await fetch(`${url}${path}`, {
				method: 'POST', body, headers: { authorization: 'Bearer sk_test_sandbox-stripe-key', 'content-type': 'application/x-www-form-urlencoded' },
			});
			expect(answer.status).toBe(400);
			expect(await answer.json()).toMatchObject({ error: { code: 'parameter_unknown', type: 'invalid_request_error' } });
		}
		expect(sandbox.recorder.list().every(({ error }) => error === undefined)).toBe(true);
	});
});

/** Came or went between the samples of July 2026 and the API of October 2026. */
const NEWER: Record<string, string[]> = {
	payment_intent: ['allowed_payment_method_types', 'payment_record', 'canceled_at'],
	invoice: [],
	customer: [],
	price: [],
	webhook_endpoint: [],
};
const GONE: Record<string, string[]> = { invoice: ['subscription'] };

describeContracts('Stripe’s own samples', ['stripe'], () => {
	it.each(['customer', 'subscription', 'payment_intent', 'invoice', 'price'])('have the fields of the sandbox’s %s', async (kind) => {
		const { sandbox } = await everything();
		const tables = sandbox.state('stripe') as Record<string, object[]>;
		const sample = spec(SAMPLES).resources[kind] as object;
		const ours = Object.keys(tables[`${kind}s`]![0]!);
		const theirs = Object.keys(sample).filter((name) => !GONE[kind]?.includes(name));
		expect(ours.filter((name) => !theirs.includes(name) && !NEWER[kind]?.includes(name))).toEqual([]);
		expect(theirs.filter((name) => !ours.includes(name))).toEqual([]);
	});
});

describe('the SDK’s own types', () => {
	it('know every field that we send and read; tsc checks this file', () => {
		const subscription = {
			customer: 'cus_1',
			items: [{ price: 'price_1', quantity: 1 }],
			payment_behavior: 'default_incomplete',
			payment_settings: { save_default_payment_method: 'on_subscription' },
			expand: ['latest_invoice.confirmation_secret'],
		} satisfies Stripe.SubscriptionCreateParams;
		// @ts-expect-error -- `discounts` took its place
		const coupon: Stripe.SubscriptionCreateParams = { customer: 'cus_1', coupon: 'x' };
		// @ts-expect-error -- gone with 2026-10-28
		const types: Stripe.PaymentIntentCreateParams = { amount: 1, currency: 'usd', payment_method_types: ['card'] };
		// @ts-expect-error -- on the items since 2025-03-31
		const end = (one: Stripe.Subscription) => one.current_period_end as number;
		// @ts-expect-error -- `confirmation_secret` took its place
		const paidBy = (one: Stripe.Invoice) => one.payment_intent as string;
		const itemEnd = (one: Stripe.SubscriptionItem): number => one.current_period_end;
		const secret = (one: Stripe.Invoice): string | undefined => one.confirmation_secret?.client_secret;
		expect([subscription, coupon, types, end, paidBy, itemEnd, secret]).toHaveLength(7);
	});
});

describe('every request', () => {
	it('names the API version, and all that makes or charges has a key that the next execution has too', async () => {
		const [first, second] = [await everything(), await everything()];
		const keys = ({ posts }: typeof first) => posts().map(({ path, headers }) => [path.replace(/(pi|sub)_\w+/, '$1'), headers['idempotency-key']]);
		expect(first.posts().every(({ headers }) => headers['stripe-version'] === '2026-10-28.endive')).toBe(true);
		const made = (scene: typeof first) => keys(scene).filter(([, key]) => key?.startsWith('ytempire-'));
		expect(made(first).map(([path]) => path)).toEqual([
			'/v1/customers', '/v1/subscriptions', '/v1/subscriptions', '/v1/payment_intents', '/v1/payment_intents/pi/confirm',
		]);
		expect(made(first)).toEqual(made(second));
	});

	it('that ends a subscription goes by DELETE', async () => {
		const { call, subscription, sandbox } = await everything();
		await cancelSubscription(call, subscription);
		expect(sandbox.recorder.list({ service: 'stripe', method: 'DELETE' })).toMatchObject([{ path: `/v1/subscriptions/${subscription}`, status: 200 }]);
	});
});
