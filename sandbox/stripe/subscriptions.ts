/** Subscriptions from their first, unpaid invoice on. */
import type { Stripe } from 'stripe';

import { RefusedRequest } from '../service';
import { cancelNow } from './cancel';
import { invalid, missingParam } from './errors';
import { emit } from './events';
import { allow, choice, flag, list, metadata, nested, type Params, required, text, whole } from './form';
import { chargeInvoice, makeInvoice, markPaid, paymentsOf, subscriptionOf } from './invoices';
import { periodEnd } from './periods';
import { type Caller, idIn, page, type StripeState } from './state';

const DAY_S = 86_400;

const CREATE = [
	'customer', 'items', 'payment_behavior', 'payment_settings', 'metadata', 'trial_period_days', 'default_payment_method', 'description',
	'off_session', 'proration_behavior', 'cancel_at_period_end', 'collection_method', 'discounts', 'billing_mode', 'trial_settings', 'currency',
];

export const BEHAVIORS = ['allow_incomplete', 'default_incomplete', 'error_if_incomplete', 'pending_if_incomplete'] as const;

export function createSubscription(state: StripeState, params: Params, caller: Caller): Stripe.Subscription {
	allow(params, CREATE);
	const customer = state.get('customer', required(params, 'customer'), caller, 'customer');
	const items = list(params, 'items');
	const first = items[0];
	if (first === undefined || typeof first === 'string') throw missingParam('items');
	if (items.length > 1) throw invalid('The sandbox takes one item for each subscription', 'items');
	const price = priceOf(state, required(first, 'price'), caller);
	const quantity = whole(first, 'quantity') ?? 1;
	const behavior = choice(params, 'payment_behavior', BEHAVIORS) ?? 'allow_incomplete';
	const method = text(params, 'default_payment_method') ?? defaultMethod(customer);
	const trialDays = whole(params, 'trial_period_days') ?? 0;
	if (behavior !== 'default_incomplete' && method === undefined && trialDays === 0) {
		throw invalid(
			'This customer has no attached payment source or default payment method. Please consider adding a default payment method.',
			undefined,
			'resource_missing',
		);
	}
	const data = metadata(params);
	const begun = emptySubscription(state, customer, price, quantity, trialDays);
	begun.metadata = data;
	begun.default_payment_method = text(params, 'default_payment_method') ?? null;
	begun.description = text(params, 'description') ?? null;
	if (trialDays > 0 && method === undefined) begun.pending_setup_intent = newSetup(state, begun);
	state.save('subscription', begun);
	const { current_period_start: start, current_period_end: end } = itemOf(begun);
	const invoice = makeInvoice(
		state,
		begun,
		[
			{
				description: trialDays > 0 ? `Trial period for ${price.lookup_key}` : `${quantity} × ${price.lookup_key}`,
				amount: trialDays > 0 ? 0 : (price.unit_amount ?? 0) * quantity,
				price,
				start,
				end,
				proration: false,
			},
		],
		'subscription_create',
		caller,
	);
	const created = state.save('subscription', { ...begun, latest_invoice: invoice.id, status: firstStatus(trialDays, invoice) });
	emit(state, 'customer.subscription.created', created, caller);
	if (behavior !== 'default_incomplete' && method !== undefined && invoice.status === 'open') {
		try {
			chargeInvoice(state, invoice, method, caller);
		} catch (error) {
			if (behavior === 'error_if_incomplete' || !(error instanceof RefusedRequest)) {
				state.table('subscription').delete(created.id);
				throw error;
			}
		}
	}
	return state.get('subscription', created.id, caller);
}

/** Nothing is paid yet, but a card can be kept for when the trial is over. */
function newSetup(state: StripeState, { customer, livemode }: Stripe.Subscription): string {
	const id = state.newId('seti');
	const secret = `${id}_secret_${state.context.random(id).id(25)}`;
	const created = state.now();
	state.save('setup_intent', { id, object: 'setup_intent', client_secret: secret, created, customer: idIn(customer), livemode, status: 'requires_payment_method' });
	return id;
}

function firstStatus(trialDays: number, invoice: Stripe.Invoice): string {
	if (trialDays > 0) return 'trialing';
	return invoice.status === 'paid' ? 'active' : 'incomplete';
}

export function priceOf(state: StripeState, id: string, caller: Caller): Stripe.Price {
	const price = state.get('price', id, caller, 'items[0][price]');
	if (!price.active) throw invalid(`The price specified is inactive. This field only accepts active prices.`, 'items[0][price]');
	return price;
}

export function defaultMethod(customer: Stripe.Customer): string | undefined {
	const method = customer.invoice_settings.default_payment_method;
	return typeof method === 'string' ? method : method?.id;
}

export function itemOf(subscription: Stripe.Subscription): Stripe.SubscriptionItem {
	const item = subscription.items.data[0];
	if (!item) throw new Error(`The subscription ${subscription.id} has no item`);
	return item;
}

export function planOf(price: Stripe.Price): Stripe.Plan {
	return {
		id: price.id,
		object: 'plan',
		active: price.active,
		amount: price.unit_amount,
		amount_decimal: price.unit_amount_decimal,
		billing_scheme: 'per_unit',
		created: price.created,
		currency: price.currency,
		interval: price.recurring?.interval ?? 'month',
		interval_count: 1,
		livemode: price.livemode,
		metadata: {},
		meter: null,
		nickname: null,
		product: price.product,
		tiers_mode: null,
		transform_usage: null,
		trial_period_days: null,
		usage_type: 'licensed',
	};
}

