/** Customer: Get Many: the newest first. */
import { listCustomers } from '../../../core/billing/customers';
import type { Operation } from '../../shared/operation';
import { stripeCall } from '../connection';
import { filledOption, limitOf, listFields } from '../fields';

export const getManyCustomersOperation: Operation = {
	name: 'Get Many',
	value: 'getMany',
	action: 'Get many customers',
	description: 'List customers, the newest first',
	properties: [
		...listFields,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Email',
					name: 'email',
					type: 'string',
					placeholder: 'e.g. name@email.com',
					default: '',
					description: 'Exactly as Stripe has it',
				},
			],
		},
	],
	async execute(context, itemIndex) {
		const customers = await listCustomers(await stripeCall(context, itemIndex), {
			email: filledOption(context, 'filters', 'email', itemIndex),
			limit: limitOf(context, itemIndex),
		});
		return customers.map((customer) => ({ json: { ...customer } }));
	},
};
