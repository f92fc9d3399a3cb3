/** Customer: Create: one for each user ID. */
import { createCustomer } from '../../../core/billing/customers';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { stripeCall } from '../connection';
import { filled, filledOption } from '../fields';

import { detailOptions, detailsOf } from './fields';

export const createCustomerOperation: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a customer',
	description: 'Make a customer at Stripe; asking again for the same user gives the same one',
	properties: [
		{
			displayName: 'User ID',
			name: 'userId',
			type: 'string',
			default: '={{ $json.user_id }}',
			placeholder: 'e.g. user-42',
			description: 'Your own ID of the user; kept in the metadata as user_id. It makes the customer the same when it is asked for again.',
		},
		{
			displayName: 'Username',
			name: 'username',
			type: 'string',
			default: '={{ $json.username }}',
			description: 'Kept in the metadata as username',
		},
		{
			displayName: 'Email',
			name: 'email',
			type: 'string',
			placeholder: 'e.g. name@email.com',
			default: '={{ $json.email }}',
			description: 'Where invoices and receipts go',
		},
		{
			displayName: 'Details',
			name: 'details',
			type: 'collection',
			placeholder: 'Add detail',
			default: {},
			options: [
				...detailOptions.slice(0, 1),
				{
					displayName: 'Idempotency Key',
					name: 'idempotencyKey',
					type: 'string',
					default: '',
					description: 'Makes the customer the same in place of the User ID',
				},
				...detailOptions.slice(1),
			],
		},
	],
	async execute(context, itemIndex) {
		const customer = await createCustomer(
			await stripeCall(context, itemIndex),
			{
				...detailsOf(context, itemIndex),
				userId: filled(context, 'userId', itemIndex),
				username: filled(context, 'username', itemIndex),
				email: filled(context, 'email', itemIndex),
			},
			filledOption(context, 'details', 'idempotencyKey', itemIndex),
		);
		return [stageItem(context, itemIndex, { customer })];
	},
};
