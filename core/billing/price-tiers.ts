/** Which tier a price belongs to. */
import type { EventPrice } from './plan-events';
import type { TierOfPrice } from './plans';

export const TIERS = ['starter', 'growth', 'scale'] as const;

export const INTERVALS = ['monthly', 'yearly'] as const;

/**
 * @param named price IDs or lookup keys by `tier_interval`; where none is named the lookup key is that very name,
 * e.g. `growth_monthly`
 */
export function tierByPrice(named: Record<string, string>): TierOfPrice {
	const all = TIERS.flatMap((tier) =>
		INTERVALS.map((interval) => {
			const key = `${tier}_${interval}`;
			return { tier, interval, price: named[key]?.trim() || key };
		}),
	);
	return ({ id, lookupKey }: EventPrice) => {
		const found = all.find(({ price }) => price === id || price === lookupKey);
		return found && { tier: found.tier, interval: found.interval };
	};
}
