/** One picture for a scene or a thumbnail: asked for, checked, and brought to exactly the size that was asked for. */
import { join } from 'node:path';

import type { Clock } from '../../clock';
import type { ImageResult } from '../../documents';
import { invalidRequest } from '../../errors';
import type { FieldIssue } from '../../errors';
import { contentHash } from '../../hash';
import type { CallContext } from '../../routing/call';
import type { Candidate } from '../../routing/candidate';
import { route } from '../../routing/route';
import { characterCount, cleanText } from '../../text';
import type { FfmpegTools } from '../../video/ffmpeg';
import { retirementWarning } from '../models';

import { EXTENSIONS, fitPicture, IMAGE_FORMATS } from './fit';
import type { ImageFormat } from './fit';
import { IMAGE_QUALITIES, IMAGE_STYLES, LARGEST_SEED } from './image';
import type { ImageProvider, ImageQuality, ImageStyle, ImageWish } from './image';
import { imageModel } from './models';
import { paidPicture } from './paint';

export const IMAGE_PURPOSES = ['scene', 'thumbnail'] as const;

export type ImagePurpose = (typeof IMAGE_PURPOSES)[number];

export interface ImageInput {
	/** A thumbnail is 1280 × 720 and a JPEG, whatever else is asked for. */
	purpose: ImagePurpose;
	/** At most 4,000 characters; data, never instructions. */
	prompt: string;
	/** What is not to be seen, at most 1,000 characters. */
	negativePrompt?: string;
	/** Pixels, 64 to 3,840. */
	width: number;
	height: number;
	/** Default `png`. */
	format?: ImageFormat;
	style?: ImageStyle;
	quality?: ImageQuality;
	/** 0 to 4,294,967,294. */
	seed?: number;
}

export interface ImageDeps {
	/** In the order of asking. */
	candidates: ReadonlyArray<Candidate<ImageProvider>>;
	calls: CallContext;
	tools: FfmpegTools;
	/** Keeps the picture; made when it isn't there. */
	folder: string;
}

export const LONGEST_PROMPT = 4_000;
const LONGEST_NEGATIVE_PROMPT = 1_000;

/** Pixels of a side. */
export const SIDE_LIMITS = { min: 64, max: 3840 };

/** YouTube's own size, and the bytes that it took from everyone before 2026-09. */
const THUMBNAIL = { width: 1280, height: 720, format: 'jpeg', maxBytes: 2_000_000 } as const;

/** A picture that was enlarged more than this is worth a word. */
const ENLARGED = 1.25;

/**
 * A provider that fails, or shows nothing, is followed by the next.
 * @throws YtempireError `invalid-request` for input that is out of bounds; `refused` with `costs` when the picture
 * was withheld, or came blurred or blank; `unavailable` when it came broken; and what the providers throw
 */
export async function generateImage(input: ImageInput, { candidates, calls, tools, folder }: ImageDeps): Promise<ImageResult> {
	const { wish, width, height, format, maxBytes } = checked(input);
	const { result, tried, costs, warnings } = await route(candidates, calls, async ({ provider, model }, call) => {
		const asked: ImageWish = { ...wish, model };
		const imagePath = join(folder, 'image', `${contentHash([provider.id, asked]).slice(0, 24)}.picture`);
		const { paid, clear } = paidPicture(provider, { ...asked, imagePath, signal: calls.signal }, tools);
		await call({ ...paid, content: wish });
		return { painted: clear(), imagePath, retirement: retirementOf(provider.id, model, calls.store.clock) };
	});
	const { painted, imagePath, retirement } = result;
	const name = contentHash([imagePath.slice(folder.length), format]).slice(0, 24);
	const image = await fitPicture({
		input: imagePath,
		output: join(folder, `image-${name}${EXTENSIONS[format]}`),
		...{ width, height, format, maxBytes, tools, signal: calls.signal },
	});
	const enlarged = Math.max(width / painted.width, height / painted.height);
	return {
		image,
		width,
		height,
		provider: tried.at(-1)?.provider ?? '',
		model: painted.model,
		prompt: wish.prompt,
		...(painted.seed === undefined ? {} : { seed: painted.seed }),
		tried,
		warnings: [
			...warnings,
			...painted.warnings,
			...retirement,
			...(enlarged > ENLARGED
				? [`The picture was painted at ${painted.width}x${painted.height} and enlarged ${enlarged.toFixed(1)} times`]
				: []),
		],
		costs,
	};
}

function retirementOf(provider: string, model: string, clock: Clock): string[] {
	const known = imageModel(provider, model);
	const warning = known && retirementWarning(known, clock);
	return warning ? [warning] : [];
}

interface Asked {
	wish: Omit<ImageWish, 'model'>;
	width: number;
	height: number;
	format: ImageFormat;
	maxBytes?: number;
}

function checked(input: ImageInput): Asked {
	const issues: FieldIssue[] = [];
	const limited = (field: string, text: string, most: number) => {
		// Measured before it is cleaned, so that an absurd length costs no work
		const tooLong = text.length > most * 2 || characterCount(text) > most;
		if (tooLong) issues.push({ field, reason: `at most ${most} characters` });
		return tooLong ? '' : cleanText(text);
	};
	const prompt = limited('prompt', input.prompt, LONGEST_PROMPT);
	const negativePrompt = limited('negativePrompt', input.negativePrompt ?? '', LONGEST_NEGATIVE_PROMPT);
	if (issues.length === 0 && !/[\p{L}\p{N}]/u.test(prompt)) issues.push({ field: 'prompt', reason: 'has no words' });
	const isThumbnail = input.purpose === 'thumbnail';
	const { width, height } = isThumbnail ? THUMBNAIL : input;
	for (const [field, side] of Object.entries({ width, height })) {
		if (Number.isInteger(side) && side >= SIDE_LIMITS.min && side <= SIDE_LIMITS.max) continue;
		issues.push({ field, reason: `a whole number from ${SIDE_LIMITS.min} to ${SIDE_LIMITS.max}` });
	}
	const { seed, style, quality, format } = input;
	// They come from expressions too
	const known = { purpose: IMAGE_PURPOSES, style: IMAGE_STYLES, quality: IMAGE_QUALITIES, format: IMAGE_FORMATS };
	const given = { purpose: input.purpose, style, quality, format };
	for (const [field, values] of Object.entries(known) as Array<[keyof typeof known, readonly string[]]>) {
		const value = given[field];
		if (value !== undefined && !values.includes(value)) issues.push({ field, reason: `one of ${values.join(', ')}` });
	}
	if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED)) {
		issues.push({ field: 'seed', reason: `a whole number from 0 to ${LARGEST_SEED}` });
	}
	if (issues.length > 0) {
		const list = issues.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
		throw invalidRequest(`The picture can't be asked for: ${list}`, {
			issues,
			cure: 'Change the named fields and run it again.',
		});
	}
	return {
		wish: { prompt, ...(negativePrompt ? { negativePrompt } : {}), width, height, style, quality, seed },
		width,
		height,
		...(isThumbnail
			? { format: THUMBNAIL.format, maxBytes: THUMBNAIL.maxBytes }
			: { format: format ?? 'png' }),
	};
}
