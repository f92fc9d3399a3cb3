/** POST /v1/text-to-speech/:voice, with and without timestamps. */
import { bill } from '../billed';
import type { Handler, SandboxRequest, ServiceContext } from '../service';
import type { Asked, Studio } from '../speech/studio';
import { creditsLeft, MAX_CONCURRENT, spoken } from './account';
import { malformed, refuse } from './errors';
import { FORMATS } from './formats';
import { SPEECH_MODELS, type SpeechModel } from './models';
import { voicesAt } from './voices';

type Body = Record<string, unknown>;

/** Least and most of each setting. */
const SETTINGS: Record<string, [number, number]> = {
	stability: [0, 1],
	similarity_boost: [0, 1],
	style: [0, 1],
	speed: [0.7, 1.2],
};

const MAX_REQUEST_IDS = 3;

export function textToSpeech(context: ServiceContext, studio: Studio, withTimestamps: boolean): Handler {
	const requests = spoken(context);
	return async (request) => {
		const formatName = request.query.get('output_format') ?? 'mp3_44100_128';
		const format = FORMATS[formatName];
		if (!format) throw malformed(['query', 'output_format'], 'Input should be one of the output formats', 'enum');
		const body = await readBody(request);
		const { asked, model } = check(request, body, context, formatName);

		const current = context.underWay('/v1/text-to-speech/');
		const limit = MAX_CONCURRENT[model.group];
		const concurrency = {
			'current-concurrent-requests': String(current),
			'maximum-concurrent-requests': String(limit),
		};
		if (current > limit) throw refuse(429, 'too_many_concurrent_requests');
		const characters = [...asked.text].length;
		const credits = Math.ceil(characters * model.creditsPerCharacter);
		const left = creditsLeft(context);
		if (credits > left) {
			throw refuse(
				401,
				'quota_exceeded',
				`This request exceeds your quota. You have ${left} credits remaining, while ${credits} credits are required for this request.`,
			);
		}

		const { audio, alignment } = await studio.record(asked, format.output);
		const requestId = context.random(`request:${requests.size + 1}`).id(20);
		requests.set(requestId, {
			request_id: requestId,
			voice_id: asked.voice.id,
			model_id: model.id,
			characters,
			credits,
			text: asked.text,
		});
		bill(context, { id: requestId, model: model.id, units: { characters } });
		const headers = { 'request-id': requestId, 'character-cost': String(credits), ...concurrency };
		if (!withTimestamps) return { status: 200, headers: { ...headers, 'content-type': format.mime }, body: audio };
		return {
			status: 200,
			headers,
			body: { audio_base64: audio.toString('base64'), alignment, normalized_alignment: alignment },
		};
	};
}

async function readBody(request: SandboxRequest): Promise<Body> {
	const body = await request.json();
	if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body;
	throw malformed(['body'], 'Input should be a valid dictionary or object to extract fields from', 'model_attributes_type');
}

function check(
	request: SandboxRequest,
	body: Body,
	context: ServiceContext,
	format: string,
): { asked: Asked; model: SpeechModel } {
	const { text, model_id: modelId = 'eleven_multilingual_v2', seed, language_code: language } = body;
	if (text === undefined) throw malformed(['body', 'text'], 'Field required', 'missing');
	if (typeof text !== 'string') throw malformed(['body', 'text'], 'Input should be a valid string', 'string_type');
	if (seed !== undefined && seed !== null && !(Number.isInteger(seed) && (seed as number) >= 0 && (seed as number) <= 4_294_967_295)) {
		throw malformed(['body', 'seed'], 'Input should be a valid integer from 0 to 4294967295', 'int_type');
	}

	const voice = voicesAt(context.clock.now()).find(({ id }) => id === request.params.voice);
	if (!voice) throw refuse(404, 'voice_not_found', `A voice with the voice_id ${request.params.voice} was not found.`);
	const model = SPEECH_MODELS.find(({ id }) => id === modelId);
	if (!model) throw refuse(400, 'model_not_found', `A model with model ID ${String(modelId)} does not exist`);
	if (text.trim() === '') throw refuse(400, 'empty_text', 'The text to speak is empty.', 'text');
	const length = [...text].length;
	if (length > model.maxCharacters) {
		throw refuse(
			400,
			'max_character_limit_exceeded',
			`This request's text has ${length} characters and exceeds the character limit of ${model.maxCharacters} characters for this model.`,
		);
	}
	const speed = checkSettings(body.voice_settings);
	checkStitching(body, model);
	return {
		model,
		asked: {
			text,
			voice,
			speed,
			seed: typeof seed === 'number' ? seed : context.seed,
			language: typeof language === 'string' ? language : undefined,
			skipTags: model.readsTags,
			format,
		},
	};
}

/** @returns the speed */
function checkSettings(settings: unknown): number {
	if (settings === undefined || settings === null) return 1;
	for (const [name, [least, most]] of Object.entries(SETTINGS)) {
		const value = (settings as Body)[name];
		if (value === undefined || value === null) continue;
		if (typeof value !== 'number') throw malformed(['body', 'voice_settings', name], 'Input should be a valid number', 'float_type');
		if (value < least || value > most) {
			throw refuse(
				400,
				'invalid_voice_settings',
				`Invalid setting for ${name} received, expected to be greater or equal to ${least} and less or equal to ${most}, received ${value}.`,
			);
		}
	}
	const { speed } = settings as Body;
	return typeof speed === 'number' ? speed : 1;
}

function checkStitching(body: Body, model: SpeechModel): void {
	for (const name of ['previous_request_ids', 'next_request_ids']) {
		const ids = body[name];
		if (!Array.isArray(ids) || ids.length === 0) continue;
		if (ids.length > MAX_REQUEST_IDS) {
			throw refuse(400, 'invalid_request', `A maximum of ${MAX_REQUEST_IDS} request ids can be sent.`, name);
		}
		if (!model.stitches) {
			const message = `Providing previous_request_ids or next_request_ids is not yet supported with the '${model.id}' model.`;
			throw refuse(400, 'unsupported_model', message, 'model_id');
		}
	}
}
