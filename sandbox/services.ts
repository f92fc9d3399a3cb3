/** The services of the sandbox: one line each. */
import { elevenlabs } from './elevenlabs/service';
import { mixpanel } from './mixpanel/service';
import { openai } from './openai/service';
import { pexels } from './pexels/service';
import { sendgrid } from './sendgrid/service';
import { youtube } from './youtube/service';

export const SERVICES = {
	openai,
	elevenlabs,
	pexels,
	youtube,
	sendgrid,
	mixpanel,
};

export type ServiceName = keyof typeof SERVICES;

export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];
