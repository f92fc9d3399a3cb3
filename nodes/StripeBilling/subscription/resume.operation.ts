/** Subscription: Resume. */
import { resumeSubscription } from '../../../core/billing/subscriptions';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { stripeCall } from '../connection';
import { subscriptionIdField } from '../fields';

export const resumeSubscriptionOperation: Operation = {
	name: 'Resume',
	value: 'resume',
	action: 'Resume a subscription',
	description: 'Take back a cancellation that has not come yet, or go on after a pause',
	properties: [subscriptionIdField],
	async execute(context, itemIndex) {
		const subscription = await resumeSubscription(
			await stripeCall(context, itemIndex),
			textParameter(context, 'subscriptionId', itemIndex),
		);
		return [stageItem(context, itemIndex, { subscription })];
	},
};
