/** Customer: Delete: for good, and the subscriptions with it. */
import { deleteCustomer } from '../../../core/billing/customers';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { stripeCall } from '../connection';
import { customerIdField } from '../fields';

export const deleteCustomerOperation: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete a customer',
	description: 'Delete a customer for good; running subscriptions end at once',
	properties: [customerIdField],
	async execute(context, itemIndex) {
		const customer = await deleteCustomer(
			await stripeCall(context, itemIndex),
			textParameter(context, 'customerId', itemIndex),
		);
		return [stageItem(context, itemIndex, { customer })];
	},
};
