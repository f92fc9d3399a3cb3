/** Invoices of subscriptions: made, paid, listed, and shown as a page and a PDF. */
import type { Stripe } from 'stripe';

import { RefusedRequest } from '../service';
import { emit } from './events';
import { allow, choice, type Params, text } from './form';
import { attempt, newPayment } from './payments';
import { type Caller, idIn, page, type StripeState } from './state';

export interface Line {
	description: string;
	amount: number;
	price: Stripe.Price;
	start: number;
	end: number;
	proration: boolean;
}

/** Which payment intent pays which invoice. */
export function paymentsOf(state: StripeState): Map<string, string> {
	return state.context.table('invoice_payments');
}

function paymentOf(state: StripeState, invoiceId: string): Stripe.PaymentIntent | undefined {
	const id = paymentsOf(state).get(invoiceId);
	return id === undefined ? undefined : state.table('payment_intent').get(id);
}

/** What a front end needs to take the payment; only on expand. */
export function confirmationSecret(state: StripeState, invoice: Stripe.Invoice): Stripe.Invoice.ConfirmationSecret | null {
	const secret = paymentOf(state, invoice.id)?.client_secret;
	return secret ? { client_secret: secret, type: 'payment_intent' } : null;
}

/** Open with a payment intent, or paid when there is nothing to pay; what is under zero becomes credit. */
export function makeInvoice(
	state: StripeState,
	subscription: Stripe.Subscription,
	lines: Line[],
	reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update',
	caller: Caller,
): Stripe.Invoice {
	const id = state.idOf('invoice');
	const customer = state.get('customer', idIn(subscription.customer), caller);
	const total = lines.reduce((sum, { amount }) => sum + amount, 0);
	// a balance under zero is the customer's credit
	const due = Math.max(0, total + customer.balance);
	const balance = due > 0 ? 0 : total + customer.balance;
	const number = customer.next_invoice_sequence ?? 1;
	state.save('customer', { ...customer, balance, currency: subscription.currency, next_invoice_sequence: number + 1 });
	const base = state.context.baseUrl('stripe');
	const now = state.now();
	const invoice = state.save('invoice', {
		...EMPTY,
		id,
		amount_due: due,
		amount_paid: 0,
		amount_remaining: due,
		billing_reason: reason,
		created: now,
		currency: subscription.currency,
		customer: customer.id,
		customer_email: customer.email,
		customer_name: customer.name ?? null,
		effective_at: now,
		ending_balance: balance,
		hosted_invoice_url: `${base}/i/${id}`,
		invoice_pdf: `${base}/i/${id}/pdf`,
		lines: {
			object: 'list',
			data: lines.map((line) => lineOf(state, line, id, subscription)),
			has_more: false,
			url: `/v1/invoices/${id}/lines`,
		},
		livemode: subscription.livemode,
		number: `${customer.invoice_prefix}-${String(number).padStart(4, '0')}`,
		parent: {
			type: 'subscription_details',
			quote_details: null,
			subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
		},
		period_start: now,
		period_end: now,
		starting_balance: customer.balance,
		status: 'open',
		status_transitions: { finalized_at: now, marked_uncollectible_at: null, paid_at: null, voided_at: null },
		subtotal: total,
		subtotal_excluding_tax: total,
		total,
		total_excluding_tax: total,
	});
	emit(state, 'invoice.created', invoice, caller);
	emit(state, 'invoice.finalized', invoice, caller);
	if (due === 0) return markPaid(state, invoice, caller);
	const payment = newPayment(state, {
		amount: due,
		currency: invoice.currency,
		customer: customer.id,
		description: reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
		metadata: {},
		redirects: 'never',
		livemode: invoice.livemode,
	});
	paymentsOf(state).set(id, payment.id);
	return invoice;
}

export function markPaid(state: StripeState, invoice: Stripe.Invoice, caller: Caller): Stripe.Invoice {
	const now = state.now();
	const paid = state.save('invoice', {
		...invoice,
		amount_paid: invoice.amount_due,
		amount_remaining: 0,
		attempted: true,
		status: 'paid',
		status_transitions: { ...invoice.status_transitions, paid_at: now },
	});
	emit(state, 'invoice.paid', paid, caller);
	emit(state, 'invoice.payment_succeeded', paid, caller);
	return paid;
}

