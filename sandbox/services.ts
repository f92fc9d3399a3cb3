/** The services of the sandbox: one line each. */
import { elevenlabs } from './elevenlabs/service';
import { openai } from './openai/service';
import { pexels } from './pexels/service';

export const SERVICES = {
	openai,
	elevenlabs,
	pexels,
};

export type ServiceName = keyof typeof SERVICES;

export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];
