/** Payments at Stripe: declined, asked for, charged once. */
import { describe, expect, it } from 'vitest';

import { cancelPayment, confirmPayment, createPayment, getPayablePayment, getPayment } from '../../../core/billing/payments';
import { stripeScene } from '../../support/stripe';

const ORDER = { purpose: 'order-1', amount: 4900, currency: 'usd', allowRedirects: false };

describe('creating a payment', () => {
	it('waits for its payment method, with the secret for the front end', async () => {
		const { call } = await stripeScene();
		const payment = await createPayment(call, { ...ORDER, description: 'Top-up', metadata: { pack: 'ten' } });
		expect(payment).toMatchObject({
			payment_intent_id: expect.stringMatching(/^pi_/), status: 'requires_payment_method', amount: 4900, amount_decimal: '49.00', currency: 'usd',
			description: 'Top-up', metadata: { pack: 'ten', payment_for: 'order-1' }, client_secret: expect.stringMatching(/_secret_/), repeated: false, live: false,
		});
		expect(await getPayment(call, payment.payment_intent_id)).not.toHaveProperty('client_secret');
		expect(await getPayablePayment(call, payment.payment_intent_id)).toMatchObject({ client_secret: payment.client_secret });
	});

	it('counts yen as yen', async () => {
		const { call, kept } = await stripeScene();
		expect(await createPayment(call, { ...ORDER, amount: 500, currency: 'JPY' })).toMatchObject({ amount: 500, amount_decimal: '500', currency: 'jpy' });
		expect(kept().payment_intents[0]).toMatchObject({ amount: 500, currency: 'jpy' });
	});

	it('is one for one order, and another for another order of the same amount', async () => {
		const { call, kept } = await stripeScene();
		const first = await createPayment(call, ORDER);
		expect(await createPayment(call, ORDER)).toMatchObject({ payment_intent_id: first.payment_intent_id, repeated: true });
		expect((await createPayment(call, { ...ORDER, purpose: 'order-2' })).payment_intent_id).not.toBe(first.payment_intent_id);
		expect(kept().payment_intents).toHaveLength(2);
	});

	it('refuses another amount for the same order', async () => {
		const { call, kept } = await stripeScene();
		await createPayment(call, ORDER);
		await expect(createPayment(call, { ...ORDER, amount: 5900 })).rejects.toMatchObject({
			reason: 'payment-differs', message: expect.stringContaining('49.00 USD'), cure: expect.stringContaining('cancel'),
		});
		expect(kept().payment_intents).toHaveLength(1);
	});

	it('refuses a payment that does not say what it is for, before Stripe is asked', async () => {
		const { call, posts } = await stripeScene();
		await expect(createPayment(call, { ...ORDER, purpose: ' ' })).rejects.toMatchObject({ reason: 'purpose-missing' });
		expect(posts()).toEqual([]);
	});

	it('is new after a cancellation', async () => {
		const { call } = await stripeScene();
		const first = await createPayment(call, ORDER);
		expect(await cancelPayment(call, first.payment_intent_id, 'abandoned')).toMatchObject({ status: 'canceled' });
		expect(await cancelPayment(call, first.payment_intent_id, 'abandoned')).toMatchObject({ status: 'canceled' });
		expect(await createPayment(call, ORDER)).toMatchObject({ status: 'requires_payment_method', repeated: false });
	});
});

