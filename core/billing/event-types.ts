/** The events that the trigger offers: those of customers, subscriptions, invoices and payments. */
import type { Stripe } from '../vendor/stripe';

export type EventType = Stripe.WebhookEndpointCreateParams['enabled_events'][number];

/** Every event but those that Stripe wants to be named. */
export const ALL_EVENTS = '*' satisfies EventType;

/** In the words of Stripe's reference (docs.stripe.com/api/events/types, API version 2026-10-28). */
export const BILLING_EVENTS = {
	'customer.created': 'A customer is there',
	'customer.updated': 'A customer has changed',
	'customer.deleted': 'A customer is gone',
	'customer.subscription.created': 'A subscription is there, paid or not',
	'customer.subscription.updated': 'A subscription has changed: status, plan, period, cancellation at its end',
	'customer.subscription.deleted': 'A subscription has ended',
	'customer.subscription.paused': 'A trial ended without a way to pay',
	'customer.subscription.resumed': 'A paused subscription goes on',
	'customer.subscription.trial_will_end': 'A trial ends in three days',
	'invoice.created': 'An invoice is drafted',
	'invoice.finalized': 'An invoice is to be paid',
	'invoice.paid': 'An invoice is paid',
	'invoice.payment_failed': 'An invoice could not be paid',
	'invoice.payment_action_required': 'A customer has to confirm a payment',
	'invoice.upcoming': 'A renewal is coming',
	'invoice.voided': 'An invoice is void',
	'invoice.marked_uncollectible': 'An invoice is given up',
	'payment_intent.succeeded': 'A payment went through',
	'payment_intent.payment_failed': 'A payment failed',
	'payment_intent.requires_action': 'A payment waits for its customer',
	'payment_intent.canceled': 'A payment is canceled',
	'payment_method.attached': 'A customer has a new way to pay',
	'payment_method.detached': 'A customer has a way to pay less',
	'checkout.session.completed': 'A checkout is done',
	'checkout.session.expired': 'A checkout is given up',
	'charge.refunded': 'A payment is paid back',
	'charge.dispute.created': 'A customer disputes a payment',
	'charge.dispute.closed': 'A dispute is decided',
} as const satisfies Partial<Record<EventType, string>>;
