/** The dated table of language models: tiers, what they take, when they are switched off. */
import { withoutSnapshot } from '../../cost/prices';
import type { Retirement } from '../models';

import table from './models.json';

export type LanguageTier = 'fallback' | 'premium' | 'standard';

export interface LanguageModel extends Retirement {
	sampling: 'always' | 'never' | 'without-reasoning';
	/** Tokens of one answer at most, where the provider names fewer than a long script may need. */
	max_output?: number;
	/** Thinks before it answers, which can only be made less; those tokens count as output. */
	thinks?: boolean;
}

interface ProviderModels {
	tiers: Record<LanguageTier, string>;
	models: LanguageModel[];
}

const providers = table.providers as Record<string, ProviderModels>;

export type LanguageProviderId = keyof typeof table.providers;

export function modelOfTier(provider: LanguageProviderId, tier: LanguageTier): string {
	return (providers[provider] as ProviderModels).tiers[tier];
}

/** Undefined for a model that the table doesn't know, e.g. one of a compatible server. */
export function languageModel(provider: string, id: string): LanguageModel | undefined {
	return providers[provider]?.models.find((model) => model.id === id);
}

/** Tokens left for thinking, which counts as output, in a model that can't be kept from it. */
const THINKING_TOKENS = 16_000;

/** Tokens that an answer of `asked` tokens may take: with room to think, within the model's own limit. */
export function mostOutputTokens(provider: string, id: string, asked: number): number {
	const { thinks = false, max_output: most = Infinity } = languageModel(provider, id) ?? {};
	return Math.min(most, asked + (thinks ? THINKING_TOKENS : 0));
}

/** A model to judge what `writer` wrote: the provider's best that is another one. */
export function reviewerModel(provider: LanguageProviderId, writer: string): string {
	const { premium, standard } = (providers[provider] as ProviderModels).tiers;
	return sameModel(premium, writer) ? standard : premium;
}

/** Also when one of the names is a dated snapshot of the other. */
export function sameModel(one: string, other: string): boolean {
	return withoutSnapshot(one) === withoutSnapshot(other);
}
