/** eSpeak's language for each locale in which the sandbox's voices speak. */
export const ESPEAK_BY_LOCALE: Record<string, string> = {
	'en-US': 'en-us',
	'en-GB': 'en-gb-x-rp',
	'de-DE': 'de',
	'es-ES': 'es',
	'es-MX': 'es-419',
	'fr-FR': 'fr',
	'it-IT': 'it',
	'pt-BR': 'pt-br',
	'nl-NL': 'nl',
	'pl-PL': 'pl',
	'sv-SE': 'sv',
	'tr-TR': 'tr',
	'ru-RU': 'ru',
	'ar-EG': 'ar',
	'ar-XA': 'ar',
	'he-IL': 'he',
	'hi-IN': 'hi',
	'ja-JP': 'ja',
	'ko-KR': 'ko',
	'zh-CN': 'cmn',
	'cmn-CN': 'cmn',
	'th-TH': 'th',
};

/** eSpeak's variants, by gender; the number chooses one. */
export function variantOf(gender: 'Female' | 'Male', number: number): { variant: string; pitch: number } {
	return gender === 'Female'
		? { variant: `f${1 + (number % 5)}`, pitch: 48 + (number % 4) * 4 }
		: { variant: `m${1 + (number % 7)}`, pitch: 34 + (number % 4) * 3 };
}
