/** What time alone does: renewals, ends that were asked for, first payments that never came. Looked at before each request. */
import type { Stripe } from 'stripe';

import { RefusedRequest } from '../service';
import { cancelNow } from './cancel';
import { methodOf, pendingLines } from './change';
import { emit } from './events';
import { chargeInvoice, makeInvoice } from './invoices';
import { periodEnd } from './periods';
import type { Caller, StripeState } from './state';
import { itemOf } from './subscriptions';

/** Stripe waits so long for the first payment. */
const INCOMPLETE_S = 23 * 3600;

const LIVE = ['active', 'trialing', 'past_due'];

export function settleTime(state: StripeState): void {
	for (const found of [...state.table('subscription').values()]) {
		const caller: Caller = { livemode: found.livemode, requestId: '', idempotencyKey: null };
		if (found.status === 'incomplete' && found.created + INCOMPLETE_S <= state.now()) {
			cancelNow(state, found, caller, 'incomplete_expired');
		}
		let subscription: Stripe.Subscription | undefined = found;
		while (subscription && LIVE.includes(subscription.status) && itemOf(subscription).current_period_end <= state.now()) {
			subscription = endPeriod(state, subscription, caller);
		}
	}
}

function endPeriod(state: StripeState, subscription: Stripe.Subscription, caller: Caller): Stripe.Subscription | undefined {
	if (subscription.cancel_at_period_end) {
		cancelNow(state, subscription, caller);
		return undefined;
	}
	const item = itemOf(subscription);
	const start = item.current_period_end;
	const end = periodEnd(start, item.price.recurring?.interval ?? 'month');
	const renewed: Stripe.Subscription = {
		...subscription,
		status: subscription.status === 'trialing' ? 'active' : subscription.status,
		items: { ...subscription.items, data: [{ ...item, current_period_start: start, current_period_end: end }] },
	};
	state.save('subscription', renewed);
	const quantity = item.quantity ?? 1;
	const lines = [
		...(pendingLines(state).get(subscription.id) ?? []),
		{
			description: `${quantity} × ${item.price.lookup_key}`,
			amount: (item.price.unit_amount ?? 0) * quantity,
			price: item.price,
			start,
			end,
			proration: false,
		},
	];
	pendingLines(state).delete(subscription.id);
	const invoice = makeInvoice(state, renewed, lines, 'subscription_cycle', caller);
	state.save('subscription', { ...renewed, latest_invoice: invoice.id });
	try {
		const method = methodOf(state, renewed, caller);
		if (method !== undefined) chargeInvoice(state, invoice, method, caller);
	} catch (error) {
		if (!(error instanceof RefusedRequest)) throw error;
	}
	const current = state.get('subscription', subscription.id, caller);
	const paid = state.table('invoice').get(invoice.id)?.status === 'paid';
	const settled = paid ? current : state.save('subscription', { ...current, status: 'past_due' });
	emit(state, 'customer.subscription.updated', settled, caller, { items: subscription.items, status: subscription.status });
	return settled;
}
