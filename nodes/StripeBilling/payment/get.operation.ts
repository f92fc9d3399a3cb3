/** Payment Intent: Get. */
import { getPayablePayment, getPayment } from '../../../core/billing/payments';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { stripeCall } from '../connection';
import { includeSecretField, option, paymentIntentIdField } from '../fields';

export const getPaymentOperation: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a payment intent',
	description: 'Look at one payment',
	properties: [
		paymentIntentIdField,
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
		const get = option(context, 'options', 'includeClientSecret', itemIndex) === true ? getPayablePayment : getPayment;
		const paymentIntent = await get(
			await stripeCall(context, itemIndex),
			textParameter(context, 'paymentIntentId', itemIndex),
		);
		return [stageItem(context, itemIndex, { payment_intent: paymentIntent })];
	},
};
