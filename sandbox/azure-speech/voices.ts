/** Azure's voices, a few of each language, as its list describes them. */
import { ESPEAK_BY_LOCALE, variantOf } from '../speech/locales';
import type { StandIn } from '../speech/studio';

export interface AzureVoice extends StandIn {
	locale: string;
	gender: 'Female' | 'Male';
	styles: string[];
	/** Of a multilingual voice. */
	otherLocales: string[];
	status: 'Deprecated' | 'GA';
}

const WOMEN_AND_MEN: Record<string, [women: string[], men: string[]]> = {
	'en-US': [['AvaMultilingual', 'Jenny', 'Aria', 'Jane', 'Ava:DragonHDLatest'], ['AndrewMultilingual', 'Guy', 'Davis', 'Tony', 'Andrew:DragonHDLatest']],
	'en-GB': [['Sonia'], ['Ryan']],
	'de-DE': [['Katja'], ['Conrad']],
	'es-ES': [['Elvira'], ['Alvaro']],
	'es-MX': [['Dalia'], ['Jorge']],
	'fr-FR': [['Denise'], ['Henri']],
	'it-IT': [['Elsa'], ['Diego']],
	'pt-BR': [['Francisca'], ['Antonio']],
	'nl-NL': [['Colette'], ['Maarten']],
	'pl-PL': [['Zofia'], ['Marek']],
	'sv-SE': [['Sofie'], ['Mattias']],
	'tr-TR': [['Emel'], ['Ahmet']],
	'ru-RU': [['Svetlana'], ['Dmitry']],
	'ar-EG': [['Salma'], ['Shakir']],
	'he-IL': [['Hila'], ['Avri']],
	'hi-IN': [['Swara'], ['Madhur']],
	'ja-JP': [['Nanami'], ['Keita']],
	'ko-KR': [['SunHi'], ['InJoon']],
	'zh-CN': [['Xiaoxiao'], ['Yunxi']],
	'th-TH': [['Premwadee'], ['Niwat']],
};

const STYLES: Record<string, string[]> = {
	'en-US-JennyNeural': ['assistant', 'chat', 'cheerful', 'newscast'],
	'en-US-GuyNeural': ['newscast', 'cheerful', 'excited'],
	'en-US-AriaNeural': ['narration-professional', 'newscast-formal', 'cheerful', 'excited'],
	'en-US-DavisNeural': ['chat', 'cheerful', 'excited'],
};

export const VOICES: AzureVoice[] = Object.entries(WOMEN_AND_MEN).flatMap(([locale, [women, men]]) => [
	...women.map((name, number) => voice(locale, 'Female', name, number)),
	...men.map((name, number) => voice(locale, 'Male', name, number)),
]);

function voice(locale: string, gender: AzureVoice['gender'], name: string, number: number): AzureVoice {
	const id = `${locale}-${name}Neural`;
	return {
		id,
		locale,
		gender,
		accent: ESPEAK_BY_LOCALE[locale] ?? 'en-us',
		...variantOf(gender, number),
		styles: STYLES[id] ?? [],
		otherLocales: name.includes('Multilingual') ? ['de-DE', 'es-ES', 'fr-FR'] : [],
		status: name === 'Jane' ? 'Deprecated' : 'GA',
	};
}

export function describe({ id, locale, gender, styles, otherLocales, status }: AzureVoice) {
	const displayName = id.slice(locale.length + 1).replace(/(?::\w+)?Neural$/, '');
	return {
		Name: `Microsoft Server Speech Text to Speech Voice (${locale}, ${id.slice(locale.length + 1)})`,
		DisplayName: displayName,
		LocalName: displayName,
		ShortName: id,
		Gender: gender,
		Locale: locale,
		LocaleName: new Intl.DisplayNames('en', { type: 'language' }).of(locale) ?? locale,
		...(styles.length > 0 ? { StyleList: styles } : {}),
		...(otherLocales.length > 0 ? { SecondaryLocaleList: otherLocales } : {}),
		SampleRateHertz: '48000',
		VoiceType: id.includes(':DragonHD') ? 'NeuralHD' : 'Neural',
		Status: status,
		WordsPerMinute: '150',
	};
}
