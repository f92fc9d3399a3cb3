/** Customers: who they are with us stands in their metadata. */
import { isDeepStrictEqual } from 'node:util';

import { invalidRequest, isYtempireError } from '../errors';
import { canonicalJson } from '../hash';
import type { Stripe } from '../vendor/stripe';

import { isoTime } from './amounts';
import { askStripe, listAll, type StripeCall } from './client';
import { checkedId, idOf } from './ids';
import { type BillingCall, makeOnce, metadataText } from './once';

export interface CustomerFields {
	/** Ours; `user_id` in the metadata. */
	userId?: string;
	/** `username` in the metadata. */
	username?: string;
	email?: string;
	name?: string;
	phone?: string;
	description?: string;
	metadata?: Record<string, string>;
	/** Paid with when nothing else is said, `pm_…`. */
	paymentMethod?: string;
}

export interface CustomerDocument {
	customer_id: string;
	user_id: string;
	username: string;
	email: string | null;
	name: string | null;
	phone: string | null;
	description: string | null;
	metadata: Record<string, string>;
	default_payment_method: string | null;
	created_at: string | null;
	/** False in test mode, where no money moves. */
	live: boolean;
}

export interface CreatedCustomer extends CustomerDocument {
	/** It was there already: made by an earlier run. */
	repeated: boolean;
}

/**
 * One customer for each user ID: asking again gives the one that is there, as it is, and after a deletion a new one.
 * @param ownKey stands for the user ID in what makes it the same
 * @throws YtempireError `refused` when the card can't be attached: then nothing is made
 */
export async function createCustomer(call: BillingCall, fields: CustomerFields, ownKey = ''): Promise<CreatedCustomer> {
	if (!fields.userId && !fields.email && !fields.name && !ownKey) {
		throw invalidRequest('Nothing is known of the customer', {
			cure: 'Give at least a User ID, an email or a name.',
			reason: 'customer-empty',
		});
	}
	const { paymentMethod, ...rest } = fields;
	const params: Stripe.CustomerCreateParams = {
		...paramsOf(ownKey ? { ...rest, metadata: { ...rest.metadata, idempotency_key: metadataText(ownKey) } } : rest),
		...(paymentMethod
			? { payment_method: checkedId('pm', paymentMethod), invoice_settings: { default_payment_method: paymentMethod.trim() } }
			: {}),
	};
	const parts = ownKey ? { ownKey } : fields.userId ? { userId: fields.userId } : params;
	const { object, repeated } = await makeOnce<Stripe.Customer | Stripe.DeletedCustomer>(call, {
		operation: 'customer',
		parts,
		create: async (stripe, key) => await stripe.customers.create(params, { idempotencyKey: key }),
		get: async (stripe, id) => await stripe.customers.retrieve(id),
		ended: (customer) => customer.deleted === true,
		list: async (stripe, since) => await stripe.customers.list(since),
		matches: (customer) => customer.deleted !== true && isTheSame(customer, params, { userId: fields.userId, ownKey }),
	});
	return { ...customerDocument(present(object)), repeated };
}

/** By its own key or user ID; without them by all that was given. */
function isTheSame(
	customer: Stripe.Customer,
	params: Stripe.CustomerCreateParams,
	{ userId, ownKey }: { userId: string | undefined; ownKey: string },
): boolean {
	const { metadata } = customer;
	if (ownKey) return metadata.idempotency_key === metadataText(ownKey);
	if (userId) return metadata.user_id === userId;
	const given = (of: Stripe.Customer | Stripe.CustomerCreateParams) =>
		[of.email, of.name, of.phone, of.description].map((value) => value ?? '').concat(canonicalJson(of.metadata ?? {}));
	return isDeepStrictEqual(given(customer), given(params));
}

/** Empty values take away what was there; left out ones stay. */
function paramsOf({ userId, username, email, name, phone, description, metadata }: CustomerFields) {
	const kept = {
		...metadata,
		...(userId === undefined ? {} : { user_id: userId }),
		...(username === undefined ? {} : { username }),
	};
	return {
		...(email === undefined ? {} : { email }),
		...(name === undefined ? {} : { name }),
		...(phone === undefined ? {} : { phone }),
		...(description === undefined ? {} : { description }),
		...(Object.keys(kept).length === 0 ? {} : { metadata: kept }),
	};
}

/** @throws YtempireError `customer-deleted`, or `resource_missing` */
export async function getCustomer(call: StripeCall, id: string): Promise<CustomerDocument> {
	const customer = checkedId('cus', id);
	return customerDocument(present(await askStripe(call, async (stripe) => await stripe.customers.retrieve(customer))));
}

export async function updateCustomer(call: StripeCall, id: string, fields: CustomerFields): Promise<CustomerDocument> {
	const customer = checkedId('cus', id);
	const { paymentMethod, ...rest } = fields;
	const params: Stripe.CustomerUpdateParams = {
		...paramsOf(rest),
		...(paymentMethod ? { invoice_settings: { default_payment_method: checkedId('pm', paymentMethod) } } : {}),
	};
	// twice the same change is one change
	return customerDocument(await askStripe(call, async (stripe) => await stripe.customers.update(customer, params)));
}

export interface CustomerFilter {
	/** Exactly, upper and lower case apart, as Stripe compares. */
	email?: string;
	/** All of them when left out. */
	limit?: number;
}

/** The newest first. */
export async function listCustomers(call: StripeCall, { email, limit }: CustomerFilter = {}): Promise<CustomerDocument[]> {
	const found = await listAll(call, limit, async (stripe, page) =>
		await stripe.customers.list({ ...page, ...(email ? { email } : {}) }),
	);
	return found.map(customerDocument);
}

export interface DeletedCustomer {
	customer_id: string;
	deleted: true;
}

/** For good, and with the subscriptions at once; a customer that is gone already is as good as deleted. */
export async function deleteCustomer(call: StripeCall, id: string): Promise<DeletedCustomer> {
	const customer = checkedId('cus', id);
	try {
		await askStripe(call, async (stripe) => await stripe.customers.del(customer));
	} catch (error) {
		if (!isYtempireError(error) || error.reason !== 'resource_missing') throw error;
		const found = await askStripe(call, async (stripe) => await stripe.customers.retrieve(customer));
		if (found.deleted !== true) throw error;
	}
	return { customer_id: customer, deleted: true };
}

function present(customer: Stripe.Customer | Stripe.DeletedCustomer): Stripe.Customer {
	if (customer.deleted !== true) return customer;
	throw invalidRequest(`The customer ${customer.id} was deleted at Stripe`, {
		cure: 'Create the customer again: a deleted one can not come back.',
		provider: 'stripe',
		reason: 'customer-deleted',
	});
}

export function customerDocument(customer: Stripe.Customer): CustomerDocument {
	const { metadata } = customer;
	return {
		customer_id: customer.id,
		user_id: metadata.user_id ?? '',
		username: metadata.username ?? '',
		email: customer.email,
		name: customer.name ?? null,
		phone: customer.phone ?? null,
		description: customer.description,
		metadata: { ...metadata },
		default_payment_method: idOf(customer.invoice_settings.default_payment_method),
		created_at: isoTime(customer.created),
		live: customer.livemode,
	};
}