/** Goes on after a pause. */
export function resumed(state: StripeState, subscription: Stripe.Subscription, caller: Caller): Stripe.Subscription {
	const active = state.save('subscription', { ...subscription, status: 'active' });
	emit(state, 'customer.subscription.resumed', active, caller);
	return active;
}

/** What becomes of an invoice's subscription when its payment comes. */
export function settlePaid(state: StripeState, payment: Stripe.PaymentIntent, caller: Caller): void {
	const invoiceId = [...paymentsOf(state)].find(([, id]) => id === payment.id)?.[0];
	const invoice = invoiceId === undefined ? undefined : state.table('invoice').get(invoiceId);
	if (!invoice || invoice.status !== 'open') return;
	markPaid(state, invoice, caller);
	const subscription = state.table('subscription').get(subscriptionOf(invoice) ?? '');
	if (!subscription || subscription.latest_invoice !== invoice.id) return;
	if (subscription.status === 'paused') {
		resumed(state, subscription, caller);
	} else if (subscription.status === 'incomplete' || subscription.status === 'past_due') {
		const active = state.save('subscription', {
			...subscription,
			status: 'active',
			// as `save_default_payment_method: on_subscription` asks
			default_payment_method: payment.payment_method ?? subscription.default_payment_method,
		});
		emit(state, 'customer.subscription.updated', active, caller, { status: subscription.status });
	}
}

export function listSubscriptions(state: StripeState, params: Params, caller: Caller) {
	allow(params, ['customer', 'price', 'status', 'limit', 'starting_after', 'ending_before', 'created', 'collection_method']);
	const customer = text(params, 'customer');
	if (customer !== undefined) state.get('customer', customer, caller, 'customer');
	const price = text(params, 'price');
	const status = text(params, 'status');
	const wanted = (one: Stripe.Subscription) => {
		if (status === 'all') return true;
		if (status === undefined) return one.status !== 'canceled' && one.status !== 'incomplete_expired';
		return status === 'ended' ? one.ended_at !== null : one.status === status;
	};
	const found = state
		.all('subscription', caller)
		.filter((one) => customer === undefined || one.customer === customer)
		.filter((one) => price === undefined || itemOf(one).price.id === price)
		.filter(wanted);
	return page(found, params, '/v1/subscriptions');
}

/** @throws RefusedRequest 404 for one that has ended, as Stripe */
export function cancelSubscription(state: StripeState, id: string, params: Params, caller: Caller): Stripe.Subscription {
	allow(params, ['invoice_now', 'prorate', 'cancellation_details']);
	flag(params, 'prorate');
	nested(params, 'cancellation_details');
	const subscription = state.get('subscription', id, caller);
	if (subscription.ended_at !== null) throw invalid(`No such subscription: '${id}'`, 'id', 'resource_missing', 404);
	return cancelNow(state, subscription, caller);
}

function emptySubscription(
	state: StripeState,
	customer: Stripe.Customer,
	price: Stripe.Price,
	quantity: number,
	trialDays: number,
): Stripe.Subscription {
	const id = state.idOf('subscription');
	const now = state.now();
	const end = trialDays > 0 ? now + trialDays * DAY_S : periodEnd(now, price.recurring?.interval ?? 'month');
	return {
		id,
		object: 'subscription',
		application: null,
		application_fee_percent: null,
		automatic_tax: { disabled_reason: null, enabled: false, liability: null },
		billing_cycle_anchor: trialDays > 0 ? end : now,
		billing_cycle_anchor_config: null,
		billing_mode: { flexible: null, type: 'flexible' },
		billing_schedules: [],
		billing_thresholds: null,
		cancel_at: null,
		cancel_at_period_end: false,
		canceled_at: null,
		cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
		collection_method: 'charge_automatically',
		created: now,
		currency: price.currency,
		customer: customer.id,
		customer_account: null,
		days_until_due: null,
		default_payment_method: null,
		default_source: null,
		default_tax_rates: [],
		description: null,
		discounts: [],
		ended_at: null,
		invoice_settings: { account_tax_ids: null, custom_fields: null, description: null, footer: null, issuer: { type: 'self' } },
		items: {
			object: 'list',
			data: [
				{
					id: state.newId('si'),
					object: 'subscription_item',
					billing_thresholds: null,
					created: now,
					current_period_start: now,
					current_period_end: end,
					current_trial: null,
					discounts: [],
					metadata: {},
					plan: planOf(price),
					price,
					quantity,
					subscription: id,
					tax_rates: [],
				},
			],
			has_more: false,
			url: `/v1/subscription_items?subscription=${id}`,
		},
		latest_invoice: null,
		livemode: customer.livemode,
		managed_payments: null,
		metadata: {},
		next_pending_invoice_item_invoice: null,
		on_behalf_of: null,
		pause_collection: null,
		payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: 'on_subscription' },
		pending_invoice_item_interval: null,
		pending_setup_intent: null,
		pending_update: null,
		schedule: null,
		start_date: now,
		status: 'incomplete',
		test_clock: null,
		transfer_data: null,
		trial_end: trialDays > 0 ? end : null,
		trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' } },
		trial_start: trialDays > 0 ? now : null,
	};
}
