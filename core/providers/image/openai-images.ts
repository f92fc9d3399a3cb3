/** Images by OpenAI: the GPT image models, which paint any size that their grid of 16 pixels allows. */
import { writeFile } from 'node:fs/promises';

import { priceOf } from '../../cost/prices';
import type { Priced } from '../../cost/prices';
import { YtempireError } from '../../errors';
import type { OpenAI } from '../../vendor/openai';
import { writeAside } from '../../video/ffmpeg';
import { OPENAI_ID as ID, openAiCalls, openAiRequestId } from '../openai-client';

import type { ImageConnection, ImageProvider, ImageRequest, ImageWish } from './image';
import { defaultImageModel, imageModel, tokensPerMegapixel } from './models';
import { promptWithStyle } from './wording';

type Body = OpenAI.ImageGenerateParamsNonStreaming;

/** Both sides are multiples of this. Source of these limits: types of openai 7.57.0. */
const GRID = 16;
const WIDEST = 3;
const LONGEST_SIDE = 3840;
const SHORTEST_LONG_SIDE = 2160;
/** Fewer pixels were refused by gpt-image-2; not in the types. */
const FEWEST_PIXELS = 655_360;

/** A token has about so many letters in English; in other scripts fewer. */
const LETTERS_PER_TOKEN = 3;

export function createOpenAiImages(connection: ImageConnection): ImageProvider {
	const call = openAiCalls(connection);
	return {
		id: ID,
		defaultModel: defaultImageModel(ID),
		estimate: (wish) => estimated(wish).cost,

		async paint(request) {
			const body = bodyOf(request);
			const answer = await call(request.signal, (openai, signal) => openai.images.generate(body, { signal }));
			const requestId = openAiRequestId(answer);
			const bytes = Buffer.from(answer.data?.[0]?.b64_json ?? '', 'base64');
			if (bytes.length === 0) throw malformed(requestId);
			await writeAside(request.imagePath, (path) => writeFile(path, bytes));
			const priced = answer.usage ? billed(request.model, answer.usage) : estimated(request);
			return {
				imagePath: request.imagePath,
				model: request.model,
				seed: undefined,
				cost: priced.cost,
				requestId,
				warnings: [
					...priced.warnings,
					...(answer.usage ? [] : ['openai did not tell the tokens of the picture: its cost is estimated']),
					...(request.seed === undefined ? [] : ['openai takes no seed: it was not sent']),
				],
			};
		},
	};
}

function bodyOf(request: ImageRequest): Body {
	const { width, height } = paintedSize(request);
	return {
		model: request.model,
		prompt: promptOf(request),
		n: 1,
		size: `${width}x${height}`,
		quality: request.quality ?? 'medium',
		output_format: 'png',
		background: 'opaque',
	};
}

function promptOf(wish: ImageWish): string {
	const prompt = promptWithStyle(wish);
	return wish.negativePrompt ? `${prompt}\nNot in the picture: ${wish.negativePrompt}` : prompt;
}

/** The smallest size that the model makes and that covers the wanted one; else the nearest in shape. */
export function paintedSize(wish: Pick<ImageWish, 'height' | 'model' | 'width'>): { width: number; height: number } {
	const { sizes } = imageModel(ID, wish.model) ?? {};
	if (sizes) return nearestOf(sizes, wish);
	const ratio = Math.min(WIDEST, Math.max(1 / WIDEST, wish.width / wish.height));
	// what covers the wanted size in a shape that can be made
	let width = Math.max(wish.width, wish.height * ratio);
	let height = width / ratio;
	const grow = Math.max(1, Math.sqrt(FEWEST_PIXELS / (width * height)));
	const shrink = Math.min(
		1,
		LONGEST_SIDE / Math.max(width, height),
		SHORTEST_LONG_SIDE / Math.min(width, height),
	);
	width *= grow * shrink;
	height *= grow * shrink;
	const up = (side: number) => Math.ceil(side / GRID - 1e-6) * GRID;
	const size = { width: Math.min(LONGEST_SIDE, up(width)), height: Math.min(LONGEST_SIDE, up(height)) };
	// rounding up must not leave the widest shape
	if (size.width > WIDEST * size.height) size.height += GRID;
	if (size.height > WIDEST * size.width) size.width += GRID;
	return size;
}

function nearestOf(sizes: readonly string[], { width, height }: { width: number; height: number }) {
	const wanted = Math.log(width / height);
	const parsed = sizes.map((size) => {
		const [across = 1, down = 1] = size.split('x').map(Number);
		return { width: across, height: down };
	});
	const distance = (size: { width: number; height: number }) => Math.abs(Math.log(size.width / size.height) - wanted);
	return parsed.reduce((best, size) => (distance(size) < distance(best) ? size : best));
}

function billed(model: string, usage: OpenAI.ImagesResponse.Usage): Priced {
	const images = usage.input_tokens_details?.image_tokens ?? 0;
	return priceOf({
		capability: 'image',
		provider: ID,
		model,
		units: {
			input_tokens: usage.input_tokens - images,
			image_input_tokens: images,
			output_tokens: usage.output_tokens,
		},
		basis: 'billed',
	});
}

function estimated(wish: ImageWish): Priced {
	const { width, height } = paintedSize(wish);
	const perMegapixel = tokensPerMegapixel(ID, wish.quality ?? 'medium') ?? 0;
	return priceOf({
		capability: 'image',
		provider: ID,
		model: wish.model,
		units: {
			input_tokens: Math.ceil(promptOf(wish).length / LETTERS_PER_TOKEN),
			output_tokens: Math.ceil((perMegapixel * width * height) / (1024 * 1024)),
		},
		basis: 'estimated',
	});
}

function malformed(requestId: string | undefined): YtempireError {
	return new YtempireError('unavailable', 'openai answered without a picture', {
		provider: ID,
		reason: 'malformed-answer',
		requestId,
		cure: 'Run it again; if it lasts, check the base URL in the credential.',
	});
}
