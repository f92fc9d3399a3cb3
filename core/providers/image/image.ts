/** The capability "image": a provider paints one picture for a prompt. */
import type { Cost } from '../../documents';

/** Looks that can be asked for; a provider without presets is told them in words. */
export const IMAGE_STYLES = [
	'photographic',
	'cinematic',
	'digital-art',
	'3d-model',
	'analog-film',
	'anime',
	'comic-book',
	'enhance',
	'fantasy-art',
	'isometric',
	'line-art',
	'low-poly',
	'modeling-compound',
	'neon-punk',
	'origami',
	'pixel-art',
	'tile-texture',
] as const;

export type ImageStyle = (typeof IMAGE_STYLES)[number];

export const IMAGE_QUALITIES = ['low', 'medium', 'high'] as const;

export type ImageQuality = (typeof IMAGE_QUALITIES)[number];

/** The largest seed that every provider takes. */
export const LARGEST_SEED = 4_294_967_294;

/** What is wanted; each provider makes the nearest that it can. */
export interface ImageWish {
	model: string;
	/** What is seen. Data: a provider that has commands in its prompts must take them out. */
	prompt: string;
	/** What is not to be seen. */
	negativePrompt?: string;
	/** Pixels that are wanted in the end. */
	width: number;
	height: number;
	style?: ImageStyle;
	/** For providers that have classes of quality. Default `medium`. */
	quality?: ImageQuality;
	/** 0 to `LARGEST_SEED`. */
	seed?: number;
}

export interface ImageRequest extends ImageWish {
	/** Where the picture is put, aside first and then renamed. PNG, JPEG or WebP by its content. */
	imagePath: string;
	signal?: AbortSignal;
}

export interface PaintedImage {
	imagePath: string;
	/** As the provider names it. */
	model: string;
	/** Undefined where the provider doesn't tell it. */
	seed: number | undefined;
	cost: Cost;
	requestId: string | undefined;
	/** What could not be honoured, and why the cost is not exact. */
	warnings: string[];
}

export interface ImageProvider {
	/** e.g. `stability` */
	id: string;
	defaultModel: string;
	/** What a request will cost at most, as far as that is known before it. */
	estimate(wish: ImageWish): Cost;
	/**
	 * One picture, not tried again.
	 * @throws YtempireError of every class; `refused` with `costs` when the provider bills what it withholds
	 */
	paint(request: ImageRequest): Promise<PaintedImage>;
}

export interface ImageConnection {
	/** A key or secret; a self-hosted gateway may have none. */
	apiKey: string;
	/** The provider's own address when empty. */
	baseUrl?: string;
	/** For one picture, in ms. Default 180,000; 15 minutes for a gateway that queues. */
	timeoutMs?: number;
	/** Milliseconds between two looks at a task that runs. Default 2,000. */
	pollMs?: number;
	/** Hosts that pictures may be fetched from, beside the ones the provider itself has. */
	imageHosts?: readonly string[];
}
