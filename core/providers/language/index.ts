/** The language providers, in the order in which they are tried. A new one is a file beside this and a line here. */
import { createAnthropic } from './anthropic';
import { createCohere } from './cohere';
import type { LanguageConnection, LanguageProvider } from './language';
import type { LanguageProviderId } from './models';
import { createOpenAi } from './openai';

export const LANGUAGE_PROVIDERS: Record<
	LanguageProviderId,
	(connection: LanguageConnection) => LanguageProvider
> = {
	openai: createOpenAi,
	anthropic: createAnthropic,
	cohere: createCohere,
};
