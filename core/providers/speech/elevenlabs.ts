/** Speech by ElevenLabs, over plain HTTP: its SDK weighs 109 MB and takes a second to load. */
import { writeFile } from 'node:fs/promises';

import { YtempireError } from '../../errors';
import { httpRequest } from '../../http';
import type { HttpRequest, HttpResponse } from '../../http';
import { characterCount } from '../../text';
import { writeAside } from '../../video/ffmpeg';
import { z } from '../../vendor/zod';

import { readVerdict } from './elevenlabs-errors';
import { defaultSpeechModel, speechModel } from './models';
import type {
	PartRequest,
	SpeechConnection,
	SpeechModel,
	SpeechProvider,
	SpokenPart,
	Voice,
	VoiceSettings,
} from './speech';
import { takeSound } from './sound-in-json';
import { defaultSettings } from './voices';
import { wordsOfCharacters } from './words';

const ID = 'elevenlabs';

export const ELEVENLABS_BASE_URL = 'https://api.elevenlabs.io';

/** MP3, 44.1 kHz, 128 kbit/s: the best that every plan may ask for. */
const OUTPUT_FORMAT = 'mp3_44100_128';
const DEFAULT_TIMEOUT_MS = 180_000;
const LIST_TIMEOUT_MS = 30_000;
/** An hour of such MP3 as base64. */
const LARGEST_ANSWER_BYTES = 96 * 1024 * 1024;
/** What every model took in November 2026. */
const UNKNOWN_MODEL_CHARACTERS = 3000;
const PAGE_SIZE = 100;
const MOST_PAGES = 20;

const alignment = z.object({
	characters: z.array(z.string()),
	character_start_times_seconds: z.array(z.number()),
	character_end_times_seconds: z.array(z.number()),
});

const spoken = z.object({
	alignment: alignment.nullish(),
	normalized_alignment: alignment.nullish(),
});

const voicePage = z.object({
	voices: z.array(
		z.object({
			voice_id: z.string(),
			name: z.string().nullish(),
			category: z.string().nullish(),
			labels: z.record(z.string(), z.unknown()).nullish(),
			description: z.string().nullish(),
			verified_languages: z.array(z.object({ language: z.string() })).nullish(),
		}),
	),
	has_more: z.boolean().nullish(),
	next_page_token: z.string().nullish(),
});

const storedSettings = z.object({
	stability: z.number().nullish(),
	similarity_boost: z.number().nullish(),
	style: z.number().nullish(),
	use_speaker_boost: z.boolean().nullish(),
});

const modelList = z.array(
	z.object({
		model_id: z.string(),
		name: z.string().nullish(),
		can_do_text_to_speech: z.boolean().nullish(),
		maximum_text_length_per_request: z.number().nullish(),
	}),
);

type Call = Pick<HttpRequest, 'body' | 'maxResponseBytes' | 'method' | 'query' | 'signal' | 'timeoutMs'>;

export function createElevenLabs(connection: SpeechConnection): SpeechProvider {
	const { apiKey, timeoutMs = DEFAULT_TIMEOUT_MS } = connection;
	const baseUrl = (connection.baseUrl || ELEVENLABS_BASE_URL).replace(/\/+$/, '');

	const headers = { 'xi-api-key': apiKey };

	async function call<T>(
		path: string,
		schema: z.ZodType<T>,
		request: Call,
	): Promise<HttpResponse<unknown> & { value: T }> {
		const answer = await httpRequest({
			...request,
			url: baseUrl + path,
			headers,
			provider: ID,
			readVerdict,
		});
		const parsed = schema.safeParse(answer.body);
		if (!parsed.success) throw malformed(answer.requestId);
		return { ...answer, value: parsed.data };
	}

	const get = <T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal, query?: Call['query']) =>
		call(path, schema, { method: 'GET', timeoutMs: LIST_TIMEOUT_MS, signal, query });

	return {
		id: ID,
		defaultModel: defaultSpeechModel(ID),
		audioExtension: '.mp3',

		limitOf: ({ model }) => ({
			most: speechModel(ID, model)?.max_characters ?? UNKNOWN_MODEL_CHARACTERS,
			unit: 'characters',
			sizeOf: characterCount,
		}),
		stitches: (model) => speechModel(ID, model)?.stitching === true,
		modelOf: () => undefined,
		charactersOf: ({ text }) => characterCount(text),

		async speakPart(request) {
			const answer = await httpRequest({
				method: 'POST',
				url: `${baseUrl}/v1/text-to-speech/${encodeURIComponent(request.voiceId)}/with-timestamps`,
				query: { output_format: OUTPUT_FORMAT },
				headers: { ...headers, Accept: 'application/json' },
				body: speechBody(request),
				responseType: 'buffer',
				timeoutMs,
				maxResponseBytes: LARGEST_ANSWER_BYTES,
				signal: request.signal,
				provider: ID,
				readVerdict,
			});
			const { rest, sound } = takeSound(answer.body, 'audio_base64');
			const parsed = spoken.safeParse(jsonOf(rest));
			if (!parsed.success || sound.length === 0) throw malformed(answer.requestId);
			await writeAside(request.audioPath, (path) => writeFile(path, sound));
			return {
				audioPath: request.audioPath,
				words: wordsIn(parsed.data, request.language),
				...charactersIn(request, answer.headers['character-cost']),
				requestId: answer.requestId,
				mostAtOnce: countIn(answer.headers['maximum-concurrent-requests']),
			};
		},

		async listVoices(signal) {
			const voices: Voice[] = [];
			let token: string | undefined;
			for (let page = 0; page < MOST_PAGES; page++) {
				const { value } = await get('/v2/voices', voicePage, signal, {
					page_size: PAGE_SIZE,
					include_total_count: false,
					next_page_token: token,
				});
				voices.push(...value.voices.map(voiceOf));
				token = value.next_page_token ?? undefined;
				if (!value.has_more || !token) break;
			}
			return voices;
		},

		async voiceSettings(voiceId, signal) {
			const path = `/v1/voices/${encodeURIComponent(voiceId)}/settings`;
			const { value } = await get(path, storedSettings, signal);
			return settingsOf(value);
		},

		async listModels(signal) {
			const { value } = await get('/v1/models', modelList, signal);
			return value.filter((model) => model.can_do_text_to_speech !== false).map(modelOf);
		},
	};
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

