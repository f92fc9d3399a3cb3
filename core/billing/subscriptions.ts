/** Subscriptions: begun unpaid, changed, ended and taken up again; each looked at before it is changed. */
import { invalidRequest } from '../errors';
import type { Stripe } from '../vendor/stripe';

import { decimalAmount, isoTime } from './amounts';
import { askStripe, listAll, type StripeCall } from './client';
import { checkedId, idOf } from './ids';
import { type BillingCall, makeOnce, type Made, metadataText } from './once';
import { findPrice, type PriceChoice, tierOf } from './prices';

/** What a front end needs to take the payment comes with it. */
const EXPAND = ['latest_invoice.confirmation_secret', 'pending_setup_intent'];

const OVER = new Set(['canceled', 'incomplete_expired']);

export interface SubscriptionDocument {
	subscription_id: string;
	customer_id: string | null;
	user_id: string;
	/** Stripe's: `incomplete`, `active`, `trialing`, `past_due`, `canceled` … */
	status: string;
	tier: string | null;
	interval: string | null;
	price_id: string | null;
	/** A period's price in the smallest unit. */
	amount: number | null;
	amount_decimal: string | null;
	currency: string;
	quantity: number;
	/** Of the first item, where Stripe keeps it since March 2025. */
	current_period_start: string | null;
	current_period_end: string | null;
	cancel_at_period_end: boolean;
	cancel_at: string | null;
	canceled_at: string | null;
	ended_at: string | null;
	latest_invoice_id: string | null;
	/** False in test mode, where no money moves. */
	live: boolean;
}

/** For the front end's payment form; empty when there is nothing to pay. */
export interface PayableSubscription extends SubscriptionDocument {
	client_secret: string;
	/** Which of Stripe.js' functions takes it: `confirmPayment` or `confirmSetup`. */
	client_secret_type: '' | 'payment_intent' | 'setup_intent';
}

export interface NewSubscription {
	customerId: string;
	price: PriceChoice;
	quantity?: number;
	trialDays?: number;
	metadata?: Record<string, string>;
	/** This very subscription, and no other: for a second one of the same price beside a live one. */
	ownKey?: string;
}

/**
 * Starts as `incomplete` and asks nobody for money: the front end takes the first payment with the client secret.
 * A customer has one live subscription of a price, so that asking again gives the one there is, even days later;
 * after its end a new one begins.
 */
export async function createSubscription(
	call: BillingCall,
	{ customerId, price: choice, quantity = 1, trialDays = 0, metadata = {}, ownKey = '' }: NewSubscription,
): Promise<PayableSubscription & { repeated: boolean }> {
	const customer = checkedId('cus', customerId);
	const price = await findPrice(call, choice);
	const { object, repeated } = (ownKey ? undefined : await liveOne(call, customer, price.id)) ?? (await make());
	return { ...payable(call, object), repeated };

	async function make(): Promise<Made<Stripe.Subscription>> {
		const owner = await askStripe(call, async (stripe) => await stripe.customers.retrieve(customer));
		const { user_id: userId, username } = 'metadata' in owner ? owner.metadata : {};
		const own: Stripe.MetadataParam = ownKey ? { idempotency_key: metadataText(ownKey) } : {};
		const params: Stripe.SubscriptionCreateParams = {
			customer,
			items: [{ price: price.id, quantity }],
			payment_behavior: 'default_incomplete',
			payment_settings: { save_default_payment_method: 'on_subscription' },
			...(trialDays > 0 ? { trial_period_days: trialDays } : {}),
			metadata: { ...(userId ? { user_id: userId } : {}), ...(username ? { username } : {}), ...metadata, ...own },
			expand: EXPAND,
		};
		return await makeOnce<Stripe.Subscription>(call, {
			operation: 'subscription',
			parts: ownKey ? { customer, ownKey } : { customer, price: price.id, quantity, trialDays },
			create: async (stripe, key) => await stripe.subscriptions.create(params, { idempotencyKey: key }),
			get: async (stripe, id) => await stripe.subscriptions.retrieve(id, { expand: EXPAND }),
			ended: ({ status }) => ownKey === '' && OVER.has(status),
			list: async (stripe, since) => await stripe.subscriptions.list({ ...since, customer, ...(ownKey ? {} : { price: price.id }), status: 'all' }),
			matches: (found) => found.metadata.idempotency_key === own.idempotency_key,
		});
	}
}

