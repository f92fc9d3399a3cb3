/** Payment Intent: Create: one for each thing that is paid for. */
import { checkedAmount, currencyCode, smallestUnit } from '../../../core/billing/amounts';
import { createPayment } from '../../../core/billing/payments';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { stripeCall } from '../connection';
import { filledOption, metadataField, metadataOf, option } from '../fields';

export const createPaymentOperation: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a payment intent',
	description: 'Begin a payment; the same Idempotency Key gives the same payment, however often it runs',
	properties: [
		{
			displayName: 'Idempotency Key',
			name: 'idempotencyKey',
			type: 'string',
			required: true,
			default: '={{ $json.order_id }}',
			placeholder: 'e.g. order-1042',
			description:
				'What is paid for: something that only this payment has, and that is the same when the execution is run again. A second, different charge needs another one.',
		},
		{
			displayName: 'Amount',
			name: 'amount',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 3 },
			required: true,
			default: 0,
			description: 'As Amount Is In says',
		},
		{
			displayName: 'Amount Is In',
			name: 'amountIn',
			type: 'options',
			default: 'smallest',
			options: [
				{ name: 'Smallest Unit', value: 'smallest', description: "Cents of USD, whole JPY: 4900 is 49.00 USD, or 4,900 JPY" },
				{ name: 'Whole Units with Decimals', value: 'decimal', description: '49.00 is 49.00 USD; JPY has no decimals' },
			],
		},
		{
			displayName: 'Currency',
			name: 'currency',
			type: 'string',
			required: true,
			default: 'usd',
			placeholder: 'e.g. usd',
			description: 'Three letters',
		},
		{
			displayName: 'Customer ID',
			name: 'customerId',
			type: 'string',
			default: '={{ $json.customer?.customer_id }}',
			placeholder: 'e.g. cus_QXg1o8vcGmoR32',
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'Allow Redirects',
					name: 'allowRedirects',
					type: 'boolean',
					default: true,
					description:
						'Whether ways of paying that lead the customer to another page are offered; without them Confirm needs no Return URL',
				},
				{ displayName: 'Description', name: 'description', type: 'string', default: '' },
				metadataField,
				{
					displayName: 'Receipt Email',
					name: 'receiptEmail',
					type: 'string',
					placeholder: 'e.g. name@email.com',
					default: '',
				},
			],
		},
	],
	async execute(context, itemIndex) {
		const currency = currencyCode(textParameter(context, 'currency', itemIndex));
		const given = textParameter(context, 'amount', itemIndex);
		const isDecimal = textParameter(context, 'amountIn', itemIndex) === 'decimal';
		const paymentIntent = await createPayment(await stripeCall(context, itemIndex), {
			purpose: textParameter(context, 'idempotencyKey', itemIndex),
			amount: isDecimal ? smallestUnit(given, currency) : checkedAmount(Number(given), currency),
			currency,
			customerId: textParameter(context, 'customerId', itemIndex),
			allowRedirects: option(context, 'options', 'allowRedirects', itemIndex) !== false,
			description: filledOption(context, 'options', 'description', itemIndex),
			metadata: metadataOf(option(context, 'options', 'metadata', itemIndex)),
			receiptEmail: filledOption(context, 'options', 'receiptEmail', itemIndex),
		});
		return [stageItem(context, itemIndex, { payment_intent: paymentIntent })];
	},
};
