/** Changes to a subscription: another price with its proration, an end at the period's end, and back again. */
import type { Stripe } from 'stripe';

import { RefusedRequest } from '../service';
import { invalid } from './errors';
import { emit } from './events';
import { allow, choice, flag, list, metadata, type Params, required, text, whole } from './form';
import { chargeInvoice, type Line, makeInvoice } from './invoices';
import { periodEnd } from './periods';
import { type Caller, idIn, type StripeState } from './state';
import { BEHAVIORS, defaultMethod, itemOf, planOf, priceOf, resumed } from './subscriptions';

const UPDATE = [
	'items', 'proration_behavior', 'payment_behavior', 'cancel_at_period_end', 'metadata', 'default_payment_method', 'description',
	'off_session', 'payment_settings', 'cancellation_details', 'proration_date', 'billing_cycle_anchor', 'trial_end',
];

/** Prorations that wait for the next invoice. */
export function pendingLines(state: StripeState): Map<string, Line[]> {
	return state.context.table('pending_lines');
}

/** Paid by, or else the customer's. */
export function methodOf(state: StripeState, subscription: Stripe.Subscription, caller: Caller): string | undefined {
	const own = subscription.default_payment_method;
	if (typeof own === 'string') return own;
	return defaultMethod(state.get('customer', idIn(subscription.customer), caller));
}

export function updateSubscription(state: StripeState, id: string, params: Params, caller: Caller): Stripe.Subscription {
	allow(params, UPDATE);
	const before = state.get('subscription', id, caller);
	if (before.ended_at !== null) {
		throw invalid(
			'A canceled subscription can only update its cancellation_details and metadata.',
			undefined,
			undefined,
		);
	}
	const atEnd = flag(params, 'cancel_at_period_end');
	const method = text(params, 'default_payment_method');
	const first = list(params, 'items')[0];
	let after: Stripe.Subscription = {
		...before,
		metadata: metadata(params, before.metadata),
		...(method === undefined ? {} : { default_payment_method: method || null }),
		...(atEnd === undefined ? {} : endAt(state, before, atEnd)),
	};
	state.save('subscription', after);
	if (typeof first === 'object') after = changePrice(state, after, first, params, caller);
	emit(state, 'customer.subscription.updated', after, caller, changedFields(before, after));
	return after;
}

function endAt(state: StripeState, subscription: Stripe.Subscription, atEnd: boolean): Partial<Stripe.Subscription> {
	const end = itemOf(subscription).current_period_end;
	return atEnd
		? {
				cancel_at_period_end: true,
				cancel_at: end,
				canceled_at: state.now(),
				cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: 'cancellation_requested' },
			}
		: {
				cancel_at_period_end: false,
				cancel_at: null,
				canceled_at: null,
				cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
			};
}

function changedFields(before: Stripe.Subscription, after: Stripe.Subscription): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(before).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(after[name as keyof Stripe.Subscription])),
	);
}

function changePrice(
	state: StripeState,
	subscription: Stripe.Subscription,
	change: Params,
	params: Params,
	caller: Caller,
): Stripe.Subscription {
	const item = itemOf(subscription);
	const itemId = text(change, 'id');
	if (itemId !== item.id) {
		throw itemId === undefined
			? invalid('The sandbox keeps one item for each subscription: give its id', 'items[0][id]')
			: invalid(`No such subscription item: '${itemId}'`, 'items[0][id]', 'resource_missing');
	}
	const price = priceOf(state, required(change, 'price'), caller);
	const quantity = whole(change, 'quantity') ?? item.quantity ?? 1;
	const proration = choice(params, 'proration_behavior', ['create_prorations', 'always_invoice', 'none']) ?? 'create_prorations';
	const behavior = choice(params, 'payment_behavior', BEHAVIORS) ?? 'allow_incomplete';
	if (price.id === item.price.id && quantity === item.quantity) return subscription;
	if (subscription.status === 'incomplete') {
		throw invalid('You cannot update a subscription in `incomplete` status in a way that results in proration.', undefined, undefined);
	}
	const now = state.now();
	const newPeriod = price.recurring?.interval !== item.price.recurring?.interval;
	const start = newPeriod ? now : item.current_period_start;
	const end = newPeriod ? periodEnd(now, price.recurring?.interval ?? 'month') : item.current_period_end;
	const lines = proration === 'none' ? [] : prorated(item, price, quantity, now, newPeriod);
	if (newPeriod) {
		lines.push({ description: `${quantity} × ${price.lookup_key}`, amount: (price.unit_amount ?? 0) * quantity, price, start, end, proration: false });
	}
	const items = {
		...subscription.items,
		data: [{ ...item, price, plan: planOf(price), quantity, current_period_start: start, current_period_end: end }],
	};
	const after: Stripe.Subscription = { ...subscription, items, billing_cycle_anchor: newPeriod ? now : subscription.billing_cycle_anchor };
	if (!newPeriod && proration !== 'always_invoice') {
		pendingLines(state).set(subscription.id, [...(pendingLines(state).get(subscription.id) ?? []), ...lines]);
		return state.save('subscription', after);
	}
	return payForChange(state, subscription, after, lines, behavior, caller);
}

