/** Subscription: Get. */
import { getPayableSubscription, getSubscription } from '../../../core/billing/subscriptions';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { stripeCall } from '../connection';
import { includeSecretField, option, subscriptionIdField } from '../fields';

export const getSubscriptionOperation: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a subscription',
	description: 'Look at one subscription: its status, tier and period',
	properties: [
		subscriptionIdField,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [includeSecretField],
		},
	],
	async execute(context, itemIndex) {
		const get = option(context, 'options', 'includeClientSecret', itemIndex) === true ? getPayableSubscription : getSubscription;
		const subscription = await get(
			await stripeCall(context, itemIndex),
			textParameter(context, 'subscriptionId', itemIndex),
		);
		return [stageItem(context, itemIndex, { subscription })];
	},
};
