/** Chooses one of the account's voices by style and language; no voice is written into the code. */
import type { Clock } from '../../clock';
import { systemClock } from '../../clock';
import { invalidRequest } from '../../errors';

import type { Voice, VoiceSettings } from './speech';
import table from './voices.json';

interface StyleWords {
	manner: string[];
	use: string[];
}

export type Gender = 'female' | 'male';

export interface VoiceWish {
	style: string;
	/** BCP 47. */
	language: string;
	/** Any when left out. */
	gender?: Gender;
	/** Of the provider; its voices come first where the voice decides the model. */
	model?: string;
}

/** By language, style (or `any`) and gender. */
type Preferred = Record<string, Record<string, Partial<Record<Gender, string>> | undefined> | undefined>;

const styles = table.styles as Record<string, StyleWords | undefined>;
const preferred = table.voices as Record<string, Preferred | undefined>;
const retired = table.retired_categories as Record<string, Record<string, string> | undefined>;

export const defaultSettings: Readonly<VoiceSettings> = table.settings;

export interface Choice {
	voice: Voice;
	warnings: string[];
}

/** What a voice's labels say. */
export function genderOf(voice: Voice): Gender | undefined {
	const gender = voice.labels.gender?.toLowerCase();
	return gender === 'female' || gender === 'male' ? gender : undefined;
}

/**
 * The wish that finds a voice as near as another provider has one: the same gender, and the language that is spoken.
 * @param voice the voice that can't speak now; undefined when it isn't known
 */
export function wishLike(voice: Voice | undefined, wish: VoiceWish): VoiceWish {
	return { ...wish, gender: (voice && genderOf(voice)) ?? wish.gender };
}

/**
 * The voice that speaks the language, is of the gender and fits the style best; equal ones by name, so that the same
 * account gives the same voice each time.
 * @throws YtempireError `invalid-request` when the account has no voice
 */
export function chooseVoice(
	provider: string,
	voices: readonly Voice[],
	wish: VoiceWish,
	clock: Clock = systemClock,
): Choice {
	const ranked = voices
		.map((voice) => ({ voice, score: scoreOf(provider, voice, wish) - (isRetiring(provider, voice) ? 1 : 0) }))
		.sort((a, b) => b.score - a.score || compare(a.voice.name, b.voice.name) || compare(a.voice.id, b.voice.id));
	const voice = ranked[0]?.voice;
	if (!voice) {
		throw invalidRequest(`The ${provider} account has no voice`, {
			provider,
			reason: 'no-voice',
			elsewhere: true,
			cure: "Add a voice to the account from the provider's voice library, or name a voice ID.",
		});
	}
	return { voice, warnings: warningsOf(provider, voice, wish, clock) };
}

/** Language before gender, gender before style. */
const LANGUAGE_POINTS = 64;
const GENDER_POINTS = 24;
/** Written for the language's own country. */
const REGION_POINTS = 3;
const MODEL_POINTS = 12;
const PREFERRED_POINTS = 8;
const MANNER_POINTS = 4;
const USE_POINTS = 2;

function scoreOf(provider: string, voice: Voice, wish: VoiceWish): number {
	const words = styles[wish.style];
	const said = [...Object.values(voice.labels), voice.description].join(' ').toLowerCase();
	const has = (list: readonly string[] = []) => list.some((word) => said.includes(word));
	const gender = genderOf(voice);
	const points: Array<[applies: boolean, points: number]> = [
		[wish.gender !== undefined && gender === wish.gender, GENDER_POINTS],
		[wish.gender !== undefined && gender !== undefined && gender !== wish.gender, -GENDER_POINTS],
		[voice.languages[0]?.toLowerCase() === wish.language.toLowerCase(), REGION_POINTS],
		[wish.model !== undefined && voice.category === wish.model, MODEL_POINTS],
		[isPreferred(provider, voice, wish), PREFERRED_POINTS],
		[has(words?.manner), MANNER_POINTS],
		[has(words?.use), USE_POINTS],
	];
	return points.reduce((sum, [applies, some]) => sum + (applies ? some : 0), languageFit(voice, wish.language) * LANGUAGE_POINTS);
}

/** By the table: that of the style, else that of any style. */
function isPreferred(provider: string, voice: Voice, wish: VoiceWish): boolean {
	const ofLanguage = preferred[provider]?.[wish.language] ?? preferred[provider]?.[primary(wish.language)];
	const names = ofLanguage?.[wish.style] ?? ofLanguage?.any;
	return Object.values(names ?? {}).includes(voice.id);
}

/** 1: it is made for the language; 0: not told; -1: made for others. */
function languageFit(voice: Voice, language: string): -1 | 0 | 1 {
	if (voice.languages.length === 0) return 0;
	return voice.languages.some((one) => primary(one) === primary(language)) ? 1 : -1;
}

function primary(tag: string): string {
	return tag.split(/[-_]/)[0]?.toLowerCase() ?? '';
}

function isRetiring(provider: string, voice: Voice): boolean {
	return voice.deprecated === true || retired[provider]?.[voice.category] !== undefined;
}

function warningsOf(provider: string, voice: Voice, { language, gender }: VoiceWish, clock: Clock): string[] {
	const warnings: string[] = [];
	if (languageFit(voice, language) < 0) {
		warnings.push(`No voice of the account is made for ${language}; ${voice.name} speaks it`);
	}
	const spoken = genderOf(voice);
	if (gender && spoken && gender !== spoken) {
		warnings.push(`No ${gender} voice of the account speaks ${language}; ${voice.name} is ${spoken}`);
	}
	if (voice.deprecated) warnings.push(`${voice.name} is deprecated: ${provider} will remove it`);
	const end = retired[provider]?.[voice.category];
	if (end) {
		const was = Date.parse(end) <= clock.now() ? 'were removed' : 'will be removed';
		warnings.push(`${voice.name} is one of the ${voice.category} voices, which ${was} on ${end}: add another to the account`);
	}
	return warnings;
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
