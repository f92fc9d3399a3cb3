/** Invoices: what was billed, whether it is paid, and where it can be read. */
import type { Stripe } from '../vendor/stripe';

import { decimalAmount, isoTime } from './amounts';
import { askStripe, listAll, type StripeCall } from './client';
import { checkedId, idOf } from './ids';

export interface InvoiceDocument {
	invoice_id: string;
	/** As the customer reads it; null for a draft. */
	number: string | null;
	customer_id: string | null;
	subscription_id: string | null;
	/** Due, in the smallest unit. */
	amount: number;
	/** e.g. `149.00` */
	amount_decimal: string;
	amount_paid: number;
	amount_remaining: number;
	currency: string;
	/** Stripe's: `draft`, `open`, `paid`, `void`, `uncollectible`. */
	status: string | null;
	paid: boolean;
	/** ISO 8601. */
	date: string | null;
	paid_at: string | null;
	/** Null for a draft. */
	pdf_url: string | null;
	hosted_url: string | null;
	billing_reason: string | null;
	/** False in test mode, where no money moves. */
	live: boolean;
}

export async function getInvoice(call: StripeCall, id: string): Promise<InvoiceDocument> {
	const invoice = checkedId('in', id);
	return invoiceDocument(await askStripe(call, async (stripe) => await stripe.invoices.retrieve(invoice)));
}

export interface InvoiceFilter {
	customerId?: string;
	subscriptionId?: string;
	status?: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
	/** All of them when left out. */
	limit?: number;
}

/** The newest first. */
export async function listInvoices(
	call: StripeCall,
	{ customerId, subscriptionId, status, limit }: InvoiceFilter = {},
): Promise<InvoiceDocument[]> {
	const filter: Stripe.InvoiceListParams = {
		...(customerId ? { customer: checkedId('cus', customerId) } : {}),
		...(subscriptionId ? { subscription: checkedId('sub', subscriptionId) } : {}),
		...(status ? { status } : {}),
	};
	const found = await listAll(call, limit, async (stripe, page) => await stripe.invoices.list({ ...page, ...filter }));
	return found.map(invoiceDocument);
}

export function invoiceDocument(invoice: Stripe.Invoice): InvoiceDocument {
	return {
		invoice_id: invoice.id,
		number: invoice.number,
		customer_id: idOf(invoice.customer),
		subscription_id: idOf(invoice.parent?.subscription_details?.subscription),
		amount: invoice.amount_due,
		amount_decimal: decimalAmount(invoice.amount_due, invoice.currency),
		amount_paid: invoice.amount_paid,
		amount_remaining: invoice.amount_remaining,
		currency: invoice.currency,
		status: invoice.status,
		paid: invoice.status === 'paid',
		date: isoTime(invoice.created),
		paid_at: isoTime(invoice.status_transitions.paid_at),
		pdf_url: invoice.invoice_pdf ?? null,
		hosted_url: invoice.hosted_invoice_url ?? null,
		billing_reason: invoice.billing_reason,
		live: invoice.livemode,
	};
}
