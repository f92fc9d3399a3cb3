/** Customer: Get. */
import { getCustomer } from '../../../core/billing/customers';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { stripeCall } from '../connection';
import { customerIdField } from '../fields';

export const getCustomerOperation: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a customer',
	description: 'Look at one customer',
	properties: [customerIdField],
	async execute(context, itemIndex) {
		const customer = await getCustomer(
			await stripeCall(context, itemIndex),
			textParameter(context, 'customerId', itemIndex),
		);
		return [stageItem(context, itemIndex, { customer })];
	},
};
