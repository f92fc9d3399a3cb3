/** The speech providers as the node offers them, and from its credentials to those that are asked. */
import type { ICredentialDataDecryptedObject, IDataObject, IExecuteFunctions, ILoadOptionsFunctions, INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

import { invalidRequest } from '../../core/errors';
import { SPEECH_PROVIDERS } from '../../core/providers/speech';
import { readServiceAccount } from '../../core/providers/speech/google-token';
import type { SpeechProviderId } from '../../core/providers/speech/models';
import type { SpeechConnection, SpeechProvider } from '../../core/providers/speech/speech';
import type { Candidate } from '../../core/routing/candidate';
import type { Arm } from '../../core/routing/configuration';
import { candidatesOf, credentialsOf, type ProviderChoice } from '../shared/candidates';

type SpeechChoice = ProviderChoice<SpeechProvider> & { id: SpeechProviderId };

/** In the order in which they are asked. */
export const SPEECH_CHOICES: SpeechChoice[] = [
	{
		id: 'elevenlabs',
		name: 'ElevenLabs',
		credential: 'ytempireElevenLabsApi',
		connect: (credential) => SPEECH_PROVIDERS.elevenlabs(signedIn(credential)),
	},
	{
		id: 'azure-speech',
		name: 'Azure Speech',
		credential: 'ytempireAzureSpeechApi',
		connect: (credential) => SPEECH_PROVIDERS['azure-speech'](signedIn(credential)),
	},
	{
		id: 'google-tts',
		name: 'Google Cloud Text-to-Speech',
		credential: 'ytempireGoogleTtsApi',
		connect: (credential) => {
			const json = text(credential.privateKeyJson);
			return SPEECH_PROVIDERS['google-tts']({
				...signedIn(credential),
				...(json ? { serviceAccount: () => readServiceAccount(json) } : {}),
			});
		},
	},
];

function text(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}

function signedIn({ apiKey, baseUrl }: ICredentialDataDecryptedObject): SpeechConnection {
	return { apiKey: text(apiKey), baseUrl: text(baseUrl) };
}

export const speechCredentials: INodeCredentialDescription[] = credentialsOf(SPEECH_CHOICES);

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

/**
 * Those that may speak, in the order of asking.
 * @param options the node's options: `provider`, `fallback`, and `model`, which is the first one's
 * @param configured whom the configuration names
 * @throws YtempireError `invalid-request` when no credential is chosen
 */
export async function speechCandidates(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	itemIndex: number,
	options: IDataObject,
	configured?: Arm,
): Promise<Array<Candidate<SpeechProvider>>> {
	const candidates = await candidatesOf(context, itemIndex, SPEECH_CHOICES, options, ({ defaultModel }) => defaultModel, configured);
	const model = text(options.model);
	return candidates.map((candidate, index) => (index === 0 && model ? { ...candidate, model } : candidate));
}

/** The provider of the operations on voices. @throws YtempireError `invalid-request` for another name */
export async function providerOf(context: IExecuteFunctions | ILoadOptionsFunctions, id: string, itemIndex = 0): Promise<SpeechProvider> {
	const choice = SPEECH_CHOICES.find((one) => one.id === id);
	if (!choice) {
		throw invalidRequest(`There is no speech provider ${id.slice(0, 40)}`, {
			issues: [{ field: 'provider', reason: `one of ${SPEECH_CHOICES.map((one) => one.id).join(', ')}` }],
			cure: 'Choose a provider from the list.',
		});
	}
	return choice.connect(await context.getCredentials(choice.credential, itemIndex));
}