async function liveOne(call: StripeCall, customer: string, price: string): Promise<Made<Stripe.Subscription> | undefined> {
	// without `status` Stripe leaves the ended ones out
	const found = await listAll(call, undefined, async (stripe, page) =>
		await stripe.subscriptions.list({ ...page, customer, price, expand: EXPAND.map((path) => `data.${path}`) }),
	);
	const live = found.find(({ status }) => !OVER.has(status));
	return live && { object: live, repeated: true };
}

async function retrieve(call: StripeCall, id: string): Promise<Stripe.Subscription> {
	const subscription = checkedId('sub', id);
	return await askStripe(call, async (stripe) => await stripe.subscriptions.retrieve(subscription, { expand: EXPAND }));
}

export async function getSubscription(call: StripeCall, id: string): Promise<SubscriptionDocument> {
	return subscriptionDocument(call, await retrieve(call, id));
}

/** For a payment page that is opened again. */
export async function getPayableSubscription(call: StripeCall, id: string): Promise<PayableSubscription> {
	return payable(call, await retrieve(call, id));
}

export interface PlanChange {
	price: PriceChoice;
	/**
	 * `create_prorations` puts the difference on the next invoice; `always_invoice` bills it now, and the plan changes
	 * only when that is paid; `none` lets the new price begin with the next period.
	 */
	proration?: 'always_invoice' | 'create_prorations' | 'none';
}

export interface ChangedSubscription extends PayableSubscription {
	/** False when it had this price already. */
	changed: boolean;
	/** The new plan waits for its payment, which the front end takes with the client secret. */
	payment_pending: boolean;
}

/** @throws YtempireError `subscription-ended`, or `subscription-unpaid` for one whose first payment hasn't come */
export async function changePlan(
	call: StripeCall,
	id: string,
	{ price: choice, proration = 'create_prorations' }: PlanChange,
): Promise<ChangedSubscription> {
	const before = await retrieve(call, id);
	refuseEnded(before, 'The plan of a subscription that has ended can not change');
	const [item] = before.items.data;
	if (!item) throw new Error('The subscription has no item');
	const price = await findPrice(call, choice);
	if (item.price.id === price.id) return { ...payable(call, before), changed: false, payment_pending: false };
	if (before.status === 'incomplete') {
		throw invalidRequest(`The first payment of the subscription ${before.id} has not come yet`, {
			cure: 'Take the payment first; or cancel the subscription and create one with the other plan.',
			provider: 'stripe',
			reason: 'subscription-unpaid',
		});
	}
	const params: Stripe.SubscriptionUpdateParams = {
		items: [{ id: item.id, price: price.id, quantity: item.quantity ?? 1 }],
		proration_behavior: proration,
		...(proration === 'always_invoice' ? { payment_behavior: 'pending_if_incomplete' } : {}),
		expand: EXPAND,
	};
	const after = await askStripe(call, async (stripe) => await stripe.subscriptions.update(before.id, params));
	const pending = after.pending_update !== null;
	return { ...payable(call, after), changed: !pending, payment_pending: pending };
}

export interface CancelledSubscription extends Omit<SubscriptionDocument, 'status'> {
	/** Over, or over at the end of the period. */
	status: 'cancelled' | 'pending_cancellation';
	/** When it ended or will. */
	ends_at: string | null;
	/** Stripe's own word. */
	stripe_status: string;
}

/** One that has ended already stays so. */
export async function cancelSubscription(
	call: StripeCall,
	id: string,
	{ atPeriodEnd = false }: { atPeriodEnd?: boolean } = {},
): Promise<CancelledSubscription> {
	const before = await retrieve(call, id);
	if (OVER.has(before.status) || (atPeriodEnd && before.cancel_at_period_end)) return cancelled(call, before);
	const after = atPeriodEnd
		? await askStripe(call, async (stripe) => await stripe.subscriptions.update(before.id, { cancel_at_period_end: true }))
		: await cancelNow(call, before.id);
	return cancelled(call, after);
}

