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

const styles = table.styles as Record<string, StyleWords | undefined>;
const retired = table.retired_categories as Record<string, Record<string, string> | undefined>;

export const defaultSettings: Readonly<VoiceSettings> = table.settings;

export interface Choice {
	voice: Voice;
	warnings: string[];
}

/**
 * The voice that speaks the language and fits the style best; equal ones by name, so that the same
 * account gives the same voice each time.
 * @throws YtempireError `invalid-request` when the account has no voice
 */
export function chooseVoice(
	provider: string,
	voices: readonly Voice[],
	wish: { style: string; language: string },
	clock: Clock = systemClock,
): Choice {
	const ranked = voices
		.map((voice) => ({ voice, score: scoreOf(voice, wish) - (isRetiring(provider, voice) ? 1 : 0) }))
		.sort((a, b) => b.score - a.score || compare(a.voice.name, b.voice.name) || compare(a.voice.id, b.voice.id));
	const voice = ranked[0]?.voice;
	if (!voice) {
		throw invalidRequest(`The ${provider} account has no voice`, {
			provider,
			reason: 'no-voice',
			cure: "Add a voice to the account from the provider's voice library, or name a voice ID.",
		});
	}
	return { voice, warnings: warningsOf(provider, voice, wish.language, clock) };
}

const LANGUAGE_POINTS = 8;
const MANNER_POINTS = 4;
const USE_POINTS = 2;

function scoreOf(voice: Voice, wish: { style: string; language: string }): number {
	const words = styles[wish.style];
	const said = [...Object.values(voice.labels), voice.description].join(' ').toLowerCase();
	const has = (list: readonly string[] = []) => list.some((word) => said.includes(word));
	const speaks = languageFit(voice, wish.language);
	return speaks * LANGUAGE_POINTS + (has(words?.manner) ? MANNER_POINTS : 0) + (has(words?.use) ? USE_POINTS : 0);
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
	return retired[provider]?.[voice.category] !== undefined;
}

function warningsOf(provider: string, voice: Voice, language: string, clock: Clock): string[] {
	const warnings: string[] = [];
	if (languageFit(voice, language) < 0) {
		warnings.push(`No voice of the account is made for ${language}; ${voice.name} speaks it`);
	}
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
