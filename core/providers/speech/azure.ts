/** Speech by Azure, over its REST service: SSML in, sound out, no word times. */
import { writeFile } from 'node:fs/promises';

import { invalidRequest, YtempireError } from '../../errors';
import { httpRequest } from '../../http';
import { characterCount } from '../../text';
import { writeAside } from '../../video/ffmpeg';
import { z } from '../../vendor/zod';

import { readAzureVerdict } from './azure-errors';
import { defaultSpeechModel, speechModel, speechModels } from './models';
import type { PartRequest, SpeechConnection, SpeechProvider, StoredSettings, Voice } from './speech';
import { escapeSsml, xmlText } from './ssml';

const ID = 'azure-speech';

/** The first part is the region of the Speech resource. */
export const AZURE_SPEECH_BASE_URL = 'https://eastus.tts.speech.microsoft.com';

/** The best MP3 that it offers. */
const OUTPUT_FORMAT = 'audio-48khz-192kbitrate-mono-mp3';
/** Azure wants one, shorter than 255 characters. */
const USER_AGENT = 'n8n-nodes-ytempire';
const DEFAULT_TIMEOUT_MS = 180_000;
const LIST_TIMEOUT_MS = 30_000;
/** Ten minutes of such MP3 are 14.4 MB. */
const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024;
const LEAST_CHARACTERS = 2000;

const voiceList = z.array(
	z.object({
		ShortName: z.string(),
		DisplayName: z.string().nullish(),
		Gender: z.string().nullish(),
		Locale: z.string(),
		VoiceType: z.string().nullish(),
		Status: z.string().nullish(),
		StyleList: z.array(z.string()).nullish(),
		SecondaryLocaleList: z.array(z.string()).nullish(),
		SampleRateHertz: z.string().nullish(),
		WordsPerMinute: z.string().nullish(),
		VoiceTag: z.record(z.string(), z.unknown()).nullish(),
	}),
);

type ListedVoice = z.infer<typeof voiceList>[number];

export function createAzureSpeech(connection: SpeechConnection): SpeechProvider {
	const { apiKey, timeoutMs = DEFAULT_TIMEOUT_MS } = connection;
	const baseUrl = (connection.baseUrl || AZURE_SPEECH_BASE_URL).replace(/\/+$/, '');
	const shared = { provider: ID, readVerdict: readAzureVerdict };
	const headers = { 'Ocp-Apim-Subscription-Key': apiKey, 'User-Agent': USER_AGENT };

	async function listed(signal?: AbortSignal): Promise<ListedVoice[]> {
		const answer = await httpRequest({
			...shared,
			method: 'GET',
			url: `${baseUrl}/cognitiveservices/voices/list`,
			headers,
			timeoutMs: LIST_TIMEOUT_MS,
			signal,
		});
		const parsed = voiceList.safeParse(answer.body);
		if (!parsed.success) throw malformed(answer.requestId);
		return parsed.data;
	}

	return {
		id: ID,
		defaultModel: defaultSpeechModel(ID),
		audioExtension: '.mp3',

		limitOf: ({ model }) => ({
			most: speechModel(ID, model)?.max_characters ?? LEAST_CHARACTERS,
			unit: 'characters',
			sizeOf: characterCount,
		}),
		stitches: () => false,
		modelOf: (voiceId) => (/HD/.test(voiceId.split(':')[1] ?? '') ? 'neural-hd' : 'neural'),
		charactersOf: ({ text }) => billedCharacters(xmlText(text)),

		async speakPart(request) {
			const answer = await httpRequest({
				...shared,
				method: 'POST',
				url: `${baseUrl}/cognitiveservices/v1`,
				headers: { ...headers, 'Content-Type': 'application/ssml+xml', 'X-Microsoft-OutputFormat': OUTPUT_FORMAT },
				body: ssmlOf(request),
				responseType: 'buffer',
				maxResponseBytes: LARGEST_ANSWER_BYTES,
				timeoutMs,
				signal: request.signal,
			});
			const isSound = (answer.headers['content-type'] ?? '').startsWith('audio/');
			if (!isSound || answer.body.length === 0) throw malformed(answer.requestId);
			await writeAside(request.audioPath, (path) => writeFile(path, answer.body));
			return {
				audioPath: request.audioPath,
				words: [],
				characters: billedCharacters(xmlText(request.text)),
				basis: 'estimated',
				requestId: answer.requestId ?? answer.headers['x-requestid'],
			};
		},

		async listVoices(signal) {
			return (await listed(signal)).map(voiceOf);
		},

		async voiceSettings(voiceId, signal) {
			const voice = (await listed(signal)).find(({ ShortName }) => ShortName === voiceId);
			if (!voice) {
				throw invalidRequest(`${ID} has no voice ${voiceId} in this region`, {
					provider: ID,
					reason: 'unsupported-voice',
					cure: 'Choose a voice that the region has: the list in the node shows them.',
				});
			}
			return settingsOf(voice);
		},

		async listModels() {
			const models = speechModels(ID).map(({ id, max_characters: maxCharacters }) => ({ id, name: id, maxCharacters }));
			return await Promise.resolve(models);
		},
	};
}

