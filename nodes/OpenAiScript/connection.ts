/** From the node's credential to the language provider. */
import type { IExecuteFunctions, ILoadOptionsFunctions, INodeCredentialDescription } from 'n8n-workflow';

import type { LanguageProvider } from '../../core/providers/language/language';
import { createOpenAi } from '../../core/providers/language/openai';

export const openAiCredential: INodeCredentialDescription = {
	name: 'ytempireOpenAiApi',
	required: true,
	displayName: 'OpenAI',
};

/** Asked when OpenAI can't write. */
export const anthropicCredential: INodeCredentialDescription = {
	name: 'ytempireAnthropicApi',
	required: false,
	displayName: 'Anthropic',
};

/** Asked when neither of the others can. */
export const cohereCredential: INodeCredentialDescription = {
	name: 'ytempireCohereApi',
	required: false,
	displayName: 'Cohere',
};

export async function openAiOf(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	itemIndex = 0,
): Promise<LanguageProvider> {
	const { apiKey, baseUrl } = await context.getCredentials<{ apiKey: string; baseUrl: string }>(
		openAiCredential.name,
		itemIndex,
	);
	return createOpenAi({ apiKey, baseUrl });
}
