/** The services of the sandbox: one line each. */
import { openai } from './openai/service';
import { pexels } from './pexels/service';

export const SERVICES = {
	openai,
	pexels,
};

export type ServiceName = keyof typeof SERVICES;

export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];
