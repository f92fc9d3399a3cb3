/** The dated table of image models: what they make, what they take, when they are switched off. */
import type { Retirement } from '../models';

import type { ImageQuality } from './image';
import table from './models.json';

export interface ImageModel extends Retirement {
	path?: string;
	/** Of one picture. */
	credits?: number;
	style_preset?: boolean;
	/** As `WIDTHxHEIGHT`; any when left out. */
	sizes?: string[];
}

interface ProviderModels {
	default: string;
	tokens_per_megapixel?: Record<ImageQuality, number>;
	models: ImageModel[];
}

export type ImageProviderId = keyof typeof table.providers;

const providers = table.providers as Record<string, ProviderModels>;

export function defaultImageModel(provider: ImageProviderId): string {
	return (providers[provider] as ProviderModels).default;
}

export function imageModels(provider: ImageProviderId): readonly ImageModel[] {
	return (providers[provider] as ProviderModels).models;
}

/** Undefined for a model that the table doesn't know. */
export function imageModel(provider: string, id: string): ImageModel | undefined {
	return providers[provider]?.models.find((model) => model.id === id);
}

/** Undefined where the provider doesn't count in tokens. */
export function tokensPerMegapixel(provider: string, quality: ImageQuality): number | undefined {
	return providers[provider]?.tokens_per_megapixel?.[quality];
}
