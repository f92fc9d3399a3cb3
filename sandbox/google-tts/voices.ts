/** Google's voices, a few of each language and kind. */
import { ESPEAK_BY_LOCALE, variantOf } from '../speech/locales';
import type { StandIn } from '../speech/studio';

export interface GoogleVoice extends StandIn {
	locale: string;
	gender: 'FEMALE' | 'MALE';
}

type Names = [women: string[], men: string[]];

/** Chirp voices have the same names in every language. */
const CHIRP: Names = [['Chirp3-HD-Kore', 'Chirp3-HD-Aoede'], ['Chirp3-HD-Charon', 'Chirp3-HD-Puck']];

const OTHERS: Record<string, Names> = {
	'en-US': [['Neural2-C', 'Neural2-F', 'Wavenet-F', 'Standard-C', 'Studio-O'], ['Neural2-D', 'Neural2-J', 'Wavenet-D', 'Standard-D', 'Studio-Q']],
	'en-GB': [['Neural2-A'], ['Neural2-B']],
	'de-DE': [['Neural2-G'], ['Neural2-H']],
	'es-ES': [['Neural2-A'], ['Neural2-F']],
	'fr-FR': [['Neural2-F'], ['Neural2-G']],
	'it-IT': [['Neural2-E'], ['Neural2-F']],
	'pt-BR': [['Neural2-C'], ['Neural2-B']],
	'nl-NL': [['Wavenet-F'], ['Wavenet-G']],
	'pl-PL': [['Wavenet-F'], ['Wavenet-G']],
	'sv-SE': [['Wavenet-A'], ['Wavenet-C']],
	'tr-TR': [['Wavenet-A'], ['Wavenet-B']],
	'ru-RU': [['Wavenet-A'], ['Wavenet-B']],
	'ar-XA': [['Wavenet-A'], ['Wavenet-B']],
	'he-IL': [['Wavenet-A'], ['Wavenet-B']],
	'hi-IN': [['Neural2-A'], ['Neural2-B']],
	'ja-JP': [['Neural2-B'], ['Neural2-C']],
	'ko-KR': [['Neural2-A'], ['Neural2-C']],
	'cmn-CN': [['Wavenet-A'], ['Wavenet-B']],
	'th-TH': [['Neural2-C'], []],
};

export const VOICES: GoogleVoice[] = Object.entries(OTHERS).flatMap(([locale, [women, men]]) => [
	...[...women, ...CHIRP[0]].map((name, number) => voice(locale, 'FEMALE', name, number)),
	...[...men, ...CHIRP[1]].map((name, number) => voice(locale, 'MALE', name, number)),
]);

function voice(locale: string, gender: GoogleVoice['gender'], name: string, number: number): GoogleVoice {
	return {
		id: `${locale}-${name}`,
		locale,
		gender,
		accent: ESPEAK_BY_LOCALE[locale] ?? 'en-us',
		...variantOf(gender === 'FEMALE' ? 'Female' : 'Male', number),
	};
}

/** Of Gemini's models: in the list without a locale, and not to be spoken by a name alone. */
const GEMINI: Array<[name: string, gender: GoogleVoice['gender']]> = [['Achernar', 'FEMALE'], ['Charon', 'MALE']];

export const GEMINI_VOICES = GEMINI.map(([name, ssmlGender]) => ({ languageCodes: ['en-US'], name, ssmlGender, naturalSampleRateHertz: 24_000 }));

export function describe({ id, locale, gender }: GoogleVoice) {
	return { languageCodes: [locale], name: id, ssmlGender: gender, naturalSampleRateHertz: 24_000 };
}
