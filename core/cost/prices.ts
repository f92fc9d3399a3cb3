/** What a call costs by the dated price table. */
import type { Cost } from '../documents';

import { pricesInForce } from './price-table';

export type Capability = 'image' | 'language' | 'speech';

export interface Price {
	capability: string;
	provider: string;
	model: string;
	/** Day from which the price holds, or on which it was read. */
	from: string;
	source: string;
	/** US dollars per million units, which is micro-dollars per unit. */
	usd_per_million: Rates;
	/** Rates of the whole call when its input is larger: some providers charge more for long prompts. */
	above?: { input_tokens: number; usd_per_million: Rates };
}

type Rates = Record<string, number | undefined>;

export interface Used {
	capability: Capability;
	provider: string;
	model: string;
	/** e.g. `{ input_tokens: 812, cached_input_tokens: 0, output_tokens: 640 }`; they don't overlap. */
	units: Record<string, number>;
	basis: Cost['basis'];
}

export interface Priced {
	cost: Cost;
	/** Why the amount is not exact; empty when it is. */
	warnings: string[];
}

/** The cheaper rate of a unit falls back to the full one where the table has none. */
const FULL_RATE_OF: Record<string, string> = { cached_input_tokens: 'input_tokens' };

/**
 * Micro-dollars of one call, rounded up. A model that isn't in the table is counted at the dearest
 * rate known for the provider (or, failing that, for the capability), with a warning.
 */
export function priceOf(used: Used, prices: readonly Price[] = pricesInForce()): Priced {
	const units = Object.fromEntries(Object.entries(used.units).filter(([, count]) => count > 0));
	const known = prices.find(
		(price) => sameService(price, used) && price.model === withoutSnapshot(used.model),
	);
	const candidates = known ? [known] : alternatives(used, prices);
	const amounts = candidates.map((price) => amountOf(price, units));
	const cost: Cost = {
		provider: used.provider,
		model: used.model,
		units,
		// 1e-6 absorbs the binary error of rates such as 0.1
		micro_usd: Math.max(0, Math.ceil(Math.max(0, ...amounts) - 1e-6)),
		basis: known ? used.basis : 'estimated',
	};
	return {
		cost,
		warnings: known
			? []
			: [`No price is known for ${used.provider} ${used.model}: its cost is estimated by the dearest known model`],
	};
}

function alternatives(used: Used, prices: readonly Price[]): Price[] {
	const ofProvider = prices.filter((price) => sameService(price, used));
	if (ofProvider.length > 0) return ofProvider;
	return prices.filter((price) => price.capability === used.capability);
}

function sameService(price: Price, used: Used): boolean {
	return price.capability === used.capability && price.provider === used.provider;
}

/** `gpt-6.1-terra-2026-10-26` is a dated snapshot of `gpt-6.1-terra`; some providers write `-20261026`. */
export function withoutSnapshot(model: string): string {
	return model.replace(/-\d{4}-?\d{2}-?\d{2}$/, '');
}

/** Micro-dollars, not rounded. */
export function amountOf(price: Price, units: Record<string, number>): number {
	const input = (units.input_tokens ?? 0) + (units.cached_input_tokens ?? 0);
	const { above } = price;
	const rates = above && input > above.input_tokens ? above.usd_per_million : price.usd_per_million;
	return Object.entries(units).reduce((sum, [unit, count]) => {
		const rate = rates[unit] ?? rates[FULL_RATE_OF[unit] ?? ''] ?? 0;
		return sum + count * rate;
	}, 0);
}

/** One cost per provider, model and basis. */
export function sumCosts(costs: readonly Cost[]): Cost[] {
	const sums = new Map<string, Cost>();
	for (const cost of costs) {
		const key = [cost.provider, cost.model, cost.basis].join('\n');
		const sum = sums.get(key);
		if (!sum) {
			sums.set(key, { ...cost, units: { ...cost.units } });
			continue;
		}
		sum.micro_usd += cost.micro_usd;
		for (const [unit, count] of Object.entries(cost.units)) {
			sum.units[unit] = (sum.units[unit] ?? 0) + count;
		}
	}
	return [...sums.values()];
}
