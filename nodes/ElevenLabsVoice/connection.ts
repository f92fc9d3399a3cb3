/** From the node's credential to the speech provider. */
import type { IExecuteFunctions, ILoadOptionsFunctions, INodeCredentialDescription } from 'n8n-workflow';

import { createElevenLabs } from '../../core/providers/speech/elevenlabs';
import type { SpeechProvider } from '../../core/providers/speech/speech';

export const elevenLabsCredential: INodeCredentialDescription = {
	name: 'ytempireElevenLabsApi',
	required: true,
	displayName: 'ElevenLabs',
};

export async function elevenLabsOf(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	itemIndex = 0,
): Promise<SpeechProvider> {
	const { apiKey, baseUrl } = await context.getCredentials<{ apiKey: string; baseUrl: string }>(
		elevenLabsCredential.name,
		itemIndex,
	);
	return createElevenLabs({ apiKey, baseUrl });
}
