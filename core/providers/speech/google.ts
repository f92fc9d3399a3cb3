/** Speech by Google Cloud Text-to-Speech: SSML with a mark before each word where the voice reads it, else plain text. */
import { writeFile } from 'node:fs/promises';

import type { Word } from '../../documents';
import { invalidRequest, YtempireError } from '../../errors';
import { httpRequest } from '../../http';
import { characterCount, languageTag } from '../../text';
import { writeAside } from '../../video/ffmpeg';
import { z } from '../../vendor/zod';

import { readGoogleVerdict } from './google-errors';
import { serviceAccountToken } from './google-token';
import { defaultSpeechModel, speechModel, speechModels } from './models';
import type { PartRequest, SpeechConnection, SpeechProvider, Voice } from './speech';
import { escapeSsml } from './ssml';
import { placedWords } from './words';
import type { PlacedWord } from './words';

const ID = 'google-tts';

export const GOOGLE_TTS_BASE_URL = 'https://texttospeech.googleapis.com';

/** Better than its MP3, which has 32 kbit/s. */
const AUDIO_ENCODING = 'OGG_OPUS';
const DEFAULT_TIMEOUT_MS = 180_000;
const LIST_TIMEOUT_MS = 30_000;
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;
const MOST_BYTES = 5000;
/** With fewer of the marks told, the sound itself tells more. */
const ENOUGH_MARKS = 0.5;

const synthesized = z.object({
	audioContent: z.string().min(1),
	timepoints: z.array(z.object({ markName: z.string().nullish(), timeSeconds: z.number().nullish() })).nullish(),
});

const voiceList = z.object({
	voices: z
		.array(
			z.object({
				name: z.string(),
				languageCodes: z.array(z.string()).nullish(),
				ssmlGender: z.string().nullish(),
				naturalSampleRateHertz: z.number().nullish(),
			}),
		)
		.nullish(),
});

type ListedVoice = NonNullable<z.infer<typeof voiceList>['voices']>[number];

export function createGoogleTts(connection: SpeechConnection): SpeechProvider {
	const { apiKey, serviceAccount, timeoutMs = DEFAULT_TIMEOUT_MS } = connection;
	const baseUrl = (connection.baseUrl || GOOGLE_TTS_BASE_URL).replace(/\/+$/, '');
	let token: ReturnType<typeof serviceAccountToken> | undefined;
	async function headers(signal?: AbortSignal): Promise<Record<string, string>> {
		if (!serviceAccount) return { 'x-goog-api-key': apiKey };
		token ??= serviceAccountToken(ID, serviceAccount());
		return { Authorization: `Bearer ${await token(signal)}` };
	}

	async function listed(signal?: AbortSignal): Promise<ListedVoice[]> {
		const answer = await httpRequest({
			method: 'GET',
			url: `${baseUrl}/v1/voices`,
			headers: await headers(signal),
			provider: ID,
			readVerdict: readGoogleVerdict,
			timeoutMs: LIST_TIMEOUT_MS,
			signal,
		});
		const parsed = voiceList.safeParse(answer.body);
		if (!parsed.success) throw malformed(answer.requestId);
		return parsed.data.voices ?? [];
	}

	return {
		id: ID,
		defaultModel: defaultSpeechModel(ID),
		audioExtension: '.ogg',

		limitOf: ({ model, language }) => ({
			most: speechModel(ID, model)?.max_bytes ?? MOST_BYTES,
			unit: 'bytes',
			sizeOf: (text) => Buffer.byteLength(inputOf(text, model, language).sent),
		}),
		stitches: () => false,
		modelOf: modelOfVoice,
		charactersOf: ({ text, voiceId, language }) => billedCharacters(inputOf(text, modelOfVoice(voiceId), language)),

		async speakPart(request) {
			// the voice decides what it reads, whatever was named
			const { sent, isSsml, marked } = inputOf(request.text, modelOfVoice(request.voiceId), request.language);
			const answer = await httpRequest({
				method: 'POST',
				url: `${baseUrl}/v1beta1/text:synthesize`,
				headers: await headers(request.signal),
				body: {
					input: isSsml ? { ssml: sent } : { text: sent },
					voice: { languageCode: localeOf(request), name: request.voiceId },
					audioConfig: { audioEncoding: AUDIO_ENCODING },
					...(isSsml ? { enableTimePointing: ['SSML_MARK'] } : {}),
				},
				provider: ID,
				readVerdict: readGoogleVerdict,
				maxResponseBytes: LARGEST_ANSWER_BYTES,
				timeoutMs,
				signal: request.signal,
			});
			const parsed = synthesized.safeParse(answer.body);
			const audio = Buffer.from(parsed.data?.audioContent ?? '', 'base64');
			if (!parsed.success || audio.length === 0) throw malformed(answer.requestId);
			await writeAside(request.audioPath, (path) => writeFile(path, audio));
			return {
				audioPath: request.audioPath,
				words: wordsAt(marked, parsed.data.timepoints ?? []),
				characters: billedCharacters({ sent }),
				basis: 'estimated',
				requestId: answer.requestId,
			};
		},

		async listVoices(signal) {
			return (await listed(signal)).filter(({ name }) => LOCALE.test(name)).map(voiceOf);
		},

		async voiceSettings(voiceId, signal) {
			const voice = (await listed(signal)).find(({ name }) => name === voiceId);
			if (!voice) {
				throw invalidRequest(`${ID} has no voice ${voiceId}`, {
					provider: ID,
					reason: 'voice-not-found',
					elsewhere: true,
					cure: 'Choose a voice that the list in the node shows.',
				});
			}
			return voice.naturalSampleRateHertz ? { sampleRateHz: voice.naturalSampleRateHertz } : {};
		},

		async listModels() {
			const models = speechModels(ID).map(({ id, max_bytes: most }) => ({ id, name: id, maxCharacters: most }));
			return await Promise.resolve(models);
		},
	};
}

