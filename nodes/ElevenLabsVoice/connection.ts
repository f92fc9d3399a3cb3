/** From the node's credentials to a speech provider. */
import type { IExecuteFunctions, ILoadOptionsFunctions, INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

import { invalidRequest } from '../../core/errors';
import { SPEECH_PROVIDERS } from '../../core/providers/speech';
import { readServiceAccount } from '../../core/providers/speech/google-token';
import type { SpeechProviderId } from '../../core/providers/speech/models';
import type { SpeechProvider } from '../../core/providers/speech/speech';

export const elevenLabsCredential: INodeCredentialDescription = {
	name: 'ytempireElevenLabsApi',
	required: true,
	displayName: 'ElevenLabs',
};

export const azureSpeechCredential: INodeCredentialDescription = {
	name: 'ytempireAzureSpeechApi',
	required: false,
	displayName: 'Azure Speech',
};

export const googleTtsCredential: INodeCredentialDescription = {
	name: 'ytempireGoogleTtsApi',
	required: false,
	displayName: 'Google Cloud Text-to-Speech',
};

const CREDENTIALS: Record<SpeechProviderId, INodeCredentialDescription> = {
	elevenlabs: elevenLabsCredential,
	'azure-speech': azureSpeechCredential,
	'google-tts': googleTtsCredential,
};

/** Whose voices are asked about. */
export const providerField: INodeProperties = {
	displayName: 'Provider',
	name: 'provider',
	type: 'options',
	options: [
		{ name: 'Azure Speech', value: 'azure-speech' },
		{ name: 'ElevenLabs', value: 'elevenlabs' },
		{ name: 'Google Cloud Text-to-Speech', value: 'google-tts' },
	],
	default: 'elevenlabs',
	description: 'Whose voices; its credential must be chosen above',
};

interface Signed {
	apiKey?: string;
	baseUrl?: string;
	/** Google's JSON file. */
	privateKeyJson?: string;
}

/** The provider of the operations on voices. @throws YtempireError `invalid-request` for another name */
export async function providerOf(context: IExecuteFunctions | ILoadOptionsFunctions, id: string, itemIndex = 0): Promise<SpeechProvider> {
	if (!Object.hasOwn(CREDENTIALS, id)) {
		throw invalidRequest(`There is no speech provider ${id.slice(0, 40)}`, {
			issues: [{ field: 'provider', reason: `one of ${Object.keys(CREDENTIALS).join(', ')}` }],
			cure: 'Choose a provider from the list.',
		});
	}
	const provider = id as SpeechProviderId;
	const { apiKey = '', baseUrl, privateKeyJson } = await context.getCredentials<Signed>(CREDENTIALS[provider].name, itemIndex);
	return SPEECH_PROVIDERS[provider]({
		apiKey,
		baseUrl,
		...(privateKeyJson?.trim() ? { serviceAccount: readServiceAccount(privateKeyJson) } : {}),
	});
}

/** Who speaks. */
export async function elevenLabsOf(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	itemIndex = 0,
): Promise<SpeechProvider> {
	return await providerOf(context, 'elevenlabs', itemIndex);
}
