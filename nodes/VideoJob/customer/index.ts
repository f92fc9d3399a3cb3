/** What can be done with a customer's plan. */
import type { Resource } from '../../shared/operation';

import { getCustomerOperation } from './get.operation';
import { updatePlanOperation } from './updatePlan.operation';

export const customer: Resource = {
	name: 'Customer',
	value: 'customer',
	operations: [getCustomerOperation, updatePlanOperation],
};