function payForChange(
	state: StripeState,
	before: Stripe.Subscription,
	after: Stripe.Subscription,
	lines: Line[],
	behavior: (typeof BEHAVIORS)[number],
	caller: Caller,
): Stripe.Subscription {
	state.save('subscription', after);
	const invoice = makeInvoice(state, after, lines, 'subscription_update', caller);
	state.save('subscription', { ...after, latest_invoice: invoice.id });
	const method = methodOf(state, after, caller);
	if (invoice.status === 'paid') return state.get('subscription', after.id, caller);
	try {
		if (method === undefined) throw invalid('This customer has no attached payment source or default payment method.', undefined, 'resource_missing');
		chargeInvoice(state, invoice, method, caller);
		return state.get('subscription', after.id, caller);
	} catch (error) {
		if (!(error instanceof RefusedRequest)) throw error;
		if (behavior === 'error_if_incomplete') {
			state.save('subscription', before);
			throw error;
		}
		if (behavior === 'pending_if_incomplete') {
			return state.save('subscription', {
				...before,
				latest_invoice: invoice.id,
				pending_update: {
					billing_cycle_anchor: null,
					cancel_at: null,
					cancel_at_period_end: null,
					discount_source: null,
					discounts: null,
					expires_at: state.now() + 23 * 3600,
					metadata: null,
					subscription_items: after.items.data,
					trial_end: null,
					trial_from_plan: null,
				} as unknown as Stripe.Subscription.PendingUpdate,
			});
		}
		return state.save('subscription', { ...after, latest_invoice: invoice.id, status: 'past_due' });
	}
}

/** What is left of the old price comes back, the same part of the new one is owed. */
function prorated(item: Stripe.SubscriptionItem, price: Stripe.Price, quantity: number, now: number, newPeriod: boolean): Line[] {
	const { current_period_start: start, current_period_end: end } = item;
	const left = Math.max(0, (end - now) / (end - start));
	const unused = Math.round((item.price.unit_amount ?? 0) * (item.quantity ?? 1) * left);
	const lines = [
		{ description: `Unused time on ${item.price.lookup_key}`, amount: -unused, price: item.price, start: now, end, proration: true },
	];
	if (newPeriod) return lines;
	const remaining = Math.round((price.unit_amount ?? 0) * quantity * left);
	return [...lines, { description: `Remaining time on ${price.lookup_key}`, amount: remaining, price, start: now, end, proration: true }];
}

/** Only for paused ones, as Stripe's own `resume`. */
export function resumeSubscription(state: StripeState, id: string, params: Params, caller: Caller): Stripe.Subscription {
	allow(params, ['billing_cycle_anchor', 'proration_behavior', 'payment_behavior', 'proration_date']);
	const before = state.get('subscription', id, caller);
	if (before.status !== 'paused') {
		throw invalid(`This subscription cannot be resumed because it is not paused. Its status is ${before.status}.`, undefined, undefined);
	}
	const item = itemOf(before);
	const now = state.now();
	const end = periodEnd(now, item.price.recurring?.interval ?? 'month');
	const items = { ...before.items, data: [{ ...item, current_period_start: now, current_period_end: end }] };
	const paused = state.save('subscription', { ...before, items });
	const quantity = item.quantity ?? 1;
	const amount = (item.price.unit_amount ?? 0) * quantity;
	const line = { description: `${quantity} × ${item.price.lookup_key}`, amount, price: item.price, start: now, end, proration: false };
	const invoice = makeInvoice(state, paused, [line], 'subscription_update', caller);
	const billed = state.save('subscription', { ...paused, latest_invoice: invoice.id });
	const method = methodOf(state, billed, caller);
	if (invoice.status === 'paid') return resumed(state, billed, caller);
	try {
		if (method !== undefined) chargeInvoice(state, invoice, method, caller);
	} catch (error) {
		if (!(error instanceof RefusedRequest)) throw error;
	}
	// it stays paused until that invoice is paid
	return state.get('subscription', id, caller);
}
