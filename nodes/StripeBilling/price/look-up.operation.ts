/** Price: Look Up. */
import { lookUpPrice } from '../../../core/billing/prices';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { stripeCall } from '../connection';
import { priceChoice, priceFields } from '../price-fields';

export const lookUpPriceOperation: Operation = {
	name: 'Look Up',
	value: 'lookUp',
	action: 'Look up a price',
	description: "Find a tier's price, or one by its ID or lookup key",
	properties: priceFields,
	async execute(context, itemIndex) {
		const price = await lookUpPrice(await stripeCall(context, itemIndex), priceChoice(context, itemIndex));
		return [stageItem(context, itemIndex, { price })];
	},
};
