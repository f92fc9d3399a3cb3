/** The documents that come in with items, checked at the door: people can edit them on the way. */
import type { Script, SpeechResult, VideoResult } from '../documents';
import { invalidRequest } from '../errors';
import { z } from '../vendor/zod';

const seconds = z.number().min(0).max(86_400);
const text = z.string();
const texts = z.array(text).default([]);
const costs = z
	.array(
		z.object({
			provider: text,
			model: text,
			units: z.record(text, z.number()),
			micro_usd: z.number(),
			basis: z.enum(['billed', 'estimated']),
		}),
	)
	.default([]);

const tried = z
	.array(
		z.object({
			provider: text,
			model: text,
			outcome: z.enum(['failed', 'used']),
			error_class: text.optional(),
			reason: text.optional(),
			message: text.optional(),
			cost_usd: z.number(),
		}),
	)
	.default([]);

const file = z.object({
	path: text.min(1),
	sha256: text.regex(/^[0-9a-f]{64}$/),
	bytes: z.number().int().min(0),
	mime: text,
});

const scriptSchema = z.object({
	title: text,
	description: text.default(''),
	tags: texts,
	language: text.default('en'),
	scenes: z
		.array(
			z.object({
				id: text.min(1),
				narration: text,
				visual_query: text.default(''),
				on_screen_text: text.default(''),
				section: text.optional(),
			}),
		)
		.min(1)
		.max(500),
});

const speechSchema = z.object({
	audio: file,
	duration_s: seconds.positive(),
	scenes: z
		.array(
			z.object({
				scene_id: text.min(1),
				start_s: seconds,
				end_s: seconds,
				words: z.array(z.object({ text, start_s: seconds, end_s: seconds })).max(20_000),
			}),
		)
		.min(1)
		.max(500),
	provider: text.default(''),
	model: text.default(''),
	voice_id: text.default(''),
	characters: z.number().default(0),
	tried,
	warnings: texts,
	costs,
});

const videoSchema = z.object({
	file,
	width: z.number().int().positive(),
	height: z.number().int().positive(),
	fps: z.number().positive(),
	duration_s: seconds,
	sources: z
		.array(
			z.object({
				scene_id: text,
				provider: text,
				kind: z.enum(['photo', 'video']).optional(),
				id: text,
				page_url: text.default(''),
				author: text.default(''),
				author_url: text.default(''),
				license: text.default(''),
				width: z.number(),
				height: z.number(),
			}),
		)
		.default([]),
	shown: z
		.array(
			z.object({
				scene_id: text,
				shows: z.enum(['card', 'clip', 'photo']),
				origin: z.enum(['drawn', 'found', 'own', 'painted']),
				sha256: text.default(''),
			}),
		)
		.optional(),
	captions: z.array(z.object({ start_s: seconds, end_s: seconds, text })).default([]),
	subtitles: z.object({ srt: file, vtt: file }).optional(),
	warnings: texts,
});

/** @param value the script itself, or a result that holds it as `script` */
export function readScript(value: unknown): Script {
	return read(scriptSchema, inner(value, 'script', 'scenes'), 'Script');
}

/** @param value the speech itself, or a result that holds it as `speech` */
export function readSpeech(value: unknown): SpeechResult {
	return read(speechSchema, inner(value, 'speech', 'audio'), 'Speech');
}

/** @param value the video itself, or a result that holds it as `video` */
export function readVideo(value: unknown): VideoResult {
	return read(videoSchema, inner(value, 'video', 'file'), 'Video');
}

const reviewSchema = z.object({
	score: z.number().min(0).max(1),
	criteria: z.array(z.object({ name: z.string(), score: z.number(), weight: z.number(), reason: z.string() })),
	reasons: z.array(z.string()),
});

/** Undefined when there is none. */
export function readReview(value: unknown): z.infer<typeof reviewSchema> | undefined {
	return value === '' || value === null || value === undefined ? undefined : read(reviewSchema, inner(value, 'review', 'criteria'), 'Review');
}

/** A stage's result wraps its document: either is taken. JSON text too, as an editor field gives it. */
function inner(value: unknown, wrapper: string, mark: string): unknown {
	const plain = typeof value === 'string' ? parsed(value) : value;
	if (plain === null || typeof plain !== 'object' || mark in plain) return plain;
	return wrapper in plain ? (plain as Record<string, unknown>)[wrapper] : plain;
}

function parsed(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch {
		return undefined;
	}
}

function read<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	throw invalidRequest(`The field ${name} does not hold what the step before gives`, {
		reason: 'invalid-document',
		issues: result.error.issues
			.slice(0, 10)
			.map(({ path, message }) => ({ field: [name.toLowerCase(), ...path].join('.'), reason: message })),
		cure: `Fill in ${name} with an expression that reads the result of the step that makes it.`,
	});
}