/** The answer to the first try may have been lost: what is gone then is what was asked for. */
async function cancelNow(call: StripeCall, id: string): Promise<Stripe.Subscription> {
	try {
		return await askStripe(call, async (stripe) => await stripe.subscriptions.cancel(id));
	} catch (error) {
		const now = await retrieve(call, id);
		if (OVER.has(now.status)) return now;
		throw error;
	}
}

function cancelled(call: StripeCall, subscription: Stripe.Subscription): CancelledSubscription {
	const document = subscriptionDocument(call, subscription);
	const over = OVER.has(document.status);
	return {
		...document,
		status: over ? 'cancelled' : 'pending_cancellation',
		ends_at: over ? (document.ended_at ?? document.canceled_at) : (document.cancel_at ?? document.current_period_end),
		stripe_status: document.status,
	};
}

export interface ResumedSubscription extends PayableSubscription {
	/** False for one that ran already, and for one that stays paused until its invoice is paid, with the client secret. */
	resumed: boolean;
}

/** Takes a cancellation back, or begins again after a pause; one that runs is left as it is. */
export async function resumeSubscription(call: StripeCall, id: string): Promise<ResumedSubscription> {
	const before = await retrieve(call, id);
	refuseEnded(before, 'A subscription that has ended can not be resumed');
	if (before.cancel_at_period_end || before.cancel_at !== null) {
		const params: Stripe.SubscriptionUpdateParams = before.cancel_at_period_end
			? { cancel_at_period_end: false, expand: EXPAND }
			: { cancel_at: '', expand: EXPAND };
		const after = await askStripe(call, async (stripe) => await stripe.subscriptions.update(before.id, params));
		return { ...payable(call, after), resumed: true };
	}
	if (before.status === 'paused') {
		const after = await askStripe(call, async (stripe) => await stripe.subscriptions.resume(before.id, { expand: EXPAND }));
		return { ...payable(call, after), resumed: after.status !== 'paused' };
	}
	return { ...payable(call, before), resumed: false };
}

function refuseEnded({ id, status }: Stripe.Subscription, message: string): void {
	if (!OVER.has(status)) return;
	throw invalidRequest(`${message}: ${id} is ${status}`, {
		cure: 'Create a new subscription for the customer.',
		provider: 'stripe',
		reason: 'subscription-ended',
	});
}

export function subscriptionDocument(call: StripeCall, subscription: Stripe.Subscription): SubscriptionDocument {
	const [item] = subscription.items.data;
	const amount = item?.price.unit_amount ?? null;
	const quantity = item?.quantity ?? 1;
	return {
		subscription_id: subscription.id,
		customer_id: idOf(subscription.customer),
		user_id: subscription.metadata.user_id ?? '',
		status: subscription.status,
		...(item ? tierOf(call, item.price) : { tier: null, interval: null }),
		price_id: item?.price.id ?? null,
		amount: amount === null ? null : amount * quantity,
		amount_decimal: amount === null ? null : decimalAmount(amount * quantity, subscription.currency),
		currency: subscription.currency,
		quantity,
		current_period_start: isoTime(item?.current_period_start),
		current_period_end: isoTime(item?.current_period_end),
		cancel_at_period_end: subscription.cancel_at_period_end,
		cancel_at: isoTime(subscription.cancel_at),
		canceled_at: isoTime(subscription.canceled_at),
		ended_at: isoTime(subscription.ended_at),
		latest_invoice_id: idOf(subscription.latest_invoice),
		live: subscription.livemode,
	};
}

/** The first payment's secret, or with a trial the one that keeps a card for later. */
function payable(call: StripeCall, subscription: Stripe.Subscription): PayableSubscription {
	const { latest_invoice: invoice, pending_setup_intent: setup } = subscription;
	const open = typeof invoice === 'object' && invoice?.status === 'open' ? invoice.confirmation_secret?.client_secret : undefined;
	const later = typeof setup === 'object' ? setup?.client_secret : undefined;
	return {
		...subscriptionDocument(call, subscription),
		client_secret: open ?? later ?? '',
		client_secret_type: open ? 'payment_intent' : later ? 'setup_intent' : '',
	};
}