/** By Google's rule all tags of SSML are billed but marks. Source: cloud.google.com/text-to-speech/pricing. */
function billedCharacters({ sent }: Pick<Input, 'sent'>): number {
	return characterCount(sent.replace(MARKS, ''));
}

const MARKS = /<mark name="\d+"\/>/g;

interface Input {
	/** Text or SSML, as it goes out. */
	sent: string;
	isSsml: boolean;
	marked: PlacedWord[];
}

function inputOf(text: string, model: string, language: string): Input {
	if (!speechModel(ID, model)?.ssml) return { sent: text, isSsml: false, marked: [] };
	const marked = placedWords(text, language);
	let sent = '<speak>';
	let from = 0;
	for (const [index, word] of marked.entries()) {
		sent += `${escapeSsml(text.slice(from, word.from))}<mark name="${index}"/>${escapeSsml(word.text)}`;
		from = word.from + word.text.length;
	}
	return { sent: `${sent}${escapeSsml(text.slice(from))}</speak>`, isSsml: true, marked };
}

/** A mark says when its word begins; the word lasts until the next one, and the last one as long as it was left open. */
function wordsAt(marked: readonly PlacedWord[], points: NonNullable<z.infer<typeof synthesized>['timepoints']>): Word[] {
	const starts: Array<number | undefined> = marked.map(() => undefined);
	for (const { markName, timeSeconds } of points) {
		const index = Number(markName ?? NaN);
		// a point without seconds is at the beginning
		if (index in starts) starts[index] = timeSeconds ?? 0;
	}
	const told = starts.filter((start) => start !== undefined).length;
	if (told === 0 || told < marked.length * ENOUGH_MARKS) return [];
	const filled = filledStarts(starts, marked);
	return marked.map(({ text }, index) => {
		const start_s = filled[index] ?? 0;
		return { text, start_s, end_s: Math.max(start_s, filled[index + 1] ?? start_s + text.length * SECONDS_PER_LETTER) };
	});
}

const SECONDS_PER_LETTER = 0.07;

/** Some voices tell not every mark: what is missing is spread between its neighbours by letters. */
function filledStarts(starts: ReadonlyArray<number | undefined>, marked: readonly PlacedWord[]): number[] {
	const filled: number[] = [];
	for (const [index, start] of starts.entries()) {
		const before = filled.at(-1) ?? 0;
		if (start !== undefined) {
			filled.push(Math.max(before, start));
			continue;
		}
		const next = starts.findIndex((one, place) => place > index && one !== undefined);
		const letters = (from: number, to: number) => marked.slice(from, to).reduce((sum, { text }) => sum + text.length, 0);
		const own = index === 0 ? 0 : letters(index - 1, index);
		const until = next < 0 ? undefined : starts[next];
		const span = until === undefined ? own * SECONDS_PER_LETTER : ((until - before) * own) / Math.max(1, letters(Math.max(0, index - 1), next));
		filled.push(before + Math.max(0, span));
	}
	return filled;
}

/**
 * Voices that a name alone is enough for begin with their locale. Those without one (`Charon`) belong to Gemini's models,
 * which must be named beside them. Seen in public reports on `voices.list`, 2025-12.
 */
const LOCALE = /^[a-z]{2,3}-[A-Z]{2}(?=-)/;

/** `neural2` of `en-US-Neural2-F`, `chirp3-hd` of `en-US-Chirp3-HD-Kore`. */
function modelOfVoice(voiceId: string): string {
	const kind = /^[a-z]{2,3}-[A-Z]{2}-(.+)-[^-]+$/.exec(voiceId)?.[1];
	return kind?.toLowerCase() ?? defaultSpeechModel(ID);
}

/** The voice must be asked for in its own language. */
function localeOf({ voiceId, language }: PartRequest): string {
	return LOCALE.exec(voiceId)?.[0] ?? language;
}

function voiceOf({ name, languageCodes, ssmlGender }: ListedVoice): Voice {
	const languages = (languageCodes ?? []).map((code) => languageTag(code) ?? code);
	const gender = (ssmlGender ?? '').toLowerCase();
	return {
		id: name,
		name,
		category: modelOfVoice(name),
		labels: {
			...(gender === 'female' || gender === 'male' || gender === 'neutral' ? { gender } : {}),
			...(languages[0] ? { language: languages[0] } : {}),
		},
		languages,
		description: '',
	};
}

function malformed(requestId: string | undefined): YtempireError {
	return new YtempireError('unavailable', `${ID} answered in a form that is not known`, {
		provider: ID,
		reason: 'malformed-answer',
		requestId,
		cure: 'Run it again; if it lasts, check the base URL in the credential.',
	});
}
