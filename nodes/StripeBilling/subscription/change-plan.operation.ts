/** Subscription: Change Plan. */
import { changePlan, type PlanChange } from '../../../core/billing/subscriptions';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { stripeCall } from '../connection';
import { subscriptionIdField } from '../fields';
import { priceChoice, priceFields } from '../price-fields';

export const changePlanOperation: Operation = {
	name: 'Change Plan',
	value: 'changePlan',
	action: 'Change the plan of a subscription',
	description: 'Move a subscription to another price; one that has it already is left alone',
	properties: [
		subscriptionIdField,
		...priceFields,
		{
			displayName: 'Difference',
			name: 'proration',
			type: 'options',
			default: 'create_prorations',
			description: 'How the part of the period that is left is paid. A change between monthly and yearly is always billed now.',
			options: [
				{
					name: 'Invoice Now',
					value: 'always_invoice',
					description: 'The plan changes when the difference is paid',
				},
				{ name: 'Not at All', value: 'none', description: 'The new price begins with the next invoice' },
				{ name: 'On the Next Invoice', value: 'create_prorations' },
			],
		},
	],
	async execute(context, itemIndex) {
		const subscription = await changePlan(
			await stripeCall(context, itemIndex),
			textParameter(context, 'subscriptionId', itemIndex),
			{
				price: priceChoice(context, itemIndex),
				proration: textParameter(context, 'proration', itemIndex) as PlanChange['proration'],
			},
		);
		return [stageItem(context, itemIndex, { subscription })];
	},
};
