/** Customer: Get: the plan that counts, and what it allows. */
import { planOfCustomer } from '../../../core/billing/plans';
import { invalidRequest } from '../../../core/errors';
import type { Operation } from '../../shared/operation';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';

export const getCustomerOperation: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a customer',
	description: "Get a customer's plan: tier, status, end of the period, videos and budget a day",
	properties: [
		{
			displayName: 'Customer ID',
			name: 'customerId',
			type: 'string',
			required: true,
			default: '={{ $json.customer_id }}',
			placeholder: 'e.g. user-42',
			description: "The customer_id of requests, which is the user_id in the Stripe customer's metadata",
		},
	],
	async execute(context, itemIndex) {
		const customerId = textParameter(context, 'customerId', itemIndex);
		if (!customerId) {
			throw invalidRequest('The Customer ID is empty', {
				cure: 'Fill in Customer ID, e.g. with an expression that reads it from the item.',
			});
		}
		const plan = await planOfCustomer(await storeOf(context), customerId);
		return [{ json: { ...(plan ?? { customer_id: customerId, in_force: false }), known: plan !== null } }];
	},
};