function speechBody(request: PartRequest): Record<string, unknown> {
	const facts = speechModel(ID, request.model);
	return {
		text: request.text,
		model_id: request.model,
		voice_settings: {
			stability: request.settings.stability,
			similarity_boost: request.settings.similarity,
			style: request.settings.style,
			use_speaker_boost: request.settings.speakerBoost,
		},
		...(facts?.stitching && request.previousText ? { previous_text: request.previousText } : {}),
		...(facts?.stitching && request.nextText ? { next_text: request.nextText } : {}),
		...(facts?.language_code ? { language_code: request.language.split('-')[0] } : {}),
	};
}

/** Times of the text as it was sent; of the text as it was read out where the former are missing. */
function wordsIn(answer: z.infer<typeof spoken>, language: string): SpokenPart['words'] {
	const times = [answer.alignment, answer.normalized_alignment].find(
		(one) =>
			one &&
			one.characters.length > 0 &&
			one.characters.length === one.character_start_times_seconds.length &&
			one.characters.length === one.character_end_times_seconds.length,
	);
	if (!times) return [];
	return wordsOfCharacters(
		{
			characters: times.characters,
			starts: times.character_start_times_seconds,
			ends: times.character_end_times_seconds,
		},
		language,
	);
}

/**
 * The header counts credits, of which a cheap model takes a part of one for each character; for a model whose part isn't
 * known it says nothing.
 */
function charactersIn(
	request: PartRequest,
	header: string | undefined,
): Pick<SpokenPart, 'basis' | 'characters'> {
	const credits = Number(header || NaN);
	const perCharacter = speechModel(ID, request.model)?.credits_per_character;
	if (!(credits >= 0) || perCharacter === undefined) return { characters: characterCount(request.text), basis: 'estimated' };
	return { characters: Math.round(credits / perCharacter), basis: 'billed' };
}

function countIn(header: string | undefined): number | undefined {
	const count = Number(header || NaN);
	return Number.isInteger(count) && count > 0 ? count : undefined;
}

function voiceOf(voice: z.infer<typeof voicePage>['voices'][number]): Voice {
	const labels = Object.fromEntries(
		Object.entries(voice.labels ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
	);
	const verified = (voice.verified_languages ?? []).map(({ language }) => language);
	return {
		id: voice.voice_id,
		name: voice.name || voice.voice_id,
		category: voice.category ?? '',
		labels,
		languages: [...new Set([...(labels.language ? [labels.language] : []), ...verified])],
		description: voice.description ?? '',
	};
}

function settingsOf(stored: z.infer<typeof storedSettings>): VoiceSettings {
	return {
		stability: stored.stability ?? defaultSettings.stability,
		similarity: stored.similarity_boost ?? defaultSettings.similarity,
		style: stored.style ?? defaultSettings.style,
		speakerBoost: stored.use_speaker_boost ?? defaultSettings.speakerBoost,
	};
}

function modelOf(model: z.infer<typeof modelList>[number]): SpeechModel {
	return {
		id: model.model_id,
		name: model.name || model.model_id,
		maxCharacters: model.maximum_text_length_per_request ?? undefined,
	};
}

function malformed(requestId: string | undefined): YtempireError {
	return new YtempireError('unavailable', 'elevenlabs answered in a form that is not known', {
		provider: ID,
		reason: 'malformed-answer',
		requestId,
		cure: 'Run it again; if it lasts, check the base URL in the credential.',
	});
}
