/** Payment Intent: Confirm: charges, once. */
import { confirmPayment } from '../../../core/billing/payments';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { stripeCall } from '../connection';
import { filledOption, option, paymentIntentIdField } from '../fields';

export const confirmPaymentOperation: Operation = {
	name: 'Confirm',
	value: 'confirm',
	action: 'Confirm a payment intent',
	description: 'Charge a payment; one that is charged already is given as it is',
	properties: [
		paymentIntentIdField,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'Off Session',
					name: 'offSession',
					type: 'boolean',
					default: false,
					description: 'Whether the customer is not there to answer the bank',
				},
				{
					displayName: 'Payment Method ID',
					name: 'paymentMethod',
					type: 'string',
					default: '',
					placeholder: 'e.g. pm_1PgafyB7WZ01zgkW',
					description: "What is charged; the payment's own when left out",
				},
				{
					displayName: 'Return URL',
					name: 'returnUrl',
					type: 'string',
					default: '',
					placeholder: 'e.g. https://example.com/paid',
					description: 'Where the customer comes back to from another page',
				},
			],
		},
	],
	async execute(context, itemIndex) {
		const paymentIntent = await confirmPayment(
			await stripeCall(context, itemIndex),
			textParameter(context, 'paymentIntentId', itemIndex),
			{
				paymentMethod: filledOption(context, 'options', 'paymentMethod', itemIndex),
				returnUrl: filledOption(context, 'options', 'returnUrl', itemIndex),
				offSession: option(context, 'options', 'offSession', itemIndex) === true,
			},
		);
		return [stageItem(context, itemIndex, { payment_intent: paymentIntent })];
	},
};
