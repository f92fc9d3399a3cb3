/** What goes to Azure and to Google, and what the sandbox answers for them, checked against their contracts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';

import { SPEECH_PROVIDERS } from '../../../../core/providers/speech';
import type { SpeechProviderId } from '../../../../core/providers/speech/models';
import { defaultSettings } from '../../../../core/providers/speech/voices';
import { KEYS } from '../../../../sandbox/keys';
import type { Sandbox } from '../../../../sandbox/server';
import { contractFor, describeContracts, specsFolder } from '../../../support/contracts';
import { answerErrors, discoveryDocument, requestErrors } from '../../../support/discovery';
import { ask } from '../../../support/http';
import { temporarySandbox } from '../../../support/sandbox';
import { temporaryFolder } from '../../../support/store';
import { KITS } from './providers';

async function useAll(sandbox: Sandbox, id: SpeechProviderId, voiceIds: string[]) {
	const provider = SPEECH_PROVIDERS[id](KITS[id].connection(sandbox));
	const folder = await temporaryFolder();
	for (const voiceId of voiceIds) {
		await provider.speakPart({
			text: 'The sea & <salt>.',
			voiceId,
			model: provider.modelOf(voiceId) ?? provider.defaultModel,
			language: 'en',
			settings: { ...defaultSettings },
			audioPath: join(folder, `part${provider.audioExtension}`),
		});
	}
	await provider.listVoices();
	const requests = sandbox.recorder.list({ service: KITS[id].service });
	expect(requests.map(({ status }) => status)).toEqual(requests.map(() => 200));
	return requests;
}

describeContracts('the contract of speech', ['azure-speech', 'google'], () => {
	it('holds for what is sent to Azure, and for the voices it lists', async () => {
		const sandbox = await temporarySandbox();
		const contract = contractFor('azure-speech');
		const requests = await useAll(sandbox, 'azure-speech', ['en-US-JennyNeural', 'en-US-Ava:DragonHDLatestNeural']);
		const file = join(specsFolder(), 'azure-speech', 'azure-tts.HANDMADE.openapi.yaml');
		const { paths } = parseYaml(readFileSync(file, 'utf8')) as {
			paths: Record<string, { post?: { parameters: Array<{ name: string; schema: { enum?: string[] } }> } }>;
		};
		const formats = paths['/cognitiveservices/v1']?.post?.parameters.find(({ name }) => name === 'X-Microsoft-OutputFormat')?.schema.enum;
		for (const { method, path, query, headers } of requests) {
			// the contract says nothing of SSML
			contract.recorded({ method, path, query, body: undefined });
			expect(headers['user-agent']).toMatch(/^.{1,254}$/);
			if (method !== 'POST') continue;
			expect(headers['content-type']).toBe('application/ssml+xml');
			expect(formats).toContain(headers['x-microsoft-outputformat']);
		}
		const { body } = await ask(`${sandbox.services['azure-speech'].url}/cognitiveservices/voices/list`, {
			headers: { 'ocp-apim-subscription-key': KEYS.azureSpeech.apiKey },
		});
		contract.response('GET', '/cognitiveservices/voices/list', 200)(body);
	});

	it('holds for what is sent to Google, and for what it answers', async () => {
		const sandbox = await temporarySandbox();
		const document = discoveryDocument('texttospeech.v1.json');
		const requests = await useAll(sandbox, 'google-tts', ['en-US-Neural2-F', 'en-US-Chirp3-HD-Kore']);
		for (const request of requests) {
			// v1beta1 is v1 and the times of marks; its own document isn't at hand
			const { enableTimePointing, ...body } = (request.body ?? {}) as Record<string, unknown>;
			expect([undefined, ['SSML_MARK']]).toContainEqual(enableTimePointing);
			const path = request.path.replace('/v1beta1/', '/v1/');
			expect(requestErrors(document, { ...request, path, body: request.body && body })).toEqual([]);
		}
		const { url } = sandbox.services['google-tts'];
		const headers = { 'x-goog-api-key': KEYS.googleTts.apiKey };
		const voices = await ask(`${url}/v1/voices`, { headers });
		expect(answerErrors(document, 'GET', '/v1/voices', voices.body)).toEqual([]);
		const json = {
			input: { text: 'Hi.' },
			voice: { languageCode: 'en-US', name: 'en-US-Neural2-F' },
			audioConfig: { audioEncoding: 'MP3' },
		};
		const spoken = await ask(`${url}/v1/text:synthesize`, { headers, json });
		expect(answerErrors(document, 'POST', '/v1/text:synthesize', spoken.body)).toEqual([]);
	});
});
