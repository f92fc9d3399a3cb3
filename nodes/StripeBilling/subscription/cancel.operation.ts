/** Subscription: Cancel: now, or at the end of what is paid for. */
import { cancelSubscription } from '../../../core/billing/subscriptions';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { stripeCall } from '../connection';
import { subscriptionIdField } from '../fields';

export const cancelSubscriptionOperation: Operation = {
	name: 'Cancel',
	value: 'cancel',
	action: 'Cancel a subscription',
	description: 'End a subscription; the status says cancelled or pending_cancellation, and ends_at when',
	properties: [
		subscriptionIdField,
		{
			displayName: 'When',
			name: 'when',
			type: 'options',
			default: 'periodEnd',
			options: [
				{ name: 'At the End of the Period', value: 'periodEnd', description: 'The customer keeps what is paid for; Resume takes it back' },
				{ name: 'Now', value: 'now', description: 'At once and for good; nothing is paid back by itself' },
			],
		},
	],
	async execute(context, itemIndex) {
		const subscription = await cancelSubscription(
			await stripeCall(context, itemIndex),
			textParameter(context, 'subscriptionId', itemIndex),
			{ atPeriodEnd: textParameter(context, 'when', itemIndex) !== 'now' },
		);
		return [stageItem(context, itemIndex, { subscription })];
	},
};
