/** What can be done with subscriptions. */
import type { Resource } from '../../shared/operation';

import { cancelSubscriptionOperation } from './cancel.operation';
import { changePlanOperation } from './change-plan.operation';
import { createSubscriptionOperation } from './create.operation';
import { getSubscriptionOperation } from './get.operation';
import { resumeSubscriptionOperation } from './resume.operation';

export const subscription: Resource = {
	name: 'Subscription',
	value: 'subscription',
	operations: [
		cancelSubscriptionOperation,
		changePlanOperation,
		createSubscriptionOperation,
		getSubscriptionOperation,
		resumeSubscriptionOperation,
	],
};
