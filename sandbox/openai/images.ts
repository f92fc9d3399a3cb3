/** POST /v1/images/generations: pictures of the GPT image models, drawn here. */
import { join } from 'node:path';

import { bill, billedBy } from '../billed';
import { BANNED } from '../drawing/markers';
import { drawPicture } from '../drawing/picture';
import { RefusedRequest, type Handler, type ServiceContext } from '../service';
import { asObject, type Body, refuseUnknown } from './checks';
import { badRequest } from './errors';

/** Of `CreateImageRequest`, 2026-08-21. */
const KNOWN = (
	'prompt model n quality response_format output_format output_compression stream partial_images size moderation background style user'
).split(' ');

/** With the sizes that they make, where these are few. */
const IMAGE_MODELS: Record<string, { sizes?: string[]; shutdown?: string }> = {
	'gpt-image-2.6-flare': {},
	'gpt-image-2.6-sunburst': {},
	'gpt-image-2.5-flare': {},
	'gpt-image-2.5-sunburst': {},
	'gpt-image-2': {},
	'gpt-image-1.5': { sizes: ['1024x1024', '1536x1024', '1024x1536'], shutdown: '2026-12-01' },
	'gpt-image-1-mini': { sizes: ['1024x1024', '1536x1024', '1024x1536'], shutdown: '2026-12-01' },
	'gpt-image-1': { shutdown: '2026-10-23' },
	'dall-e-3': { shutdown: '2026-05-12' },
};

const MOST_CHARACTERS = 32_000;

/** Of a picture of 1024 × 1024. */
const TOKENS: Record<string, number> = { low: 272, medium: 1056, high: 4160 };

const FORMATS = ['png', 'jpeg', 'webp'] as const;

export function imageGenerations(context: ServiceContext): Handler {
	return async (request) => {
		const body = asObject(await request.json());
		refuseUnknown(body, KNOWN);
		const { prompt, model } = check(body, context.clock.now());
		const { width, height } = sizeOf(body.size ?? '1024x1024', model);
		const quality = choice(body, 'quality', ['low', 'medium', 'high', 'auto'], 'auto');
		const format = choice(body, 'output_format', FORMATS, 'png') as (typeof FORMATS)[number];
		const background = choice(body, 'background', ['transparent', 'opaque', 'auto'], 'auto');
		if (prompt.includes(BANNED)) {
			throw badRequest('moderation_blocked', 'Your request was rejected by the safety system.', null);
		}
		const seed = context.random(`image:${prompt}`).int(0, 2 ** 31);
		const picture = await drawPicture({ prompt, seed, width, height, format }, join(context.dataDir, 'images'));
		const made = quality === 'auto' ? 'medium' : quality;
		const input = Math.ceil(prompt.length / 4);
		const output = Math.ceil(((TOKENS[made] ?? 0) * width * height) / (1024 * 1024));
		const number = billedBy(context).size + 1;
		bill(context, { id: `image_${number}`, model, units: { input_tokens: input, output_tokens: output } });
		return {
			status: 200,
			body: {
				created: Math.floor(context.clock.now() / 1000),
				background: background === 'auto' ? 'opaque' : background,
				data: [{ b64_json: picture.toString('base64') }],
				output_format: format,
				quality: made,
				size: `${width}x${height}`,
				usage: {
					input_tokens: input,
					input_tokens_details: { image_tokens: 0, text_tokens: input },
					output_tokens: output,
					output_tokens_details: { image_tokens: output, text_tokens: 0 },
					total_tokens: input + output,
				},
			},
		};
	};
}

function check(body: Body, now: number): { prompt: string; model: string } {
	const { prompt, model, n = 1 } = body;
	if (typeof prompt !== 'string' || prompt === '') {
		throw badRequest('missing_required_parameter', "Missing required parameter: 'prompt'.", 'prompt');
	}
	if (prompt.length > MOST_CHARACTERS) {
		throw badRequest('string_above_max_length', `Invalid 'prompt': string too long. Expected at most ${MOST_CHARACTERS} characters.`, 'prompt');
	}
	const facts = typeof model === 'string' && Object.hasOwn(IMAGE_MODELS, model) ? IMAGE_MODELS[model] : undefined;
	if (!facts || (facts.shutdown && now >= Date.parse(facts.shutdown))) {
		throw new RefusedRequest(404, 'model_not_found', `The model '${String(model)}' does not exist.`);
	}
	if (n !== 1) throw badRequest('unsupported_value', 'The sandbox draws one picture at a time.', 'n');
	if (body.response_format !== undefined) {
		throw badRequest('unknown_parameter', "Unknown parameter: 'response_format'.", 'response_format');
	}
	if (body.stream === true) throw badRequest('unsupported_value', 'The sandbox does not stream.', 'stream');
	return { prompt, model: model as string };
}

function sizeOf(size: unknown, model: string): { width: number; height: number } {
	const invalid = (why: string) => badRequest('invalid_value', `Invalid value: '${String(size)}'. ${why}`, 'size');
	const [, across, down] = /^(\d{2,4})x(\d{2,4})$/.exec(typeof size === 'string' ? size : '') ?? [];
	const [width, height] = [Number(across ?? 1024), Number(down ?? 1024)];
	if (across === undefined && size !== 'auto') throw invalid('Expected WIDTHxHEIGHT.');
	const sizes = IMAGE_MODELS[model]?.sizes;
	if (sizes && !sizes.includes(`${width}x${height}`)) throw invalid(`Supported values are: ${sizes.join(', ')}.`);
	if (width % 16 !== 0 || height % 16 !== 0) throw invalid('Width and height must be divisible by 16.');
	if (width > 3 * height || height > 3 * width) throw invalid('The aspect ratio must be between 1:3 and 3:1.');
	if (Math.max(width, height) > 3840 || width * height > 3840 * 2160) throw invalid('The maximum is 3840x2160.');
	if (width * height < 655_360) throw invalid('The minimum is 655360 pixels.');
	return { width, height };
}

function choice(body: Body, name: string, values: readonly string[], otherwise: string): string {
	const value = body[name] ?? otherwise;
	if (typeof value === 'string' && values.includes(value)) return value;
	throw badRequest('invalid_value', `Invalid value: ${JSON.stringify(value)}. Supported values are: ${values.join(', ')}.`, name);
}