/** @throws RefusedRequest 402 when the card does not pay */
export function chargeInvoice(state: StripeState, invoice: Stripe.Invoice, method: string, caller: Caller): void {
	const payment = paymentOf(state, invoice.id);
	if (!payment || invoice.status !== 'open') return;
	try {
		attempt(state, payment, method, { offSession: true }, caller);
	} catch (error) {
		const open = state.save('invoice', { ...invoice, attempted: true, attempt_count: invoice.attempt_count + 1 });
		emit(state, 'invoice.payment_failed', open, caller);
		throw error;
	}
}

export function voidInvoice(state: StripeState, invoice: Stripe.Invoice, caller: Caller): void {
	const voided = state.save('invoice', {
		...invoice,
		amount_remaining: 0,
		status: 'void',
		status_transitions: { ...invoice.status_transitions, voided_at: state.now() },
	});
	emit(state, 'invoice.voided', voided, caller);
}

export function listInvoices(state: StripeState, params: Params, caller: Caller) {
	allow(params, ['customer', 'subscription', 'status', 'limit', 'starting_after', 'ending_before', 'collection_method', 'created']);
	const customer = text(params, 'customer');
	if (customer !== undefined) state.get('customer', customer, caller, 'customer');
	const subscription = text(params, 'subscription');
	const status = choice(params, 'status', ['draft', 'open', 'paid', 'uncollectible', 'void']);
	const found = state
		.all('invoice', caller)
		.filter((invoice) => customer === undefined || invoice.customer === customer)
		.filter((invoice) => subscription === undefined || subscriptionOf(invoice) === subscription)
		.filter((invoice) => status === undefined || invoice.status === status);
	return page(found, params, '/v1/invoices');
}

export function subscriptionOf(invoice: Stripe.Invoice): string | undefined {
	const found = invoice.parent?.subscription_details?.subscription;
	return typeof found === 'string' ? found : found?.id;
}

/** @throws RefusedRequest 404 */
export function shownInvoice(state: StripeState, id: string): Stripe.Invoice {
	const invoice = state.table('invoice').get(id);
	if (!invoice) throw new RefusedRequest(404, 'resource_missing', 'There is no such invoice');
	return invoice;
}

function lineOf(state: StripeState, line: Line, invoice: string, subscription: Stripe.Subscription): Stripe.InvoiceLineItem {
	return {
		id: state.newId('il'),
		object: 'line_item',
		amount: line.amount,
		currency: subscription.currency,
		description: line.description,
		discount_amounts: [],
		discountable: !line.proration,
		discounts: [],
		invoice,
		livemode: subscription.livemode,
		metadata: {},
		parent: {
			type: 'subscription_item_details',
			invoice_item_details: null,
			subscription_item_details: {
				invoice_item: null,
				proration: line.proration,
				proration_details: { credited_items: null },
				subscription: subscription.id,
				subscription_item: subscription.items.data[0]?.id ?? '',
			},
		},
		period: { start: line.start, end: line.end },
		pretax_credit_amounts: null,
		pricing: {
			type: 'price_details',
			price_details: { price: line.price.id, product: idIn(line.price.product) },
			unit_amount_decimal: line.price.unit_amount_decimal,
		},
		quantity: 1,
		quantity_decimal: '1' as never,
		subscription: subscription.id,
		subtotal: line.amount,
		taxes: [],
	};
}

/** The fields of an invoice that say nothing here. */
const EMPTY = {
	object: 'invoice',
	account_country: 'US',
	account_name: 'YTEMPIRE sandbox',
	account_tax_ids: null,
	amount_overpaid: 0,
	amount_shipping: 0,
	application: null,
	attempt_count: 0,
	attempted: false,
	auto_advance: false,
	automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
	automatically_finalizes_at: null,
	collection_method: 'charge_automatically',
	custom_fields: null,
	customer_account: null,
	customer_address: null,
	customer_phone: null,
	customer_shipping: null,
	customer_tax_exempt: 'none',
	customer_tax_ids: [],
	default_payment_method: null,
	default_source: null,
	default_tax_rates: [],
	description: null,
	discounts: [],
	due_date: null,
	footer: null,
	from_invoice: null,
	issuer: { type: 'self' },
	last_finalization_error: null,
	latest_revision: null,
	metadata: {},
	next_payment_attempt: null,
	on_behalf_of: null,
	payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
	post_payment_credit_notes_amount: 0,
	pre_payment_credit_notes_amount: 0,
	receipt_number: null,
	rendering: null,
	shipping_cost: null,
	shipping_details: null,
	statement_descriptor: null,
	test_clock: null,
	total_discount_amounts: [],
	total_pretax_credit_amounts: [],
	total_taxes: [],
	webhooks_delivered_at: null,
} satisfies Partial<Stripe.Invoice>;
