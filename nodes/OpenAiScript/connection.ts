/** The language providers as the node offers them, and from its parameters to those that are asked. */
import type { ICredentialDataDecryptedObject, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { LANGUAGE_PROVIDERS } from '../../core/providers/language';
import type { LanguageProvider } from '../../core/providers/language/language';
import type { LanguageProviderId } from '../../core/providers/language/models';
import type { Candidate } from '../../core/routing/candidate';
import { candidatesOf, configuredFor, type ProviderChoice } from '../shared/candidates';

const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

function choice(id: LanguageProviderId, name: string, credential: string) {
	const connect = ({ apiKey, baseUrl }: ICredentialDataDecryptedObject) =>
		LANGUAGE_PROVIDERS[id]({ apiKey: text(apiKey), baseUrl: text(baseUrl) });
	return { id, name, credential, connect } satisfies ProviderChoice<LanguageProvider>;
}

/** In the order in which they are asked. */
export const LANGUAGE_CHOICES = [
	choice('openai', 'OpenAI', 'ytempireOpenAiApi'),
	choice('anthropic', 'Anthropic', 'ytempireAnthropicApi'),
	choice('cohere', 'Cohere', 'ytempireCohereApi'),
] as const;

export interface ChosenProviders {
	candidates: Array<Candidate<LanguageProvider>>;
	/** What of them a kept result depends on: another fallback doesn't make it anew. */
	preferred: { provider: string; model: string };
}

/**
 * @param modelOf the model of each provider; the option Model names another for the preferred one
 * @param stage whose provider the configuration may name; left out for work that it says nothing of
 * @throws YtempireError `invalid-request` when no credential is chosen
 */
export async function chosenProviders(
	context: IExecuteFunctions,
	itemIndex: number,
	modelOf: (provider: LanguageProviderId) => string,
	stage?: 'metadata' | 'script',
): Promise<ChosenProviders> {
	const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
	const configured = stage && (await configuredFor(context, itemIndex, stage, options));
	const [first, ...others] = await candidatesOf(context, itemIndex, LANGUAGE_CHOICES, options, ({ id }) => modelOf(id), configured);
	// candidatesOf gives one at least
	const preferred = first as Candidate<LanguageProvider>;
	const model = text(options.model) || preferred.model;
	return {
		candidates: [{ ...preferred, model }, ...others],
		preferred: { provider: preferred.provider.id, model },
	};
}
