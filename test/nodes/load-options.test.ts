/** The lists that nodes offer in the editor, asked of the sandbox. */
import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { getModels as getSpeechModels, getVoices } from '../../nodes/ElevenLabsVoice/load-options';
import { getModels as getLanguageModels } from '../../nodes/OpenAiScript/load-options';
import { KEYS } from '../../sandbox/keys';
import { temporarySandbox } from '../support/sandbox';

/** What the editor gives to a list: a credential and the node. */
function editor(credential: { apiKey: string; baseUrl: string }): ILoadOptionsFunctions {
	const credentials = { ytempireElevenLabsApi: { id: '1', name: 'ElevenLabs' } };
	const node = { id: '1', name: 'Node', type: 'node', typeVersion: 1, position: [0, 0], parameters: {}, credentials };
	return { getCredentials: async () => credential, getNode: () => node, getCurrentNodeParameter: () => undefined } as unknown as ILoadOptionsFunctions;
}

describe('the lists', () => {
	it('of voices and speech models are the account’s', async () => {
		const sandbox = await temporarySandbox();
		const context = editor({ apiKey: KEYS.elevenlabs.apiKey, baseUrl: sandbox.services.elevenlabs.url });
		const voices = await getVoices.call(context);
		expect(voices[0]).toEqual({ name: 'Choose by Style and Language', value: '' });
		expect(voices).toContainEqual(expect.objectContaining({ name: 'Leo', value: 'sandboxVoiceLeo00004' }));
		expect(await getSpeechModels.call(context)).toContainEqual(
			expect.objectContaining({ value: 'eleven_multilingual_v2' }),
		);
	});

	it('of language models are those that can write, with the day on which they end', async () => {
		const sandbox = await temporarySandbox();
		const baseUrl = `${sandbox.services.openai.url}/v1`;
		const models = await getLanguageModels.call(editor({ apiKey: KEYS.openai.apiKey, baseUrl }));
		expect(models).toContainEqual(expect.objectContaining({ value: 'gpt-6.1-terra', description: '' }));
		expect(models.find(({ value }) => value === 'gpt-4o')?.description).toContain('2027-01-14');
	});

	it('say what is wrong with the credential, without the key', async () => {
		const sandbox = await temporarySandbox();
		const context = editor({ apiKey: 'a-wrong-key', baseUrl: sandbox.services.elevenlabs.url });
		const error: unknown = await getVoices.call(context).catch((thrown: unknown) => thrown);
		expect((error as Error).message).toContain('did not accept the credential');
		expect(JSON.stringify(error)).not.toContain('a-wrong-key');
	});
});
