/** What the same use would have cost with another provider or model, by the price table. */
import { tokensPerMegapixel, imageModel, imageModels } from '../providers/image/models';
import { languageModel } from '../providers/language/models';
import { speechModel } from '../providers/speech/models';
import type { Retirement } from '../providers/models';
import type { Arm } from '../routing/configuration';

import { pricesInForce } from './price-table';
import { amountOf, withoutSnapshot, type Capability, type Price } from './prices';
import type { StageUse } from './use';

/** A model that goes within that many milliseconds is no way to save. */
const GOES_SOON_MS = 30 * 24 * 3_600_000;

/** Megapixels of a picture where the ledger doesn't tell, e.g. 1536 x 1024. */
const TYPICAL_MEGAPIXELS = 1.57;

export interface Elsewhere extends Arm {
	/** Micro-dollars of the same use, not rounded. */
	micro: number;
	/** `units`: the ledger's own units at the other's price. `typical`: it counts in others; by calls and its typical use. */
	basis: 'typical' | 'units';
}

/** Every model that is priced, sold and not about to go; of the models in use too. */
export function elsewhere(
	capability: Capability,
	uses: readonly StageUse[],
	now: number,
	prices: readonly Price[] = pricesInForce(),
): Elsewhere[] {
	const seen = new Set<string>();
	return prices
		.filter((price) => price.capability === capability)
		.filter(({ provider, model }) => {
			const key = `${provider} ${model}`;
			if (seen.has(key) || goesSoon(capability, provider, model, now)) return false;
			seen.add(key);
			return true;
		})
		.flatMap((price) => {
			const parts = uses.map((use) => priced(price, use, uses));
			if (parts.length === 0 || parts.some((part) => part === undefined)) return [];
			const known = parts.filter((part) => part !== undefined);
			return [
				{
					provider: price.provider,
					model: price.model,
					micro: known.reduce((sum, { micro }) => sum + micro, 0),
					basis: known.some(({ basis }) => basis === 'typical') ? ('typical' as const) : ('units' as const),
				},
			];
		});
}

/** By the mean call, since some prices change with the length of a prompt. */
function priced(price: Price, use: StageUse, uses: readonly StageUse[]): Pick<Elsewhere, 'basis' | 'micro'> | undefined {
	const counted = Object.keys(price.usd_per_million);
	if (price.provider === use.provider && price.model === withoutSnapshot(use.model)) return { micro: use.micro_usd, basis: 'units' };
	if (price.capability !== 'image') {
		if (!Object.keys(use.units).some((unit) => counted.includes(unit))) return undefined;
		return { micro: amountOf(price, perCall(use)) * use.calls, basis: 'units' };
	}
	const units = pictureUnits(price, uses);
	return units && { micro: amountOf(price, units) * use.calls, basis: 'typical' };
}

function perCall({ units, calls }: StageUse): Record<string, number> {
	return Object.fromEntries(Object.entries(units).map(([unit, count]) => [unit, count / calls]));
}

/** Of one picture: as it was seen, else as the tables of models say. */
function pictureUnits({ provider, model }: Price, uses: readonly StageUse[]): Record<string, number> | undefined {
	const own = uses.find((use) => use.provider === provider && withoutSnapshot(use.model) === model);
	if (own) return perCall(own);
	const { credits } = imageModel(provider, model) ?? {};
	if (credits !== undefined) return { credits };
	const tokens = tokensPerMegapixel(provider, 'medium');
	if (tokens !== undefined) return { output_tokens: tokens * TYPICAL_MEGAPIXELS };
	return isKnown(provider, model) ? { images: 1 } : undefined;
}

function isKnown(provider: string, model: string): boolean {
	return provider === 'midjourney' && imageModels(provider).some(({ id }) => id === model);
}

function goesSoon(capability: Capability, provider: string, model: string, now: number): boolean {
	const find = { image: imageModel, language: languageModel, speech: speechModel }[capability];
	const { shut_down: end } = (find(provider, model) ?? {}) as Partial<Retirement>;
	return end !== undefined && Date.parse(end) - GOES_SOON_MS <= now;
}
