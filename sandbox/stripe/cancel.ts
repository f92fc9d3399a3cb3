/** The end of a subscription. */
import type { Stripe } from 'stripe';

import { emit } from './events';
import { subscriptionOf, voidInvoice } from './invoices';
import type { Caller, StripeState } from './state';

/** @param status `incomplete_expired` when the first payment never came */
export function cancelNow(
	state: StripeState,
	subscription: Stripe.Subscription,
	caller: Caller,
	status: 'canceled' | 'incomplete_expired' = 'canceled',
): Stripe.Subscription {
	const now = state.now();
	const ended = state.save('subscription', {
		...subscription,
		canceled_at: subscription.canceled_at ?? now,
		cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: 'cancellation_requested' },
		ended_at: now,
		status,
	});
	if (status === 'incomplete_expired') {
		for (const invoice of state.all('invoice', caller)) {
			if (invoice.status === 'open' && subscriptionOf(invoice) === ended.id) voidInvoice(state, invoice, caller);
		}
	}
	emit(state, status === 'canceled' ? 'customer.subscription.deleted' : 'customer.subscription.updated', ended, caller);
	return ended;
}