describe('confirming a payment', () => {
	async function created() {
		const scene = await stripeScene();
		const { payment_intent_id: id } = await createPayment(scene.call, ORDER);
		const confirm = async (paymentMethod: string, more: object = {}) => await confirmPayment(scene.call, id, { paymentMethod, ...more });
		return { ...scene, id, confirm };
	}

	it('charges once, however often it runs', async () => {
		const { confirm, kept } = await created();
		expect(await confirm('pm_card_visa')).toMatchObject({ status: 'succeeded', amount_received: 4900, repeated: false });
		expect(await confirm('pm_card_visa')).toMatchObject({ status: 'succeeded', repeated: true });
		expect(kept().charges).toHaveLength(1);
	});

	it('charges once where the answer was lost', async () => {
		const { sandbox, confirm, kept } = await created();
		sandbox.faults.add({ service: 'stripe', match: { path: '^.*/confirm$' }, kind: 'drop-answer', times: 2 });
		expect(await confirm('pm_card_visa')).toMatchObject({ status: 'succeeded' });
		expect(kept().charges).toHaveLength(1);
	});

	it('charges once where two confirm at the same time', async () => {
		const { confirm, kept } = await created();
		const both = await Promise.all([confirm('pm_card_visa'), confirm('pm_card_visa')]);
		expect(both.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
		expect(kept().charges).toHaveLength(1);
	});

	it.each([
		['pm_card_chargeDeclined', 'generic_decline', /another card, or to call the bank/],
		['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds', /when there is money/],
		['pm_card_chargeDeclinedExpiredCard', 'expired_card', /has not expired/],
	])('says plainly why %s does not pay', async (card, reason, cure) => {
		const { confirm } = await created();
		const error = await confirm(card).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({
			errorClass: 'refused', reason, httpStatus: 402, provider: 'stripe', cure: expect.stringMatching(cure),
			message: expect.stringMatching(/^The card was declined/),
		});
		expect(JSON.stringify(error)).not.toContain('_secret_');
	});

	it('tries a declined card anew when it is run again, as it may be good by now', async () => {
		const { confirm, kept } = await created();
		await expect(confirm('pm_card_chargeDeclined')).rejects.toThrow('declined');
		await expect(confirm('pm_card_chargeDeclined')).rejects.toThrow('declined');
		expect(kept().charges.map(({ paid }) => paid)).toEqual([false, false]);
		expect(await confirm('pm_card_visa')).toMatchObject({ status: 'succeeded' });
	});

	it('passes on that the customer has to answer the bank, and ends when that is done', async () => {
		const { url, id, call, confirm } = await created();
		expect(await confirm('pm_card_authenticationRequired')).toMatchObject({ status: 'requires_action', next_action: 'use_stripe_sdk' });
		await fetch(`${url}/sandbox/authenticate/${id}`, { method: 'POST' });
		expect(await getPayment(call, id)).toMatchObject({ status: 'succeeded' });
	});

	it('says that a customer who is not there has to answer the bank', async () => {
		const { confirm } = await created();
		await expect(confirm('pm_card_authenticationRequired', { offSession: true })).rejects.toMatchObject({
			reason: 'authentication_required', message: expect.stringContaining('bank'), cure: expect.stringContaining('front end'),
		});
	});

	it('asks for a return address where other pages may be needed', async () => {
		const { call } = await stripeScene();
		const { payment_intent_id: id } = await createPayment(call, { ...ORDER, allowRedirects: true });
		await expect(confirmPayment(call, id, { paymentMethod: 'pm_card_visa' })).rejects.toThrow(/return_url/);
		expect(await confirmPayment(call, id, { paymentMethod: 'pm_card_visa', returnUrl: 'https://a.example/' })).toMatchObject({ status: 'succeeded' });
	});

	it('needs a payment method, and no cancelled payment', async () => {
		const { call, id, confirm } = await created();
		await expect(confirm('')).rejects.toMatchObject({ reason: 'payment-method-missing' });
		await cancelPayment(call, id);
		await expect(confirm('pm_card_visa')).rejects.toMatchObject({ reason: 'payment-cancelled' });
	});

	it('is not undone by Cancel', async () => {
		const { call, id, confirm } = await created();
		await confirm('pm_card_visa');
		await expect(cancelPayment(call, id)).rejects.toMatchObject({ reason: 'payment-charged', cure: expect.stringContaining('Refund') });
	});
});
