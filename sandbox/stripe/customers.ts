/** Customers. */
import type { Stripe } from 'stripe';

import { RefusedRequest } from '../service';
import { testCard } from './cards';
import { errorBody, invalid } from './errors';
import { allow, metadata, nested, type Params, text } from './form';
import { emit } from './events';
import { cancelNow } from './cancel';
import { type Caller, page, type StripeState } from './state';

const FIELDS = ['address', 'description', 'email', 'invoice_settings', 'metadata', 'name', 'phone', 'preferred_locales', 'shipping', 'tax_exempt'];

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

function emailOf(params: Params): string | undefined {
	const email = text(params, 'email');
	if (email && !ADDRESS.test(email)) throw invalid(`Invalid email address: ${email}`, 'email', 'email_invalid');
	return email;
}

/** @throws RefusedRequest 402 for a card that its bank declines; nothing is kept of the customer then */
function attach(method: string): void {
	const card = testCard(method);
	if (card?.outcome !== 'declined' || card.attaches) return;
	const { error } = errorBody(402, card.code, card.message);
	const failure = { ...error, ...(card.declineCode === undefined ? {} : { decline_code: card.declineCode }) };
	throw new RefusedRequest(402, card.code ?? 'card_declined', failure.message, {}, { error: failure });
}

export function createCustomer(state: StripeState, params: Params, caller: Caller): Stripe.Customer {
	allow(params, [...FIELDS, 'payment_method']);
	const email = emailOf(params);
	const attached = text(params, 'payment_method');
	if (attached) attach(attached);
	const id = state.idOf('customer');
	const method = attached ?? text(nested(params, 'invoice_settings'), 'default_payment_method');
	const customer = state.save('customer', {
		id,
		object: 'customer',
		address: null,
		balance: 0,
		created: state.now(),
		currency: null,
		default_source: null,
		delinquent: false,
		description: text(params, 'description') || null,
		discount: null,
		email: email || null,
		invoice_prefix: state.context.random(id).id(8).toUpperCase(),
		invoice_settings: { custom_fields: null, default_payment_method: method ?? null, footer: null, rendering_options: null },
		livemode: caller.livemode,
		metadata: metadata(params),
		name: text(params, 'name') || null,
		next_invoice_sequence: 1,
		phone: text(params, 'phone') || null,
		preferred_locales: [],
		shipping: null,
		tax_exempt: 'none',
		test_clock: null,
	});
	emit(state, 'customer.created', customer, caller);
	return customer;
}

export function updateCustomer(state: StripeState, id: string, params: Params, caller: Caller): Stripe.Customer {
	allow(params, FIELDS);
	const before = state.get('customer', id, caller);
	const changed = (name: 'description' | 'name' | 'phone') =>
		params[name] === undefined ? before[name] : text(params, name) || null;
	const method = text(nested(params, 'invoice_settings'), 'default_payment_method');
	const customer = state.save('customer', {
		...before,
		description: changed('description') ?? null,
		email: params.email === undefined ? before.email : emailOf(params) || null,
		invoice_settings: { ...before.invoice_settings, ...(method === undefined ? {} : { default_payment_method: method || null }) },
		metadata: metadata(params, before.metadata),
		name: changed('name') ?? null,
		phone: changed('phone') ?? null,
	});
	emit(state, 'customer.updated', customer, caller);
	return customer;
}

export function listCustomers(state: StripeState, params: Params, caller: Caller) {
	allow(params, ['email', 'limit', 'starting_after', 'ending_before', 'created']);
	const email = text(params, 'email');
	return page(
		state.all('customer', caller).filter((customer) => email === undefined || customer.email === email),
		params,
		'/v1/customers',
	);
}

/** Its subscriptions end with it. */
export function deleteCustomer(state: StripeState, id: string, caller: Caller): Stripe.DeletedCustomer {
	const customer = state.get('customer', id, caller);
	for (const subscription of state.all('subscription', caller)) {
		if (subscription.customer === id && subscription.ended_at === null) cancelNow(state, subscription, caller);
	}
	state.table('customer').delete(id);
	deletedCustomers(state).set(id, customer.livemode);
	emit(state, 'customer.deleted', customer, caller);
	return { id, object: 'customer', deleted: true };
}

/** Stripe still answers for them. */
function deletedCustomers(state: StripeState): Map<string, boolean> {
	return state.context.table('deleted_customers');
}

export function getCustomer(state: StripeState, id: string, caller: Caller): Stripe.Customer | Stripe.DeletedCustomer {
	if (deletedCustomers(state).get(id) === caller.livemode) return { id, object: 'customer', deleted: true };
	return state.get('customer', id, caller);
}
