/** Customer: Update: only what is given. */
import { updateCustomer } from '../../../core/billing/customers';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { stripeCall } from '../connection';
import { customerIdField, optionText } from '../fields';

import { detailOptions, detailsOf } from './fields';

export const updateCustomerOperation: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update a customer',
	description: 'Change what is given and leave the rest',
	properties: [
		customerIdField,
		{
			displayName: 'Details',
			name: 'details',
			type: 'collection',
			placeholder: 'Add detail',
			default: {},
			description: 'An empty value takes away what was there',
			options: [
				...detailOptions.slice(0, 1),
				{ displayName: 'Email', name: 'email', type: 'string', placeholder: 'e.g. name@email.com', default: '' },
				...detailOptions.slice(1),
				{ displayName: 'User ID', name: 'userId', type: 'string', default: '', description: 'Kept in the metadata as user_id' },
				{ displayName: 'Username', name: 'username', type: 'string', default: '', description: 'Kept in the metadata as username' },
			],
		},
	],
	async execute(context, itemIndex) {
		const text = (name: string) => optionText(context, 'details', name, itemIndex);
		const customer = await updateCustomer(
			await stripeCall(context, itemIndex),
			textParameter(context, 'customerId', itemIndex),
			{ ...detailsOf(context, itemIndex), email: text('email'), userId: text('userId'), username: text('username') },
		);
		return [stageItem(context, itemIndex, { customer })];
	},
};
