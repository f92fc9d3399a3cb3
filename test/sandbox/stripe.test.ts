/** Stripe's stand-in behaves as Stripe does, seen through Stripe's own SDK. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { Stripe } from '../../core/vendor/stripe';
import { ask } from '../support/http';
import { pay, stripeScene } from '../support/stripe';

const DAY = 86_400_000;

const TEST_KEY = { authorization: 'Bearer sk_test_sandbox-stripe-key' };

describe('idempotency keys', () => {
	it('give the same answer for the same request, and say so', async () => {
		const { sdk, kept } = await stripeScene();
		const first = await sdk.customers.create({ email: 'a@b.co' }, { idempotencyKey: 'k' });
		const again = await sdk.customers.create({ email: 'a@b.co' }, { idempotencyKey: 'k' });
		expect(again.id).toBe(first.id);
		expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
		expect(again.lastResponse.headers).toMatchObject({ 'idempotent-replayed': 'true', 'original-request': first.lastResponse.requestId, 'idempotency-key': 'k' });
		expect(kept().customers).toHaveLength(1);
	});

	it('keep the answer as it was then', async () => {
		const { sdk } = await stripeScene();
		const { id } = await sdk.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' });
		await sdk.customers.update(id, { name: 'Grace' });
		expect((await sdk.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' })).name).toBe('Ada');
	});

	it('refuse other parameters and other paths', async () => {
		const { sdk } = await stripeScene();
		const { id } = await sdk.customers.create({ email: 'a@b.co' }, { idempotencyKey: 'k' });
		const wrong = { type: 'StripeIdempotencyError', statusCode: 400 };
		await expect(sdk.customers.create({ email: 'c@b.co' }, { idempotencyKey: 'k' })).rejects.toMatchObject(wrong);
		await expect(sdk.customers.update(id, { email: 'a@b.co' }, { idempotencyKey: 'k' })).rejects.toMatchObject(wrong);
	});

	it('are forgotten after a day, and not kept for what was refused before it began', async () => {
		const { sdk, sandbox, kept } = await stripeScene();
		await expect(sdk.customers.create({ email: 'wrong' }, { idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'email_invalid' });
		await sdk.customers.create({ email: 'a@b.co' }, { idempotencyKey: 'k' });
		sandbox.clock.advance(DAY + 1000);
		await sdk.customers.create({ email: 'a@b.co' }, { idempotencyKey: 'k' });
		expect(kept().customers).toHaveLength(2);
	});

	it('keep a decline too', async () => {
		const { sdk, kept } = await stripeScene();
		const payment = await sdk.paymentIntents.create({ amount: 500, currency: 'usd', automatic_payment_methods: { enabled: true, allow_redirects: 'never' } });
		const confirm = async () => await sdk.paymentIntents.confirm(payment.id, { payment_method: 'pm_card_chargeDeclined' }, { idempotencyKey: 'k' });
		await expect(confirm()).rejects.toMatchObject({ type: 'StripeCardError', code: 'card_declined', decline_code: 'generic_decline' });
		await expect(confirm()).rejects.toMatchObject({ code: 'card_declined' });
		expect(kept().charges).toHaveLength(1);
	});
});

describe('failures amidst a request', () => {
	it('are kept under the key, whether the work was done or not', async () => {
		const { sdk, breakDown, kept } = await stripeScene();
		const create = async (key: string) => await sdk.customers.create({ email: 'a@b.co' }, { idempotencyKey: key, maxNetworkRetries: 0 });
		await breakDown('/v1/customers', { done: true });
		await expect(create('k')).rejects.toMatchObject({ type: 'StripeAPIError', statusCode: 500 });
		await expect(create('k')).rejects.toMatchObject({ statusCode: 500, headers: { 'idempotent-replayed': 'true' } });
		expect(kept().customers).toHaveLength(1);
		await breakDown('/v1/customers');
		await expect(create('l')).rejects.toMatchObject({ statusCode: 500 });
		await expect(create('l')).rejects.toMatchObject({ statusCode: 500 });
		expect(kept().customers).toHaveLength(1);
	});

	it('of a card that can not be attached make no customer', async () => {
		const { sdk, kept } = await stripeScene();
		const create = async (card: string) => await sdk.customers.create({ payment_method: card });
		await expect(create('pm_card_chargeDeclined')).rejects.toMatchObject({ type: 'StripeCardError', decline_code: 'generic_decline' });
		await create('pm_card_chargeCustomerFail');
		expect(kept().customers).toHaveLength(1);
	});
});

describe('lists', () => {
	it('tell what was made since a moment, of customers, payments and subscriptions', async () => {
		const { sdk, sandbox } = await stripeScene();
		const make = async () => {
			const customer = await sdk.customers.create({ email: 'a@b.co' });
			await sdk.paymentIntents.create({ amount: 500, currency: 'usd', customer: customer.id });
			const { data } = await sdk.prices.list({ lookup_keys: ['starter_monthly'] });
			await sdk.subscriptions.create({ customer: customer.id, items: [{ price: data[0]!.id }], payment_behavior: 'default_incomplete' });
		};
		await make();
		sandbox.clock.advance(60_000);
		const created = { gte: Math.floor(sandbox.clock.now() / 1000) };
		await make();
		const [customers, payments, subscriptions] = await Promise.all([
			sdk.customers.list({ created }), sdk.paymentIntents.list({ created }), sdk.subscriptions.list({ created, status: 'all' }),
		]);
		// a subscription's first invoice has a payment, too
		expect([customers.data.length, payments.data.length, subscriptions.data.length]).toEqual([1, 2, 1]);
	});
});

describe('a subscription', () => {
	async function begun(card?: string) {
		const scene = await stripeScene();
		const { sdk } = scene;
		const customer = await sdk.customers.create({ email: 'a@b.co' });
		const { data } = await sdk.prices.list({ lookup_keys: ['starter_monthly'] });
		const subscription = await sdk.subscriptions.create({
			customer: customer.id, items: [{ price: data[0]!.id }], payment_behavior: 'default_incomplete', expand: ['latest_invoice.confirmation_secret'],
		});
		const invoice = subscription.latest_invoice as Stripe.Invoice;
		if (card) await pay(sdk, invoice.confirmation_secret!.client_secret, card);
		const status = async () => (await sdk.subscriptions.retrieve(subscription.id)).status;
		return { ...scene, customer, subscription, invoice, status };
	}

	it('goes from incomplete to active, and its invoice from open to paid', async () => {
		const { sdk, subscription, invoice, status, kept } = await begun();
		expect([subscription.status, invoice.status]).toEqual(['incomplete', 'open']);
		await pay(sdk, invoice.confirmation_secret!.client_secret);
		expect(await status()).toBe('active');
		expect(await sdk.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid', amount_paid: 4900 });
		expect(kept().events.map(({ type }) => type)).toEqual(expect.arrayContaining(['customer.subscription.created', 'invoice.paid', 'customer.subscription.updated']));
	});

	it('stays incomplete when the card is declined, and expires after 23 hours', async () => {
		const { sdk, sandbox, invoice, status } = await begun();
		await expect(pay(sdk, invoice.confirmation_secret!.client_secret, 'pm_card_chargeDeclined')).rejects.toThrow('declined');
		expect(await status()).toBe('incomplete');
		sandbox.clock.advance(DAY);
		expect(await status()).toBe('incomplete_expired');
		expect((await sdk.invoices.retrieve(invoice.id)).status).toBe('void');
	});

	it('is renewed month by month, and past due when the card no longer pays', async () => {
		const { sdk, sandbox, subscription, status, kept } = await begun('pm_card_visa');
		sandbox.clock.advance(32 * DAY);
		expect(await status()).toBe('active');
		await sdk.subscriptions.update(subscription.id, { default_payment_method: 'pm_card_chargeDeclined' });
		sandbox.clock.advance(31 * DAY);
		expect(await status()).toBe('past_due');
		expect(kept().invoices.map((one) => one.status)).toEqual(['paid', 'paid', 'open']);
		expect(kept().events.map(({ type }) => type)).toContain('invoice.payment_failed');
	});

	it('shows its invoice as a page and as a PDF', async () => {
		const { sdk, invoice } = await begun('pm_card_visa');
		const { invoice_pdf: pdf, hosted_invoice_url: page, number } = await sdk.invoices.retrieve(invoice.id);
		const file = await fetch(pdf!);
		expect(file.headers.get('content-type')).toBe('application/pdf');
		expect((await file.text()).startsWith('%PDF-')).toBe(true);
		expect((await ask(page!)).body).toContain(number);
	});
});

describe('lists', () => {
	it('go page by page to the end, the newest first', async () => {
		const { sdk } = await stripeScene();
		for (let index = 0; index < 25; index++) await sdk.customers.create({ name: `n${index}` });
		const first = await sdk.customers.list({ limit: 10 });
		expect([first.data.length, first.has_more, first.data[0]?.name]).toEqual([10, true, 'n24']);
		const names: Array<string | null | undefined> = [];
		for await (const { name } of sdk.customers.list({ limit: 10 })) names.push(name);
		expect(names).toHaveLength(25);
		expect(new Set(names).size).toBe(25);
		await expect(sdk.customers.list({ limit: 101 })).rejects.toMatchObject({ param: 'limit' });
	});
});

describe('refusals', () => {
	it('name the missing and the wrong key, and the other mode', async () => {
		const { url, sdk } = await stripeScene();
		expect((await ask(`${url}/v1/customers`)).body.error.message).toContain('You did not provide an API key');
		const wrong = await ask(`${url}/v1/customers`, { headers: { authorization: 'Bearer sk_test_51abcdefghijk' } });
		expect([wrong.status, wrong.body.error.message]).toEqual([401, 'Invalid API Key provided: sk_test_*********hijk']);
		const { id } = await sdk.customers.create({});
		const live = await ask(`${url}/v1/customers/${id}`, { headers: { authorization: 'Bearer sk_live_sandbox-stripe-key' } });
		expect([live.status, live.body.error.code, live.body.error.message]).toEqual([404, 'resource_missing', expect.stringContaining('exists in test mode')]);
	});

	it('name what is missing or unknown in a request, with a request ID', async () => {
		const { url } = await stripeScene();
		const post = async (path: string, body: string) =>
			await ask(`${url}${path}`, { method: 'POST', body, headers: { ...TEST_KEY, 'content-type': 'application/x-www-form-urlencoded' } });
		expect((await post('/v1/subscriptions', '')).body.error).toMatchObject({ code: 'parameter_missing', param: 'customer' });
		expect((await post('/v1/customers', 'colour=red')).body.error).toMatchObject({ code: 'parameter_unknown', param: 'colour' });
		expect((await post('/v1/payment_intents', 'amount=1.5&currency=usd')).body.error).toMatchObject({ code: 'parameter_invalid_integer' });
		expect((await post('/v1/payment_intents', 'amount=100&currency=zzz')).body.error).toMatchObject({ param: 'currency' });
		const answer = await post('/v1/customers?x=1', 'name=a');
		expect([answer.status, answer.headers.get('request-id'), answer.headers.get('stripe-version')]).toEqual([200, expect.stringMatching(/^req_/), '2026-10-28.endive']);
	});
});

describe('webhooks', () => {
	/** An endpoint that answers with these statuses, one after the other, and then with 200. */
	async function endpoint(...statuses: number[]) {
		const got: Array<{ body: string; signature: string }> = [];
		const server = createServer((request, response) => {
			void text(request).then((body) => {
				got.push({ body, signature: String(request.headers['stripe-signature']) });
				response.writeHead(statuses.shift() ?? 200).end();
			});
		});
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		onTestFinished(() => {
			server.closeAllConnections();
			server.close();
		});
		return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got };
	}

	it('deliver the chosen events, signed so that the SDK takes them and takes nothing else', async () => {
		const { sdk } = await stripeScene();
		const { url, got } = await endpoint();
		const { secret } = await sdk.webhookEndpoints.create({ url, enabled_events: ['customer.created'] });
		const { id } = await sdk.customers.create({ name: 'Ada' });
		await sdk.customers.update(id, { name: 'Grace' });
		await vi.waitFor(() => expect(got).toHaveLength(1));
		const [{ body, signature } = { body: '', signature: '' }] = got;
		expect(Stripe.webhooks.constructEvent(body, signature, secret!)).toMatchObject({
			type: 'customer.created', api_version: '2026-10-28.endive', data: { object: { id, name: 'Ada' } },
		});
		expect(() => Stripe.webhooks.constructEvent(body.replace('Ada', 'Eve'), signature, secret!)).toThrow(/signature/);
		expect(() => Stripe.webhooks.constructEvent(body, signature, 'whsec_other')).toThrow(/signature/);
	});

	it('are tried again until an endpoint takes them', async () => {
		const { sdk, kept } = await stripeScene();
		const { url, got } = await endpoint(500, 302);
		await sdk.webhookEndpoints.create({ url, enabled_events: ['*'] });
		await sdk.customers.create({});
		await vi.waitFor(() => expect(kept().deliveries.map(({ attempt, status }) => [attempt, status])).toEqual([[1, 500], [2, 302], [3, 200]]));
		expect(new Set(got.map(({ body }) => (JSON.parse(body) as { id: string }).id)).size).toBe(1);
	});

	it('end with their endpoint, whose secret is shown once', async () => {
		const { sdk } = await stripeScene();
		const { url, got } = await endpoint();
		const { id, secret } = await sdk.webhookEndpoints.create({ url, enabled_events: ['*'] });
		expect(secret).toMatch(/^whsec_/);
		expect((await sdk.webhookEndpoints.list()).data).toMatchObject([{ id, url, status: 'enabled' }]);
		expect((await sdk.webhookEndpoints.retrieve(id)).secret).toBeUndefined();
		await sdk.webhookEndpoints.del(id);
		await sdk.customers.create({});
		await expect(sdk.webhookEndpoints.retrieve(id)).rejects.toMatchObject({ code: 'resource_missing' });
		expect(got).toEqual([]);
	});

	it('can be sent again, and made up for a test', async () => {
		const { sdk, url: stripe } = await stripeScene();
		const { url, got } = await endpoint();
		await sdk.webhookEndpoints.create({ url, enabled_events: ['*'] });
		const { body } = await ask(`${stripe}/sandbox/events`, { json: { type: 'charge.refunded', object: { id: 'ch_1', object: 'charge' } } });
		await ask(`${stripe}/sandbox/events/${body.id}/resend`, { method: 'POST' });
		await vi.waitFor(() => expect(got).toHaveLength(2));
		expect(new Set(got.map((one) => (JSON.parse(one.body) as { id: string }).id))).toEqual(new Set([body.id]));
	});
});
