/** Figures and times as people read them. */
import { text } from './html';

const CENTS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

const FRACTIONS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 4 });

const WHOLE = new Intl.NumberFormat('en-US');

const MOMENT = new Intl.DateTimeFormat('en-US', {
	month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC',
});

/** Amounts below ten cents keep their fractions of a cent. */
export function money(usd: number): string {
	return (usd > 0 && usd < 0.1 ? FRACTIONS : CENTS).format(usd);
}

export function count(number: number, one?: string, many = `${one}s`): string {
	return one === undefined ? WHOLE.format(number) : `${WHOLE.format(number)} ${number === 1 ? one : many}`;
}

/** HTML: `Nov 22, 14:05 UTC`. */
export function moment(iso: string): string {
	return `<time datetime="${text(iso)}">${text(MOMENT.format(new Date(iso)))} UTC</time>`;
}

/** Times inside a sentence, from ISO 8601 to how people read them. */
export function withMoments(words: string): string {
	return words.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (iso) => (Number.isNaN(Date.parse(iso)) ? iso : `${MOMENT.format(new Date(iso))} UTC`));
}

/** How long until then, e.g. `in 3 h 20 min`; `now` when it is over. */
export function until(iso: string, now: string): string {
	const minutes = Math.ceil((Date.parse(iso) - Date.parse(now)) / 60_000);
	if (minutes <= 0) return 'now';
	const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
	if (days > 0) return `in ${days} d ${hours} h`;
	return hours > 0 ? `in ${hours} h ${minutes % 60} min` : `in ${minutes} min`;
}

/** `half-open` and `azure-speech` as they begin a sentence. */
export function label(name: string): string {
	return name.charAt(0).toUpperCase() + name.slice(1).replaceAll(/[-_]/g, ' ');
}

const PROVIDERS: Record<string, string> = {
	anthropic: 'Anthropic',
	'azure-speech': 'Azure Speech',
	cohere: 'Cohere',
	elevenlabs: 'ElevenLabs',
	'google-tts': 'Google TTS',
	midjourney: 'Midjourney',
	mixpanel: 'Mixpanel',
	openai: 'OpenAI',
	pexels: 'Pexels',
	pixabay: 'Pixabay',
	sendgrid: 'SendGrid',
	stability: 'Stability',
	unsplash: 'Unsplash',
	youtube: 'YouTube',
};

export function providerName(provider: string): string {
	return (Object.hasOwn(PROVIDERS, provider) ? PROVIDERS[provider] : undefined) ?? (provider ? label(provider) : 'Unnamed');
}