function ssmlOf({ text, voiceId, language }: PartRequest): string {
	return (
		`<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="${escapeSsml(localeOf(voiceId) ?? language)}">` +
		`<voice name="${escapeSsml(voiceId)}">${escapeSsml(text)}</voice></speak>`
	);
}

/** `de-DE` of `de-DE-KatjaNeural`, `zh-CN-liaoning` of its dialect's. */
function localeOf(voiceId: string): string | undefined {
	return /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?-[A-Z]{2}/.exec(voiceId)?.[0];
}

/**
 * By Azure's rule every code point counts, Chinese characters (also in Japanese and Korean) twice; `speak` and `voice`
 * don't. Source: learn.microsoft.com, speech-service/text-to-speech, "Billable characters".
 */
function billedCharacters(text: string): number {
	return characterCount(text) + [...text.matchAll(/\p{Script=Han}/gu)].length;
}

function voiceOf(voice: ListedVoice): Voice {
	const tags = Object.values(voice.VoiceTag ?? {}).flat();
	const manner = [...(voice.StyleList ?? []), ...tags.filter((tag): tag is string => typeof tag === 'string')];
	return {
		id: voice.ShortName,
		name: voice.DisplayName ? `${voice.DisplayName} (${voice.Locale})` : voice.ShortName,
		category: voice.VoiceType ?? '',
		labels: {
			...(voice.Gender ? { gender: voice.Gender.toLowerCase() } : {}),
			language: voice.Locale,
			...(manner.length > 0 ? { descriptive: manner.join(', ').toLowerCase() } : {}),
		},
		languages: [voice.Locale, ...(voice.SecondaryLocaleList ?? [])],
		description: '',
		...(voice.Status === 'Deprecated' ? { deprecated: true } : {}),
	};
}

function settingsOf(voice: ListedVoice): StoredSettings {
	const sampleRateHz = Number(voice.SampleRateHertz || NaN);
	const wordsPerMinute = Number(voice.WordsPerMinute || NaN);
	return {
		...(Number.isFinite(sampleRateHz) ? { sampleRateHz } : {}),
		...(Number.isFinite(wordsPerMinute) ? { wordsPerMinute } : {}),
		...(voice.StyleList ? { styles: voice.StyleList } : {}),
	};
}

/** Also an empty answer: it comes when the voice knows no letter of the text. */
function malformed(requestId: string | undefined): YtempireError {
	return new YtempireError('unavailable', `${ID} answered without sound, or in a form that is not known`, {
		provider: ID,
		reason: 'malformed-answer',
		requestId,
		cure: "Choose a voice of the text's language; if that is so, check the base URL in the credential.",
	});
}
