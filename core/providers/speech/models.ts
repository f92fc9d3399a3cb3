/** The dated table of speech models: limits, what they take, when they are switched off. */
import type { Retirement } from '../models';

import table from './models.json';

export interface SpeechModelFacts extends Retirement {
	/** Of one request. */
	max_characters?: number;
	/** Of one request, markup included. */
	max_bytes?: number;
	/** Reads SSML, and tells when its marks are heard. */
	ssml?: boolean;
	credits_per_character?: number;
	/** Takes the text before and after. */
	stitching?: boolean;
	language_code?: boolean;
}

interface ProviderModels {
	default: string;
	models: SpeechModelFacts[];
}

export type SpeechProviderId = keyof typeof table.providers;

const providers = table.providers as Record<string, ProviderModels>;

export function defaultSpeechModel(provider: SpeechProviderId): string {
	return (providers[provider] as ProviderModels).default;
}

export function speechModels(provider: SpeechProviderId): readonly SpeechModelFacts[] {
	return (providers[provider] as ProviderModels).models;
}

/** Undefined for a model that the table doesn't know. */
export function speechModel(provider: string, id: string): SpeechModelFacts | undefined {
	return providers[provider]?.models.find((model) => model.id === id);
}
