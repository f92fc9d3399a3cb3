/** What can be done with customers. */
import type { Resource } from '../../shared/operation';

import { createCustomerOperation } from './create.operation';
import { deleteCustomerOperation } from './delete.operation';
import { getCustomerOperation } from './get.operation';
import { getManyCustomersOperation } from './getMany.operation';
import { updateCustomerOperation } from './update.operation';

export const customer: Resource = {
	name: 'Customer',
	value: 'customer',
	operations: [
		createCustomerOperation,
		deleteCustomerOperation,
		getCustomerOperation,
		getManyCustomersOperation,
		updateCustomerOperation,
	],
};
