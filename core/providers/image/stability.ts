/** Images by Stability AI: Stable Image Core and Ultra, Stable Diffusion 3.5; v2beta over plain HTTP. */
import { writeFile } from 'node:fs/promises';

import { priceOf } from '../../cost/prices';
import type { Cost } from '../../documents';
import { YtempireError } from '../../errors';
import { httpRequest } from '../../http';
import { z } from '../../vendor/zod';
import { writeAside } from '../../video/ffmpeg';

import type { ImageConnection, ImageProvider, ImageRequest, ImageWish } from './image';
import { defaultImageModel, imageModel } from './models';
import { readVerdict } from './stability-errors';
import { promptWithStyle } from './wording';

const ID = 'stability';

export const STABILITY_BASE_URL = 'https://api.stability.ai';

const DEFAULT_TIMEOUT_MS = 180_000;

/** A PNG of 1.5 megapixels as base64 has 4 MB; Ultra's larger ones have room too. */
const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024;

/** Width over height of each aspect ratio that can be asked for. */
const ASPECT_RATIOS = ['21:9', '16:9', '3:2', '5:4', '1:1', '4:5', '2:3', '9:16', '9:21'] as const;

const answerSchema = z.object({
	image: z.string().min(1),
	finish_reason: z.enum(['SUCCESS', 'CONTENT_FILTERED']),
	seed: z.number().nullish(),
});

export function createStability(connection: ImageConnection): ImageProvider {
	const { apiKey, timeoutMs = DEFAULT_TIMEOUT_MS } = connection;
	const baseUrl = (connection.baseUrl || STABILITY_BASE_URL).replace(/\/+$/, '');

	return {
		id: ID,
		defaultModel: defaultImageModel(ID),
		estimate: (wish) => priceOfOne(wish.model).cost,

		async paint(request) {
			const answer = await httpRequest({
				method: 'POST',
				url: `${baseUrl}/v2beta/stable-image/generate/${encodeURIComponent(pathOf(request.model))}`,
				headers: { Authorization: `Bearer ${apiKey}`, Accept: 'application/json' },
				body: formOf(request),
				timeoutMs,
				maxResponseBytes: LARGEST_ANSWER_BYTES,
				signal: request.signal,
				provider: ID,
				readVerdict,
			});
			const parsed = answerSchema.safeParse(answer.body);
			if (!parsed.success) throw malformed(answer.requestId);
			const { cost, warnings } = priceOfOne(request.model);
			const { image, finish_reason: finish, seed } = parsed.data;
			if (finish === 'CONTENT_FILTERED') throw filtered(cost, answer.requestId);
			const bytes = Buffer.from(image, 'base64');
			if (bytes.length === 0) throw malformed(answer.requestId);
			await writeAside(request.imagePath, (path) => writeFile(path, bytes));
			return {
				imagePath: request.imagePath,
				model: request.model,
				seed: seed ?? request.seed,
				cost,
				requestId: answer.requestId,
				warnings,
			};
		},
	};
}

/** An unknown model is taken for one of the SD3 endpoint, which is the one that takes model names. */
function pathOf(model: string): string {
	return imageModel(ID, model)?.path ?? 'sd3';
}

function formOf(request: ImageRequest): FormData {
	const facts = imageModel(ID, request.model);
	const form = new FormData();
	const preset = facts?.style_preset && request.style;
	form.set('prompt', preset ? request.prompt : promptWithStyle(request));
	form.set('aspect_ratio', nearestAspectRatio(request));
	form.set('output_format', 'png');
	if (request.negativePrompt) form.set('negative_prompt', request.negativePrompt);
	if (preset) form.set('style_preset', preset);
	// 0 asks for a seed by chance
	if (request.seed) form.set('seed', String(request.seed));
	if (pathOf(request.model) === 'sd3') form.set('model', request.model);
	return form;
}

/** Of which the least is cut away. */
export function nearestAspectRatio({ width, height }: Pick<ImageWish, 'height' | 'width'>): string {
	const wanted = Math.log(width / height);
	const distance = (ratio: string) => {
		const [across = 1, down = 1] = ratio.split(':').map(Number);
		return Math.abs(Math.log(across / down) - wanted);
	};
	return ASPECT_RATIOS.reduce((best, ratio) => (distance(ratio) < distance(best) ? ratio : best));
}

/** The answer doesn't name its credits: they are the published flat rate of the model. */
function priceOfOne(model: string): { cost: Cost; warnings: string[] } {
	const { credits = DEAREST_CREDITS } = imageModel(ID, model) ?? {};
	return priceOf({ capability: 'image', provider: ID, model, units: { credits }, basis: 'estimated' });
}

/** For a model that the table doesn't know. */
const DEAREST_CREDITS = 8;

function filtered(cost: Cost, requestId: string | undefined): YtempireError {
	return new YtempireError('refused', 'stability blurred the picture under its usage policy, and bills it', {
		provider: ID,
		reason: 'CONTENT_FILTERED',
		httpStatus: 200,
		requestId,
		costs: [cost],
		cure: 'Change the prompt, or use another provider.',
	});
}

function malformed(requestId: string | undefined): YtempireError {
	return new YtempireError('unavailable', 'stability answered in a form that is not known', {
		provider: ID,
		reason: 'malformed-answer',
		requestId,
		cure: 'Run it again; if it lasts, check the base URL in the credential.',
	});
}
