/** Single payments. A payment intent can succeed once; what must not be made twice is the intent itself. */
import { invalidRequest } from '../errors';
import type { Stripe } from '../vendor/stripe';

import { checkedAmount, currencyCode, decimalAmount, isoTime } from './amounts';
import { askStripe, type StripeCall } from './client';
import { checkedId, idOf } from './ids';
import { askUnder, type BillingCall, idempotencyKey, keyAfter, makeOnce, metadataText } from './once';

export interface PaymentDocument {
	payment_intent_id: string;
	/** Stripe's: `requires_payment_method`, `requires_action`, `succeeded`, `canceled` … */
	status: string;
	/** In the smallest unit: cents of usd, whole jpy. */
	amount: number;
	/** e.g. `49.00` */
	amount_decimal: string;
	amount_received: number;
	currency: string;
	customer_id: string | null;
	description: string | null;
	metadata: Record<string, string>;
	payment_method: string | null;
	/** What the customer has to do, e.g. `redirect_to_url`; empty when nothing. */
	next_action: string;
	/** Where the customer does it; empty when the front end's own form does. */
	next_action_url: string;
	created_at: string | null;
	canceled_at: string | null;
	/** False in test mode, where no money moves. */
	live: boolean;
}

/** For the front end's payment form. */
export interface PayablePayment extends PaymentDocument {
	client_secret: string;
}

export interface NewPayment {
	/** What is paid for, e.g. an order's number: the same one is never charged twice. */
	purpose: string;
	/** Whole number of the smallest unit. */
	amount: number;
	currency: string;
	customerId?: string;
	description?: string;
	metadata?: Record<string, string>;
	receiptEmail?: string;
	/** False leaves out ways of paying that lead the customer to another page, so that Confirm needs no return address. */
	allowRedirects?: boolean;
}

/**
 * Under the same purpose there is one payment: asking again gives it as it is now, and after a cancellation a new one.
 * @throws YtempireError reason `payment-differs` when the purpose has a payment of another amount, currency or customer
 */
export async function createPayment(call: BillingCall, payment: NewPayment): Promise<PayablePayment & { repeated: boolean }> {
	const purpose = payment.purpose.trim();
	if (purpose === '') {
		throw invalidRequest('The payment does not say what it is for', {
			cure: 'Fill in Idempotency Key with something that only this payment has, such as an order number: a retry then finds the payment, and never charges twice.',
			reason: 'purpose-missing',
		});
	}
	const currency = currencyCode(payment.currency);
	const params: Stripe.PaymentIntentCreateParams = {
		amount: checkedAmount(payment.amount, currency),
		currency,
		automatic_payment_methods: { enabled: true, ...(payment.allowRedirects === false ? { allow_redirects: 'never' } : {}) },
		...(payment.customerId ? { customer: checkedId('cus', payment.customerId) } : {}),
		...(payment.description ? { description: payment.description } : {}),
		...(payment.receiptEmail ? { receipt_email: payment.receiptEmail } : {}),
		metadata: { ...payment.metadata, payment_for: metadataText(purpose) },
	};
	const { object, repeated } = await makeOnce<Stripe.PaymentIntent>(call, {
		operation: 'payment',
		parts: { purpose },
		create: async (stripe, key) => await stripe.paymentIntents.create(params, { idempotencyKey: key }),
		get: async (stripe, id) => await stripe.paymentIntents.retrieve(id),
		ended: ({ status }) => status === 'canceled',
		list: async (stripe, since) => await stripe.paymentIntents.list(since),
		matches: ({ metadata }) => metadata.payment_for === metadataText(purpose),
	});
	refuseOther(object, params);
	return { ...paymentDocument(object), client_secret: object.client_secret ?? '', repeated };
}

/** What the purpose has is no answer to a request for something else. */
function refuseOther(there: Stripe.PaymentIntent, { amount, currency, customer }: Stripe.PaymentIntentCreateParams): void {
	const isOther = there.amount !== amount || there.currency !== currency || (customer !== undefined && idOf(there.customer) !== customer);
	if (!isOther) return;
	const price = `${decimalAmount(there.amount, there.currency)} ${there.currency.toUpperCase()}`;
	throw invalidRequest(`Under this Idempotency Key there is another payment: ${there.id} of ${price}, which is ${there.status}`, {
		cure: 'If it is the same order, cancel that payment first. If this is a second, different one, give it another Idempotency Key.',
		provider: 'stripe',
		reason: 'payment-differs',
	});
}

async function retrieve(call: StripeCall, id: string): Promise<Stripe.PaymentIntent> {
	const payment = checkedId('pi', id);
	return await askStripe(call, async (stripe) => await stripe.paymentIntents.retrieve(payment));
}

export async function getPayment(call: StripeCall, id: string): Promise<PaymentDocument> {
	return paymentDocument(await retrieve(call, id));
}

/** For a payment page that is opened again. */
export async function getPayablePayment(call: StripeCall, id: string): Promise<PayablePayment> {
	const payment = await retrieve(call, id);
	return { ...paymentDocument(payment), client_secret: payment.client_secret ?? '' };
}

