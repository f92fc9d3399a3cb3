/** Payment Intent: Cancel. */
import { cancelPayment, type CancelReason } from '../../../core/billing/payments';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { stripeCall } from '../connection';
import { paymentIntentIdField } from '../fields';

export const cancelPaymentOperation: Operation = {
	name: 'Cancel',
	value: 'cancel',
	action: 'Cancel a payment intent',
	description: 'Give up a payment that has not been charged',
	properties: [
		paymentIntentIdField,
		{
			displayName: 'Reason',
			name: 'reason',
			type: 'options',
			default: 'requested_by_customer',
			options: [
				{ name: 'Abandoned', value: 'abandoned' },
				{ name: 'Duplicate', value: 'duplicate' },
				{ name: 'Fraudulent', value: 'fraudulent' },
				{ name: 'Requested by Customer', value: 'requested_by_customer' },
			],
		},
	],
	async execute(context, itemIndex) {
		const paymentIntent = await cancelPayment(
			await stripeCall(context, itemIndex),
			textParameter(context, 'paymentIntentId', itemIndex),
			textParameter(context, 'reason', itemIndex) as CancelReason,
		);
		return [stageItem(context, itemIndex, { payment_intent: paymentIntent })];
	},
};
