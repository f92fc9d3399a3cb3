/** The services of the sandbox: one line each. */
import { openai } from './openai/service';

export const SERVICES = {
	openai,
};

export type ServiceName = keyof typeof SERVICES;

export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];
