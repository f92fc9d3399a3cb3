/** Speaks and keeps what it has spoken, so that the same words are only made once. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { align, type Alignment } from './alignment';
import { encode } from './encode';
import { speak, type Utterance } from './espeak';

/** How eSpeak stands for a voice of a service. */
export interface StandIn {
	id: string;
	/** eSpeak's language, where the text doesn't say another, e.g. `en-us`. */
	accent: string;
	/** eSpeak's variant, e.g. `f2`. */
	variant: string;
	/** 0 to 99. */
	pitch: number;
}

export interface Speech {
	audio: Buffer;
	alignment: Alignment;
}

export interface Asked {
	text: string;
	voice: StandIn;
	/** 1 is about 150 words a minute. */
	speed: number;
	/** Varies the pitch a little, as another take does. */
	seed: number;
	/** ISO 639-1, when the request names one. */
	language?: string;
	/** Directions such as `[laughs]` are not spoken. */
	skipTags: boolean;
	format: string;
}

/** eSpeak's voice by script, where the text is not in Latin letters. */
const VOICE_BY_SCRIPT: Array<[RegExp, string]> = [
	[/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
	[/\p{Script=Han}/u, 'cmn'],
	[/\p{Script=Hangul}/u, 'ko'],
	[/\p{Script=Cyrillic}/u, 'ru'],
	[/\p{Script=Arabic}/u, 'ar'],
	[/\p{Script=Hebrew}/u, 'he'],
	[/\p{Script=Devanagari}/u, 'hi'],
	[/\p{Script=Greek}/u, 'el'],
	[/\p{Script=Thai}/u, 'th'],
];

const LATIN_LANGUAGES = new Set(['de', 'es', 'fr', 'it', 'pt', 'nl', 'pl', 'sv', 'da', 'fi', 'tr', 'cs', 'hu', 'ro', 'id', 'vi']);

function languageOf({ text, voice, language }: Asked): string {
	if (language !== undefined && LATIN_LANGUAGES.has(language)) return language;
	return VOICE_BY_SCRIPT.find(([script]) => script.test(text))?.[1] ?? voice.accent;
}

/** Markup is not spoken; every character keeps its place. */
function speakable(text: string, skipTags: boolean): string {
	const blank = (found: string) => ' '.repeat([...found].length);
	const plain = text.replace(/<[^<>]*>/g, blank).replace(/[<>&\p{Cc}]/gu, ' ');
	return skipTags ? plain.replace(/\[[^[\]]*\]/g, blank) : plain;
}

export class Studio {
	private readonly underWay = new Map<string, Promise<Speech>>();

	constructor(private readonly folder: string) {}

	/** @param output ffmpeg's options of the file */
	record(asked: Asked, output: string[]): Promise<Speech> {
		const { text, voice, speed, seed, format: name } = asked;
		const key = createHash('sha256')
			.update(JSON.stringify([text, voice.id, speed, seed, languageOf(asked), asked.skipTags, name]))
			.digest('hex')
			.slice(0, 32);
		const running = this.underWay.get(key) ?? this.kept(key, asked, output).finally(() => this.underWay.delete(key));
		this.underWay.set(key, running);
		return running;
	}

	private async kept(key: string, asked: Asked, output: string[]): Promise<Speech> {
		const audioPath = join(this.folder, `${key}.audio`);
		const alignmentPath = join(this.folder, `${key}.json`);
		try {
			const [audio, alignment] = await Promise.all([readFile(audioPath), readFile(alignmentPath, 'utf8')]);
			return { audio, alignment: JSON.parse(alignment) as Alignment };
		} catch {
			const speech = await this.make(asked, output);
			await mkdir(this.folder, { recursive: true });
			await writeWhole(alignmentPath, JSON.stringify(speech.alignment));
			await writeWhole(audioPath, speech.audio);
			return speech;
		}
	}

	private async make(asked: Asked, output: string[]): Promise<Speech> {
		const { text, voice, speed, seed } = asked;
		const utterance: Utterance = await speak(speakable(text, asked.skipTags), {
			voice: `${languageOf(asked)}+${voice.variant}`,
			speed,
			pitch: voice.pitch + (seed % 7) - 3,
		});
		const audio = await encode(utterance.samples, utterance.sampleRate, output);
		return { audio, alignment: align(text, utterance) };
	}
}

async function writeWhole(path: string, content: string | Buffer): Promise<void> {
	await writeFile(`${path}.part`, content);
	await rename(`${path}.part`, path);
}
