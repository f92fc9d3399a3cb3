/** Subscription: Create: begins unpaid, with what the front end needs to take the payment. */
import { createSubscription } from '../../../core/billing/subscriptions';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { stripeCall } from '../connection';
import { customerIdField, filledOption, metadataField, metadataOf, option } from '../fields';
import { priceChoice, priceFields } from '../price-fields';

export const createSubscriptionOperation: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a subscription',
	description:
		'Begin a subscription that waits for its first payment, with the client secret that the front end takes it with; a customer gets one of each price',
	properties: [
		customerIdField,
		...priceFields,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'Idempotency Key',
					name: 'idempotencyKey',
					type: 'string',
					default: '',
					description: 'Only for a second subscription of the same price beside a running one: what tells it from the first',
				},
				metadataField,
				{
					displayName: 'Quantity',
					name: 'quantity',
					type: 'number',
					typeOptions: { minValue: 1, numberPrecision: 0 },
					default: 1,
				},
				{
					displayName: 'Trial (Days)',
					name: 'trialDays',
					type: 'number',
					typeOptions: { minValue: 0, maxValue: 730, numberPrecision: 0 },
					default: 0,
					description: 'Free days before the first payment; the front end then keeps a card with confirmSetup',
				},
			],
		},
	],
	async execute(context, itemIndex) {
		const number = (name: string) => Number(option(context, 'options', name, itemIndex)) || undefined;
		const subscription = await createSubscription(await stripeCall(context, itemIndex), {
			customerId: textParameter(context, 'customerId', itemIndex),
			price: priceChoice(context, itemIndex),
			quantity: number('quantity'),
			trialDays: number('trialDays'),
			metadata: metadataOf(option(context, 'options', 'metadata', itemIndex)),
			ownKey: filledOption(context, 'options', 'idempotencyKey', itemIndex),
		});
		return [stageItem(context, itemIndex, { subscription })];
	},
};
