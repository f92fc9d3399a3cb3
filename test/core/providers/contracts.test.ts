/** What the language and speech providers send, checked against the services' own published contracts. */
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { generateScript } from '../../../core/providers/language/script';
import { createElevenLabs } from '../../../core/providers/speech/elevenlabs';
import { defaultSettings } from '../../../core/providers/speech/voices';
import { KEYS } from '../../../sandbox/keys';
import { contractFor, describeContracts } from '../../support/contracts';
import { temporarySandbox } from '../../support/sandbox';
import { temporaryFolder } from '../../support/store';

import { candidateOn, depsOn, providerOn } from './language/providers';

describeContracts('what we send', ['openai', 'elevenlabs'], () => {
	it('to OpenAI is what its contract says', async () => {
		const sandbox = await temporarySandbox();
		const input = { topic: 'Volcanoes', style: 'calm', durationS: 15, language: 'en' };
		await generateScript(input, await depsOn(sandbox, 'openai'));
		await generateScript(input, await depsOn(sandbox, [candidateOn(sandbox, 'openai', 'gpt-4o-mini')]));
		await providerOn(sandbox, 'openai').listModels();
		const requests = sandbox.recorder.list({ service: 'openai' });
		expect(requests.map(({ status }) => status)).toEqual(Array(4).fill(200));
		for (const request of requests) contractFor('openai').recorded(request);
	});

	it('to ElevenLabs is what its contract says', async () => {
		const sandbox = await temporarySandbox();
		const baseUrl = sandbox.services.elevenlabs.url;
		const provider = createElevenLabs({ apiKey: KEYS.elevenlabs.apiKey, baseUrl });
		const folder = await temporaryFolder();
		for (const model of ['eleven_multilingual_v2', 'eleven_v3', 'eleven_flash_v2_5']) {
			await provider.speakPart({
				text: 'The sea.',
				previousText: 'Before.',
				nextText: 'After.',
				voiceId: 'sandboxVoiceLeo00004',
				model,
				language: 'en-GB',
				settings: { ...defaultSettings },
				audioPath: join(folder, `${model}.mp3`),
			});
		}
		await provider.listVoices();
		await provider.voiceSettings('sandboxVoiceLeo00004');
		await provider.listModels();
		const requests = sandbox.recorder.list({ service: 'elevenlabs' });
		expect(requests.map(({ status }) => status)).toEqual(Array(6).fill(200));
		for (const request of requests) contractFor('elevenlabs').recorded(request);
	});
});
