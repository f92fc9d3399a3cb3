/** Tiers of prices as the Stripe credential names them. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { TierOfPrice } from '../../../core/billing/plans';
import { INTERVALS, tierByPrice, TIERS } from '../../../core/billing/price-tiers';

const CREDENTIAL = 'ytempireStripeApi';

/** Without a credential a price's tier is its lookup key. */
export async function tiersOf(context: IExecuteFunctions): Promise<TierOfPrice> {
	const chosen = context.getNode().credentials?.[CREDENTIAL] !== undefined;
	const credential = chosen ? await context.getCredentials(CREDENTIAL) : {};
	const named = TIERS.flatMap((tier) =>
		INTERVALS.map((interval): [string, string] => {
			const price = credential[`price${capital(tier)}${capital(interval)}`];
			return [`${tier}_${interval}`, typeof price === 'string' ? price : ''];
		}),
	);
	return tierByPrice(Object.fromEntries(named));
}

const capital = (word: string) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
