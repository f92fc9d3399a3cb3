/** The account's prices: three tiers, monthly and yearly, in both modes. */
import type { Stripe } from 'stripe';

import type { Params } from './form';
import { allow, flag, list, text } from './form';
import { type Caller, page, type StripeState } from './state';

/** US cents a month; a year costs ten of them. */
const TIERS = { starter: 4_900, growth: 14_900, scale: 49_900 };

const PERIODS = { monthly: { interval: 'month', times: 1 }, yearly: { interval: 'year', times: 10 } } as const;

const MADE = Date.UTC(2026, 0, 1) / 1000;

export function seedPrices(state: StripeState): void {
	for (const livemode of [false, true]) {
		for (const [tier, cents] of Object.entries(TIERS)) {
			for (const [period, { interval, times }] of Object.entries(PERIODS)) {
				const id = `price_sandbox_${livemode ? 'live' : 'test'}_${tier}_${period}`;
				state.save('price', makePrice({ id, livemode, tier, lookupKey: `${tier}_${period}`, interval, amount: cents * times }));
			}
		}
	}
}

interface PriceSetting {
	id: string;
	livemode: boolean;
	tier: string;
	lookupKey: string;
	interval: 'month' | 'year';
	amount: number;
}

function makePrice({ id, livemode, tier, lookupKey, interval, amount }: PriceSetting): Stripe.Price {
	return {
		id,
		object: 'price',
		active: true,
		billing_scheme: 'per_unit',
		created: MADE,
		currency: 'usd',
		custom_unit_amount: null,
		livemode,
		lookup_key: lookupKey,
		metadata: {},
		nickname: null,
		product: `prod_sandbox_${tier}`,
		recurring: { interval, interval_count: 1, meter: null, trial_period_days: null, usage_type: 'licensed' },
		tax_behavior: 'unspecified',
		tiers_mode: null,
		transform_quantity: null,
		type: 'recurring',
		unit_amount: amount,
		// text on the wire; the SDK makes a number of it
		unit_amount_decimal: String(amount) as never,
	};
}

export function listPrices(state: StripeState, params: Params, caller: Caller) {
	allow(params, ['active', 'lookup_keys', 'limit', 'starting_after', 'ending_before', 'product', 'type', 'currency']);
	const keys = list(params, 'lookup_keys');
	const active = flag(params, 'active');
	const product = text(params, 'product');
	const found = state
		.all('price', caller)
		.filter((price) => keys.length === 0 || keys.includes(price.lookup_key ?? ''))
		.filter((price) => active === undefined || price.active === active)
		.filter((price) => product === undefined || price.product === product);
	return page(found, params, '/v1/prices');
}
