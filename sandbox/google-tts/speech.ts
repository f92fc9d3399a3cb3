/** POST /v1/text:synthesize, and /v1beta1 with the times of SSML marks. */
import { bill, billedBy } from '../billed';
import type { Handler, ServiceContext } from '../service';
import { parseSsml, SsmlError, type Element } from '../speech/ssml';
import type { Studio } from '../speech/studio';
import { invalid } from './errors';
import { GEMINI_VOICES, VOICES, type GoogleVoice } from './voices';

type Body = Record<string, unknown>;

const MOST_BYTES = 5000;

const FIELDS = ['input', 'voice', 'audioConfig', 'advancedVoiceOptions'];

const ENCODINGS: Record<string, string[]> = {
	LINEAR16: ['-c:a', 'pcm_s16le', '-f', 'wav'],
	MP3: ['-c:a', 'libmp3lame', '-b:a', '32k', '-f', 'mp3'],
	OGG_OPUS: ['-c:a', 'libopus', '-b:a', '48k', '-f', 'ogg'],
};

/** What Google's page on SSML lists. */
const ELEMENTS = new Set(['speak', 'mark', 'break', 'say-as', 'audio', 'p', 's', 'sub', 'prosody', 'emphasis', 'par', 'seq', 'media', 'phoneme', 'voice', 'lang']);

interface Spoken {
	text: string;
	/** Where in the text, in code points. */
	marks: Array<{ name: string; position: number }>;
}

export function synthesize(context: ServiceContext, studio: Studio, beta: boolean): Handler {
	return async (request) => {
		const body = objectOf(await request.json(), 'body');
		const unknown = Object.keys(body).find((name) => !FIELDS.includes(name) && !(beta && name === 'enableTimePointing'));
		if (unknown !== undefined) throw invalid(`Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`);
		const voice = voiceOf(objectOf(body.voice, 'voice'));
		const { encoding, rate } = audioOf(objectOf(body.audioConfig, 'audio_config'));
		const { spoken, characters } = inputOf(objectOf(body.input, 'input'), voice);
		const output = ['-ar', rate, ...encoding];
		const { audio, alignment } = await studio.record(
			{ text: spoken.text, voice, speed: 1, seed: context.seed, skipTags: false, format: output.join(' ') },
			output,
		);
		const id = context.random(`request:${billedBy(context).size + 1}`).id(20);
		bill(context, { id, model: kindOf(voice), units: { characters } });
		const wanted = beta && Array.isArray(body.enableTimePointing) && body.enableTimePointing.includes('SSML_MARK');
		const starts = alignment.character_start_times_seconds;
		const end = alignment.character_end_times_seconds.at(-1) ?? 0;
		return {
			status: 200,
			body: {
				audioContent: audio.toString('base64'),
				...(beta
					? {
							timepoints: wanted
								? spoken.marks.map(({ name, position }) => ({ markName: name, timeSeconds: starts[position] ?? end }))
								: [],
							audioConfig: objectOf(body.audioConfig, 'audio_config'),
						}
					: {}),
			},
		};
	};
}

function objectOf(value: unknown, name: string): Body {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
	throw invalid(`Request contains an invalid argument: ${name}.`);
}

function voiceOf({ name, languageCode }: Body): GoogleVoice {
	if (GEMINI_VOICES.some((gemini) => gemini.name === name)) throw invalid('This voice requires a model name to be specified.');
	const voice = VOICES.find(({ id }) => id === name);
	if (!voice) throw invalid(`Voice '${String(name)}' does not exist. Is it misspelled?`);
	if (languageCode !== voice.locale) {
		throw invalid(`Requested language code '${String(languageCode)}' doesn't match the voice '${voice.id}''s language code '${voice.locale}'.`);
	}
	return voice;
}

function audioOf({ audioEncoding, sampleRateHertz = 24_000 }: Body): { encoding: string[]; rate: string } {
	const encoding = ENCODINGS[String(audioEncoding)];
	if (!encoding) throw invalid('Request contains an invalid argument: audio_config.audio_encoding.');
	return { encoding, rate: String(Number(sampleRateHertz)) };
}

function inputOf({ text, ssml, ...rest }: Body, voice: GoogleVoice): { spoken: Spoken; characters: number } {
	const sent = text ?? ssml;
	if (typeof sent !== 'string' || (text !== undefined && ssml !== undefined) || Object.keys(rest).length > 0) {
		throw invalid('Request contains an invalid argument: input.');
	}
	if (Buffer.byteLength(sent) > MOST_BYTES) {
		throw invalid(
			'Either `input.text` or `input.ssml` is longer than the limit of 5000 bytes. This limit is different from quotas. To fix, reduce the byte length of the characters in this request, or consider using the Long Audio API: https://cloud.google.com/text-to-speech/docs/create-audio-text-long-audio-synthesis.',
		);
	}
	if (ssml === undefined) return { spoken: { text: sent, marks: [] }, characters: [...sent].length };
	if (!takesSsml(voice)) throw invalid('This voice currently does not support SSML input. Please try again with text only input.');
	try {
		const root = parseSsml(sent);
		if (root.name !== 'speak') throw new SsmlError('no speak');
		const spoken: Spoken = { text: '', marks: [] };
		collect(root, spoken);
		// every tag counts but marks
		return { spoken, characters: [...sent.replace(/<mark\b[^>]*>/g, '')].length };
	} catch (error) {
		if (error instanceof SsmlError) throw invalid('Invalid SSML. Newer voices like Neural2 require valid SSML.');
		throw error;
	}
}

function collect(element: Element, spoken: Spoken): void {
	if (!ELEMENTS.has(element.name)) throw new SsmlError(`unknown element ${element.name}`);
	if (element.name === 'mark') spoken.marks.push({ name: element.attributes.name ?? '', position: [...spoken.text].length });
	for (const child of element.children) {
		if (typeof child === 'string') spoken.text += child;
		else collect(child, spoken);
	}
}

function takesSsml(voice: GoogleVoice): boolean {
	return kindOf(voice) !== 'chirp3-hd';
}

function kindOf({ id, locale }: GoogleVoice): string {
	return id.slice(locale.length + 1).toLowerCase().replace(/-[a-z]+$/, '');
}
