/** The services of the sandbox: one line each. */
import { azureSpeech } from './azure-speech/service';
import { anthropic } from './anthropic/service';
import { cohere } from './cohere/service';
import { elevenlabs } from './elevenlabs/service';
import { googleTts } from './google-tts/service';
import { midjourney } from './midjourney/service';
import { mixpanel } from './mixpanel/service';
import { openai } from './openai/service';
import { pexels } from './pexels/service';
import { pixabay } from './pixabay/service';
import { sendgrid } from './sendgrid/service';
import { stability } from './stability/service';
import { stripe } from './stripe/service';
import { unsplash } from './unsplash/service';
import { youtube } from './youtube/service';

export const SERVICES = {
	openai,
	anthropic,
	cohere,
	elevenlabs,
	'azure-speech': azureSpeech,
	'google-tts': googleTts,
	stability,
	midjourney,
	pexels,
	pixabay,
	unsplash,
	youtube,
	sendgrid,
	stripe,
	mixpanel,
};

export type ServiceName = keyof typeof SERVICES;

export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];
