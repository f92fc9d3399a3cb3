/** Which price: a tier's, or one that is named. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { INTERVALS, TIERS } from '../../core/billing/price-tiers';
import type { Interval, PriceChoice, Tier } from '../../core/billing/prices';
import { invalidRequest } from '../../core/errors';
import { textParameter } from '../shared/text';

const byTier = { show: { priceBy: ['tier'] } };

export const priceFields: INodeProperties[] = [
	{
		displayName: 'Price By',
		name: 'priceBy',
		type: 'options',
		default: 'tier',
		options: [
			{ name: 'ID or Lookup Key', value: 'price' },
			{ name: 'Tier', value: 'tier', description: 'By the prices in the credential, or the lookup key such as growth_monthly' },
		],
	},
	{
		displayName: 'Tier',
		name: 'tier',
		type: 'options',
		default: 'starter',
		displayOptions: byTier,
		options: [
			{ name: 'Growth', value: 'growth' },
			{ name: 'Scale', value: 'scale' },
			{ name: 'Starter', value: 'starter' },
		],
	},
	{
		displayName: 'Billing Interval',
		name: 'interval',
		type: 'options',
		default: 'monthly',
		displayOptions: byTier,
		options: [
			{ name: 'Monthly', value: 'monthly' },
			{ name: 'Yearly', value: 'yearly' },
		],
	},
	{
		displayName: 'Price',
		name: 'price',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. price_1PgafmB7WZ01zgkW6dKueIc5 or growth_monthly',
		description: "The price's ID or its lookup key",
		displayOptions: { show: { priceBy: ['price'] } },
	},
];

/** @throws YtempireError `invalid-request` for a tier or an interval that an expression made up */
export function priceChoice(context: IExecuteFunctions, itemIndex: number): PriceChoice {
	if (textParameter(context, 'priceBy', itemIndex) === 'price') return { price: textParameter(context, 'price', itemIndex) };
	return {
		tier: oneOf<Tier>(TIERS, 'Tier', textParameter(context, 'tier', itemIndex)),
		interval: oneOf<Interval>(INTERVALS, 'Billing Interval', textParameter(context, 'interval', itemIndex)),
	};
}

function oneOf<T extends string>(values: readonly T[], name: string, given: string): T {
	const found = values.find((value) => value === given.toLowerCase());
	if (found !== undefined) return found;
	throw invalidRequest(`${name} is none of ${values.join(', ')}: "${given.slice(0, 40)}"`, {
		cure: `Choose ${values.join(' or ')}.`,
		reason: 'price-choice',
	});
}
