/** What is known of a customer. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { CustomerFields } from '../../../core/billing/customers';
import { metadataField, metadataOf, option, optionText } from '../fields';

export const detailOptions: INodeProperties[] = [
	{ displayName: 'Description', name: 'description', type: 'string', default: '' },
	metadataField,
	{ displayName: 'Name', name: 'name', type: 'string', default: '' },
	{
		displayName: 'Payment Method ID',
		name: 'paymentMethod',
		type: 'string',
		default: '',
		placeholder: 'e.g. pm_1PgafyB7WZ01zgkW',
		description: 'Paid with when nothing else is said',
	},
	{ displayName: 'Phone', name: 'phone', type: 'string', default: '' },
];

/** Of the collection `details`: what it doesn't have stays out. */
export function detailsOf(context: IExecuteFunctions, itemIndex: number): CustomerFields {
	const text = (name: string) => optionText(context, 'details', name, itemIndex);
	return {
		description: text('description'),
		metadata: metadataOf(option(context, 'details', 'metadata', itemIndex)),
		name: text('name'),
		paymentMethod: text('paymentMethod'),
		phone: text('phone'),
	};
}
