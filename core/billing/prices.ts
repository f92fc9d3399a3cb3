/** The prices of the tiers: by ID or lookup key, as the credential names them, or by the tier's own name. */
import { invalidRequest } from '../errors';
import type { Stripe } from '../vendor/stripe';

import { decimalAmount } from './amounts';
import { askStripe, type StripeCall } from './client';
import { checkedId, idOf } from './ids';
import { keyMode } from './mode';
import { type INTERVALS, tierByPrice, type TIERS } from './price-tiers';

export type Tier = (typeof TIERS)[number];
export type Interval = (typeof INTERVALS)[number];

export interface PriceDocument {
	price_id: string;
	lookup_key: string | null;
	/** Null for a price that belongs to none. */
	tier: string | null;
	interval: string | null;
	/** In the smallest unit; null where the price has no single amount. */
	amount: number | null;
	/** e.g. `149.00` */
	amount_decimal: string | null;
	currency: string;
	product_id: string | null;
	active: boolean;
	/** False in test mode, where no money moves. */
	live: boolean;
}

/** What names a price. */
export type PriceChoice = { tier: Tier; interval: Interval } | { price: string };

/** @throws YtempireError `invalid-request` when there is none, with the place where it is named */
export async function findPrice(call: StripeCall, choice: PriceChoice): Promise<Stripe.Price> {
	const named = 'price' in choice ? choice.price.trim() : nameOf(call, choice);
	if (named === '') {
		throw invalidRequest('No price is named', { cure: "Give a price's ID or its lookup key.", reason: 'price-missing' });
	}
	if (named.startsWith('price_')) {
		const id = checkedId('price', named);
		return await askStripe(call, async (stripe) => await stripe.prices.retrieve(id));
	}
	const { data } = await askStripe(
		call,
		async (stripe) => await stripe.prices.list({ lookup_keys: [named], active: true, limit: 1 }),
	);
	const [found] = data;
	if (found) return found;
	const mode = keyMode(call.connection.secretKey);
	throw invalidRequest(`Stripe has no active price with the lookup key ${named.slice(0, 80)} in ${mode} mode`, {
		provider: 'stripe',
		reason: 'price-unknown',
		cure:
			'tier' in choice
				? `Give a price in Stripe this lookup key, or name its ID in the Stripe credential under ${choice.tier}, ${choice.interval}.`
				: "Check the lookup key, or give the price's ID.",
	});
}

function nameOf({ connection }: StripeCall, { tier, interval }: { tier: Tier; interval: Interval }): string {
	const key = `${tier}_${interval}`;
	return connection.prices?.[key]?.trim() || key;
}

export function tierOf(call: StripeCall, price: Stripe.Price): { tier: string | null; interval: string | null } {
	const found = tierByPrice(call.connection.prices ?? {})({ id: price.id, lookupKey: price.lookup_key ?? '' });
	return { tier: found?.tier ?? null, interval: found?.interval ?? null };
}

export function priceDocument(call: StripeCall, price: Stripe.Price): PriceDocument {
	return {
		price_id: price.id,
		lookup_key: price.lookup_key,
		...tierOf(call, price),
		amount: price.unit_amount,
		amount_decimal: price.unit_amount === null ? null : decimalAmount(price.unit_amount, price.currency),
		currency: price.currency,
		product_id: idOf(price.product),
		active: price.active,
		live: price.livemode,
	};
}

export async function lookUpPrice(call: StripeCall, choice: PriceChoice): Promise<PriceDocument> {
	return priceDocument(call, await findPrice(call, choice));
}
