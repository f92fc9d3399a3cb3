/** What is Google's own: service accounts, and marks that are missing. */
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { createGoogleTts } from '../../../../core/providers/speech/google';
import { readServiceAccount } from '../../../../core/providers/speech/google-token';
import { defaultSettings } from '../../../../core/providers/speech/voices';
import { serviceAccountKey } from '../../../../sandbox/google-tts/account';
import { KEYS } from '../../../../sandbox/keys';
import { temporarySandbox } from '../../../support/sandbox';
import { temporaryFolder } from '../../../support/store';

describe('a service account', () => {
	it('signs for itself once, and asks with its token', async () => {
		const sandbox = await temporarySandbox();
		const baseUrl = sandbox.services['google-tts'].url;
		const serviceAccount = readServiceAccount(JSON.stringify(serviceAccountKey(baseUrl)));
		const provider = createGoogleTts({ apiKey: '', serviceAccount: () => serviceAccount, baseUrl });
		await provider.listVoices();
		expect(await provider.listVoices()).not.toHaveLength(0);
		const paths = sandbox.recorder.list({ service: 'google-tts' }).map(({ path }) => path);
		expect(paths).toEqual(['/token', '/v1/voices', '/v1/voices']);
	});

	it('that is not Google’s is told, without its key', async () => {
		const sandbox = await temporarySandbox();
		const baseUrl = sandbox.services['google-tts'].url;
		const stranger = { ...readServiceAccount(JSON.stringify(serviceAccountKey(baseUrl))), clientEmail: 'x@example.com' };
		await expect(createGoogleTts({ apiKey: '', serviceAccount: () => stranger, baseUrl }).listVoices()).rejects.toMatchObject({
			errorClass: 'auth',
			reason: 'invalid_grant',
		});
		const broken = { ...stranger, privateKey: 'not-a-private-key' };
		const error: unknown = await createGoogleTts({ apiKey: '', serviceAccount: () => broken, baseUrl }).listVoices().catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ errorClass: 'auth', reason: 'invalid-private-key' });
		expect(JSON.stringify(error) + String(error)).not.toContain('not-a-private-key');
		expect(() => readServiceAccount('{"private_key":"abc"')).toThrow('cannot be read');
	});
});

it('offers no voice that needs more than its name to speak', async () => {
	const { services } = await temporarySandbox();
	const provider = createGoogleTts({ ...KEYS.googleTts, baseUrl: services['google-tts'].url });
	const names = (await provider.listVoices()).map(({ id }) => id);
	expect(names).toContain('en-US-Chirp3-HD-Charon');
	expect(names).not.toContain('Charon');
	const audioPath = join(await temporaryFolder(), 'part.ogg');
	const asked = { text: 'The sea.', voiceId: 'Charon', model: 'neural2', language: 'en', settings: { ...defaultSettings }, audioPath };
	await expect(provider.speakPart(asked)).rejects.toMatchObject({ errorClass: 'invalid-request', elsewhere: true });
});

describe('the times of words', () => {
	const audioContent = Buffer.from('sound').toString('base64');

	async function wordsFor(timepoints: object[]) {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'google-tts', kind: 'status', status: 200, body: { audioContent, timepoints } });
		const provider = createGoogleTts({ ...KEYS.googleTts, baseUrl: sandbox.services['google-tts'].url });
		const { words } = await provider.speakPart({
			text: 'one two three four',
			voiceId: 'en-US-Neural2-F',
			model: 'neural2',
			language: 'en',
			settings: { ...defaultSettings },
			audioPath: join(await temporaryFolder(), 'part.ogg'),
		});
		return words;
	}

	const point = (markName: string, timeSeconds?: number) => ({ markName, timeSeconds });

	it('are filled in where a mark is missing', async () => {
		const words = await wordsFor([point('0'), point('1', 1), point('3', 3)]);
		expect(words.map(({ start_s }) => start_s)).toEqual([0, 1, expect.any(Number), 3]);
		expect(words[2]?.start_s).toBeGreaterThan(1);
		expect(words[2]?.start_s).toBeLessThan(3);
	});

	it('are none where most marks are missing, or are of no word', async () => {
		expect(await wordsFor([point('0', 0.1)])).toEqual([]);
		expect(await wordsFor([point('x', 1), point('-1', 2), point('99', 3)])).toEqual([]);
		expect(await wordsFor([])).toEqual([]);
	});
});
