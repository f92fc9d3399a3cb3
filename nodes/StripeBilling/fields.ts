/** Fields that several operations show, and how they are read. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidRequest } from '../../core/errors';
import { textParameter } from '../shared/text';

export const customerIdField: INodeProperties = {
	displayName: 'Customer ID',
	name: 'customerId',
	type: 'string',
	required: true,
	default: '={{ $json.customer?.customer_id }}',
	placeholder: 'e.g. cus_QXg1o8vcGmoR32',
	description: "The customer's ID at Stripe",
};

export const subscriptionIdField: INodeProperties = {
	displayName: 'Subscription ID',
	name: 'subscriptionId',
	type: 'string',
	required: true,
	default: '={{ $json.subscription?.subscription_id }}',
	placeholder: 'e.g. sub_1Pgc6rB7WZ01zgkWNy0Cn5nw',
};

export const paymentIntentIdField: INodeProperties = {
	displayName: 'Payment Intent ID',
	name: 'paymentIntentId',
	type: 'string',
	required: true,
	default: '={{ $json.payment_intent?.payment_intent_id }}',
	placeholder: 'e.g. pi_1PgafyB7WZ01zgkWSjxsAJo3',
};

/** For an operation that lists. */
export const listFields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

/** Undefined for all. */
export function limitOf(context: IExecuteFunctions, itemIndex: number): number | undefined {
	if (context.getNodeParameter('returnAll', itemIndex)) return undefined;
	return Math.max(1, Math.floor(context.getNodeParameter('limit', itemIndex) || 1));
}

/** For a collection. */
export const metadataField: INodeProperties = {
	displayName: 'Metadata',
	name: 'metadata',
	type: 'json',
	default: '{}',
	description: 'A JSON object of texts that Stripe keeps with it',
};

/** For a collection. */
export const includeSecretField: INodeProperties = {
	displayName: 'Include Client Secret',
	name: 'includeClientSecret',
	type: 'boolean',
	default: false,
	description: 'Whether to return what the front end needs to take the payment',
};

export function metadataOf(value: unknown): Record<string, string> | undefined {
	if (value === undefined || value === '') return undefined;
	let parsed: unknown = value;
	if (typeof value === 'string') {
		try {
			parsed = JSON.parse(value);
		} catch {
			parsed = undefined;
		}
	}
	if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
		throw invalidRequest('Metadata is not a JSON object', { cure: 'Give an object such as {"plan": "growth"}.' });
	}
	const pairs = Object.entries(parsed).map(([key, inner]): [string, string] => [
		key,
		typeof inner === 'string' ? inner : JSON.stringify(inner),
	]);
	return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

/** Trimmed; undefined when the collection doesn't have it, so that empty text can mean to take a value away. */
export function optionText(context: IExecuteFunctions, collection: string, name: string, itemIndex: number): string | undefined {
	const options = context.getNodeParameter(collection, itemIndex, {}) as Record<string, unknown>;
	const value = options[name];
	return value === undefined || value === null ? undefined : String(value).trim();
}

/** As {@link optionText}; what is empty counts as left out. */
export function filledOption(context: IExecuteFunctions, collection: string, name: string, itemIndex: number): string | undefined {
	return optionText(context, collection, name, itemIndex) || undefined;
}

export function option(context: IExecuteFunctions, collection: string, name: string, itemIndex: number): unknown {
	return (context.getNodeParameter(collection, itemIndex, {}) as Record<string, unknown>)[name];
}

/** Undefined when the field is empty. */
export function filled(context: IExecuteFunctions, name: string, itemIndex: number): string | undefined {
	return textParameter(context, name, itemIndex) || undefined;
}
