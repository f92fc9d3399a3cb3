/**
 * One paid picture: kept as soon as it is there, and looked at after that, so that trouble of this machine with looking
 * at it buys no other. A picture that the provider bills and withholds is kept as that: asked for again, it would be
 * billed again.
 */
import { stat } from 'node:fs/promises';

import { isYtempireError, YtempireError } from '../../errors';
import type { PaidRequest } from '../../routing/call';
import type { FfmpegTools } from '../../video/ffmpeg';

import type { ImageProvider, ImageRequest } from './image';
import { inspectPicture } from './inspect';

/** What routing keeps of an answer: JSON. */
interface Painted {
	/** As the provider names it. */
	model: string;
	seed?: number;
	requestId?: string;
	/** Of the file. */
	bytes: number;
}

interface Withheld {
	withheld: { message: string; reason?: string; requestId?: string; cure?: string };
}

export interface ClearPicture {
	model: string;
	seed: number | undefined;
	/** Pixels that the provider painted. */
	width: number;
	height: number;
	warnings: string[];
}

export interface PaidPicture {
	paid: Omit<PaidRequest<Painted | Withheld>, 'content'>;
	/** What the answer shows; only once it is there. */
	clear(): ClearPicture;
}

/** Who asks for blur, or for a plain ground, gets it. */
const SOFT_ON_PURPOSE = /\b(?:blur\w*|bokeh|out of focus|defocus\w*|fog\w*|mist\w*|haz[ey]|gradient|plain|solid|blank|empty|smooth)\b/i;

/**
 * The request for it. Its check throws `refused` with `costs` for a picture that was withheld, or shows nothing, and
 * `unavailable` with the provider's name for one that can't be used.
 */
export function paidPicture(provider: ImageProvider, request: ImageRequest, tools: FfmpegTools): PaidPicture {
	const { imagePath, prompt } = request;
	const estimate = provider.estimate(request);
	let seen: ClearPicture | undefined;
	return {
		paid: {
			capability: 'image',
			estimate,
			send: async (signal) => {
				try {
					const painted = await provider.paint({ ...request, signal });
					const { size } = await stat(imagePath);
					const { model, seed, requestId } = painted;
					return { value: { model, seed, requestId, bytes: size }, cost: painted.cost, warnings: painted.warnings };
				} catch (error) {
					if (!isYtempireError(error) || error.errorClass !== 'refused') throw error;
					const { message, reason, requestId, cure, costs } = error;
					const [cost] = costs;
					if (!cost) throw error;
					return { value: { withheld: { message, reason, requestId, cure } }, cost, warnings: [] };
				}
			},
			stillStands: async (value) =>
				'withheld' in value || (await stat(imagePath).then(({ size }) => size === value.bytes, () => false)),
			check: async ({ value, cost }) => {
				if ('withheld' in value) {
					const { message, ...about } = value.withheld;
					throw new YtempireError('refused', message, { provider: provider.id, costs: [cost], ...about });
				}
				const about = { provider: provider.id, requestId: value.requestId, costs: [cost] };
				const inspection = await inspectPicture(tools, imagePath, request.signal);
				if (!inspection.whole) {
					throw new YtempireError('unavailable', `${provider.id} sent a picture that can't be used: ${inspection.why}`, {
						...about,
						reason: 'malformed-answer',
						cure: 'Run it again; if it lasts, choose another model or provider.',
					});
				}
				const { look, width, height } = inspection;
				seen = { model: value.model, seed: value.seed, width, height, warnings: [] };
				if (look === 'clear') return;
				const words = `The picture from ${provider.id} is ${look === 'blank' ? 'of one flat colour' : 'blurred all over'}`;
				if (!SOFT_ON_PURPOSE.test(prompt)) {
					throw new YtempireError('refused', `${words}, as content filters leave it`, {
						...about,
						reason: `${look}-result`,
						cure: 'Change the prompt, or use another provider.',
					});
				}
				seen.warnings.push(`${words}; the prompt may have asked for it`);
			},
		},
		clear: () => {
			if (!seen) throw new Error('the picture was not looked at');
			return seen;
		},
	};
}