export interface Confirmation {
	/** `pm_…`; the payment's own when left out. */
	paymentMethod?: string;
	/** Where the customer comes back to from another page. */
	returnUrl?: string;
	/** The customer isn't there to answer the bank. */
	offSession?: boolean;
}

/** Nothing more is charged for a payment in these. */
const CHARGED = new Set(['succeeded', 'processing', 'requires_capture']);

/**
 * Charges, once: a payment that has been charged is given as it is. After a decline the next run is a new try, as the
 * failed charge is part of the key.
 * @throws YtempireError `refused` when the card is declined or the bank wants the customer
 */
export async function confirmPayment(
	call: StripeCall,
	id: string,
	{ paymentMethod = '', returnUrl = '', offSession = false }: Confirmation = {},
): Promise<PaymentDocument & { repeated: boolean }> {
	const before = await retrieve(call, id);
	const method = paymentMethod.trim() ? checkedId('pm', paymentMethod) : '';
	const waits = before.status === 'requires_action' && (method === '' || method === idOf(before.payment_method));
	if (CHARGED.has(before.status) || waits) return { ...paymentDocument(before), repeated: true };
	if (before.status === 'canceled') {
		throw invalidRequest(`The payment ${before.id} was cancelled`, {
			cure: 'Create a new payment.',
			provider: 'stripe',
			reason: 'payment-cancelled',
		});
	}
	if (method === '' && before.payment_method === null) {
		throw invalidRequest(`The payment ${before.id} has no payment method`, {
			cure: "Let the front end collect it with the client secret, or give the ID of the customer's saved one (pm_…).",
			provider: 'stripe',
			reason: 'payment-method-missing',
		});
	}
	const params: Stripe.PaymentIntentConfirmParams = {
		...(method ? { payment_method: method } : {}),
		...(returnUrl.trim() ? { return_url: returnUrl.trim() } : {}),
		...(offSession ? { off_session: true } : {}),
	};
	const wanted = { id: before.id, params, lastCharge: idOf(before.latest_charge), status: before.status };
	return await underKeys(call, {
		operation: 'confirm',
		wanted,
		ask: async (stripe, key) => await stripe.paymentIntents.confirm(before.id, params, { idempotencyKey: key }),
		isDone: ({ status }) => CHARGED.has(status) || status === 'requires_action',
		id: before.id,
	});
}

interface Change {
	operation: string;
	/** What makes it the same. */
	wanted: unknown;
	ask(stripe: Stripe, key: string): Promise<Stripe.Response<Stripe.PaymentIntent>>;
	/** It has come about, whatever the answer was. */
	isDone(payment: Stripe.PaymentIntent): boolean;
	id: string;
}

/** Where Stripe keeps a failure under the key, the payment is looked at, and the next key asked if nothing came of it. */
async function underKeys(
	call: StripeCall,
	{ operation, wanted, ask, isDone, id }: Change,
): Promise<PaymentDocument & { repeated: boolean }> {
	for (let after = ''; ; after = keyAfter(after)) {
		const key = idempotencyKey(operation, { wanted, after });
		const answer = await askUnder(call, async (stripe) => await ask(stripe, key));
		if ('given' in answer) return { ...paymentDocument(answer.given), repeated: answer.repeated };
		const now = await retrieve(call, id);
		if (isDone(now)) return { ...paymentDocument(now), repeated: true };
		if (answer.failedNow) throw answer.failure;
	}
}

export type CancelReason = 'abandoned' | 'duplicate' | 'fraudulent' | 'requested_by_customer';

/** @throws YtempireError `payment-charged` for one whose money has moved: that needs a refund */
export async function cancelPayment(call: StripeCall, id: string, reason?: CancelReason): Promise<PaymentDocument> {
	const before = await retrieve(call, id);
	if (before.status === 'canceled') return paymentDocument(before);
	if (before.status === 'succeeded') {
		throw invalidRequest(`The payment ${before.id} has succeeded and can not be cancelled`, {
			cure: 'Refund it in Stripe.',
			provider: 'stripe',
			reason: 'payment-charged',
		});
	}
	const params: Stripe.PaymentIntentCancelParams = reason ? { cancellation_reason: reason } : {};
	const { repeated: _repeated, ...document } = await underKeys(call, {
		operation: 'cancel-payment',
		wanted: { id: before.id, reason, status: before.status },
		ask: async (stripe, key) => await stripe.paymentIntents.cancel(before.id, params, { idempotencyKey: key }),
		isDone: ({ status }) => status === 'canceled',
		id: before.id,
	});
	return document;
}

export function paymentDocument(payment: Stripe.PaymentIntent): PaymentDocument {
	return {
		payment_intent_id: payment.id,
		status: payment.status,
		amount: payment.amount,
		amount_decimal: decimalAmount(payment.amount, payment.currency),
		amount_received: payment.amount_received,
		currency: payment.currency,
		customer_id: idOf(payment.customer),
		description: payment.description,
		metadata: { ...payment.metadata },
		payment_method: idOf(payment.payment_method),
		next_action: payment.next_action?.type ?? '',
		next_action_url: payment.next_action?.redirect_to_url?.url ?? '',
		created_at: isoTime(payment.created),
		canceled_at: isoTime(payment.canceled_at),
		live: payment.livemode,
	};
}
