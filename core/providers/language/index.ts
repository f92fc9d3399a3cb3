/** The language providers. A new one is a file beside this and a line here. */
import type { LanguageConnection, LanguageProvider } from './language';
import type { LanguageProviderId } from './models';
import { createOpenAi } from './openai';

export const LANGUAGE_PROVIDERS: Record<
	LanguageProviderId,
	(connection: LanguageConnection) => LanguageProvider
> = {
	openai: createOpenAi,
};
