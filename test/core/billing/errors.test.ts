/** Stripe's failures in plain words, with their cures and without secrets. */
import { describe, expect, it } from 'vitest';

import { connectStripe } from '../../../core/billing/client';
import { createCustomer, getCustomer, listCustomers } from '../../../core/billing/customers';
import { createPayment } from '../../../core/billing/payments';
import { stripeError } from '../../../core/billing/errors';
import { KEYS } from '../../../sandbox/keys';
import { stripeScene } from '../../support/stripe';

describe('the modes', () => {
	it('are told apart when an ID belongs to the other one', async () => {
		const { call, live } = await stripeScene();
		const { customer_id: id } = await createCustomer(call, { userId: 'u-1' });
		await expect(getCustomer(live, id)).rejects.toMatchObject({
			errorClass: 'invalid-request', reason: 'mode-mismatch',
			message: `Stripe has no customer ${id} in live mode; there is one in test mode`, cure: expect.stringContaining('test mode key'),
		});
		const there = await createCustomer(live, { userId: 'u-1' });
		expect(there.live).toBe(true);
		await expect(getCustomer(call, there.customer_id)).rejects.toThrow('in test mode; there is one in live mode');
	});

	it('are named when there is no such thing in either', async () => {
		const { call, live } = await stripeScene();
		await expect(getCustomer(call, 'cus_none')).rejects.toMatchObject({
			message: 'Stripe has no customer cus_none in test mode', reason: 'resource_missing', cure: expect.stringContaining('(test)'),
		});
		await expect(getCustomer(live, 'cus_none')).rejects.toThrow('in live mode');
	});

	it('have their own keys under the same idempotency key', async () => {
		const { call, live } = await stripeScene();
		const both = [await createCustomer(call, { userId: 'u-1' }), await createCustomer(live, { userId: 'u-1' })];
		expect(both.map(({ repeated }) => repeated)).toEqual([false, false]);
	});
});

describe('a key', () => {
	it('that Stripe does not know is named by its mode, and not shown', async () => {
		const { call } = await stripeScene();
		const wrong = { ...call, connection: { ...call.connection, secretKey: 'sk_live_51WrongWrongWrongWrong' } };
		const error = await listCustomers(wrong).catch((thrown: unknown) => thrown as Error);
		expect(error).toMatchObject({ errorClass: 'auth', httpStatus: 401, message: expect.stringContaining('live mode'), cure: expect.stringContaining('live mode key') });
		expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('WrongWrong');
	});

	it.each([
		['pk_test_123456', 'publishable key'],
		['whsec_123456', 'no secret key'],
		['', 'no secret key'],
	])('"%s" is refused before Stripe is asked', async (secretKey, message) => {
		await expect(connectStripe({ secretKey })).rejects.toThrow(message);
	});

	it('of the restricted kind works as well', async () => {
		expect(await connectStripe({ secretKey: 'rk_live_123456' })).toBeDefined();
	});
});

describe('an address that is none', () => {
	it('is told with its cure', async () => {
		await expect(connectStripe({ secretKey: 'sk_test_123456', baseUrl: 'api.stripe.com' })).rejects.toMatchObject({
			cure: expect.stringContaining('base URL'),
		});
	});
});

describe('Stripe', () => {
	it('is asked again when it wants fewer requests or fails', async () => {
		const { sandbox, call, kept } = await stripeScene();
		sandbox.faults.add({ service: 'stripe', kind: 'status', status: 429, reason: 'rate_limit' });
		sandbox.faults.add({ service: 'stripe', kind: 'status', status: 500, after: 1 });
		await createCustomer(call, { userId: 'u-1' });
		expect(kept().customers).toHaveLength(1);
	});

	it('is waited for while another request with the same key is under way', async () => {
		const { sandbox, call } = await stripeScene();
		sandbox.faults.add({ service: 'stripe', kind: 'status', status: 409, reason: 'idempotency_key_in_use' });
		expect(await createCustomer(call, { userId: 'u-1' })).toMatchObject({ user_id: 'u-1' });
	});

	it.each([
		[{ status: 429, reason: 'rate_limit' }, 'rate-limited'],
		[{ status: 503 }, 'unavailable'],
		[{ status: 403, reason: 'more_permissions_required' }, 'auth'],
		[{ status: 402, reason: 'insufficient_funds' }, 'refused'],
		[{ status: 400, reason: 'parameter_unknown' }, 'invalid-request'],
	])('that answers %o for good is an error of class %s', async (answer, errorClass) => {
		const { sandbox, call } = await stripeScene();
		sandbox.faults.add({ service: 'stripe', kind: 'status', times: 0, ...answer });
		await expect(listCustomers(call)).rejects.toMatchObject({ errorClass, provider: 'stripe', requestId: expect.stringMatching(/^req_/) });
	});

	it('that breaks off, or answers with half of its JSON, is unavailable', async () => {
		const { sandbox, call } = await stripeScene();
		sandbox.faults.add({ service: 'stripe', kind: 'drop', times: 0 });
		await expect(listCustomers({ ...call, retry: { attempts: 1 } })).rejects.toMatchObject({ errorClass: 'unavailable' });
		sandbox.faults.clear();
		sandbox.faults.add({ service: 'stripe', kind: 'malformed', times: 0 });
		await expect(listCustomers({ ...call, retry: { attempts: 1 } })).rejects.toMatchObject({ errorClass: 'unavailable' });
	});

	it('is left at once when the execution is cancelled', async () => {
		const { sandbox, call } = await stripeScene();
		sandbox.faults.setLatency('stripe', 5_000);
		const controller = new AbortController();
		const asked = listCustomers({ ...call, signal: controller.signal });
		setTimeout(() => controller.abort(), 30);
		const before = Date.now();
		await expect(asked).rejects.toMatchObject({ errorClass: 'cancelled' });
		expect(Date.now() - before).toBeLessThan(1_000);
	});

	it('that names the wrong field is passed on with the field', async () => {
		const { call } = await stripeScene();
		await expect(createCustomer(call, { email: 'nobody' })).rejects.toThrow(/email: Invalid email address/);
		await expect(createPayment(call, { purpose: 'o', amount: 10, currency: 'usd' })).rejects.toThrow(/at least \$0\.50/);
	});
});

describe('a client secret and a key in Stripe’s own words', () => {
	it('are hidden', () => {
		const message = `No such payment_intent: 'pi_1_secret_abcdef'; the key ${KEYS.stripe.secretKey} was used`;
		const error = stripeError({ message, statusCode: 400, type: 'StripeInvalidRequestError', param: 'intent' }, KEYS.stripe.secretKey, 1);
		expect(error.message).not.toMatch(/abcdef|sandbox-stripe-key/);
	});
});
