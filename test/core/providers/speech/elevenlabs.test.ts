/** The ElevenLabs provider over real HTTP against the sandbox. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { createElevenLabs } from '../../../../core/providers/speech/elevenlabs';
import type { PartRequest } from '../../../../core/providers/speech/speech';
import { defaultSettings } from '../../../../core/providers/speech/voices';
import { decodedDuration, findFfmpeg } from '../../../../core/video/ffmpeg';
import { KEYS } from '../../../../sandbox/keys';
import type { Sandbox } from '../../../../sandbox/server';
import { temporarySandbox } from '../../../support/sandbox';
import { temporaryFolder } from '../../../support/store';

const VOICE = 'sandboxVoiceLeo00004';

function elevenLabs(sandbox: Sandbox, apiKey: string = KEYS.elevenlabs.apiKey, timeoutMs = 10_000) {
	return createElevenLabs({ apiKey, baseUrl: `${sandbox.services.elevenlabs.url}/`, timeoutMs });
}

async function request(more: Partial<PartRequest> = {}): Promise<PartRequest> {
	return {
		text: 'The sea is deep, and blue.',
		voiceId: VOICE,
		model: 'eleven_multilingual_v2',
		language: 'en',
		settings: { ...defaultSettings },
		audioPath: join(await temporaryFolder(), 'part.mp3'),
		...more,
	};
}

function lastBody(sandbox: Sandbox): Record<string, unknown> {
	return sandbox.recorder.list({ service: 'elevenlabs', method: 'POST' }).at(-1)?.body as Record<string, unknown>;
}

describe('a part', () => {
	it('is a file that plays, with the times of its words inside it', async () => {
		const sandbox = await temporarySandbox();
		const part = await elevenLabs(sandbox).speakPart(await request());
		const seconds = await decodedDuration(await findFfmpeg(), part.audioPath);
		expect(part.words.map(({ text }) => text)).toEqual(['The', 'sea', 'is', 'deep,', 'and', 'blue.']);
		let earlier = 0;
		for (const { start_s, end_s } of part.words) {
			expect(start_s).toBeGreaterThanOrEqual(earlier);
			expect(end_s).toBeGreaterThan(start_s);
			earlier = end_s;
		}
		expect(earlier).toBeLessThanOrEqual(seconds + 0.05);
		expect(part).toMatchObject({ characters: 26, basis: 'billed', requestId: expect.any(String) });
	});

	it('is asked for with the owner’s settings and its neighbours’ words', async () => {
		const sandbox = await temporarySandbox();
		await elevenLabs(sandbox).speakPart(await request({ previousText: 'Before.', nextText: 'After.' }));
		const [{ query, path } = { query: {}, path: '' }] = sandbox.recorder.list({ service: 'elevenlabs' });
		expect(path).toBe(`/v1/text-to-speech/${VOICE}/with-timestamps`);
		expect(query).toEqual({ output_format: 'mp3_44100_128' });
		expect(lastBody(sandbox)).toEqual({
			text: 'The sea is deep, and blue.',
			model_id: 'eleven_multilingual_v2',
			voice_settings: { stability: 0.5, similarity_boost: 0.75, style: 0.4, use_speaker_boost: true },
			previous_text: 'Before.',
			next_text: 'After.',
		});
	});

	it('is asked for without what its model does not take', async () => {
		const sandbox = await temporarySandbox();
		const provider = elevenLabs(sandbox);
		await provider.speakPart(await request({ model: 'eleven_v3', previousText: 'Before.' }));
		expect(lastBody(sandbox)).not.toHaveProperty('previous_text');
		await provider.speakPart(await request({ model: 'eleven_flash_v2_5', language: 'en-GB' }));
		expect(lastBody(sandbox)).toMatchObject({ language_code: 'en' });
	});

	it('of a cheap model counts its characters, not its credits', async () => {
		const sandbox = await temporarySandbox();
		const part = await elevenLabs(sandbox).speakPart(await request({ model: 'eleven_flash_v2_5' }));
		expect(part).toMatchObject({ characters: 26, basis: 'billed' });
	});

	it('of a model whose credits are not known is estimated by its text', async () => {
		const sandbox = await temporarySandbox();
		const part = await elevenLabs(sandbox).speakPart(await request({ model: 'eleven_v4_turbo' }));
		expect(part).toMatchObject({ characters: 26, basis: 'estimated' });
	});

	it('without times comes without words, and without a cost header is estimated', async () => {
		const sandbox = await temporarySandbox();
		const body = { audio_base64: Buffer.from('sound').toString('base64'), alignment: null };
		sandbox.faults.add({ service: 'elevenlabs', kind: 'status', status: 200, body });
		expect(await elevenLabs(sandbox).speakPart(await request())).toMatchObject({
			words: [],
			characters: 26,
			basis: 'estimated',
		});
	});

	it('for a voice ID that climbs stays in its path', async () => {
		const sandbox = await temporarySandbox();
		const work = elevenLabs(sandbox).speakPart(await request({ voiceId: '../../v1/models?x=' }));
		await expect(work).rejects.toMatchObject({ errorClass: 'invalid-request' });
		expect(sandbox.recorder.list({ service: 'elevenlabs' })[0]?.path).toMatch(/^\/v1\/text-to-speech\//);
	});
});

describe('the account', () => {
	it('has voices, page by page', async () => {
		const sandbox = await temporarySandbox();
		const page = (id: string, token: string | null) => ({
			voices: [{ voice_id: id, name: id, labels: { language: 'en', odd: 5 }, category: 'generated' }],
			has_more: token !== null,
			next_page_token: token,
		});
		for (const body of [page('one', 'next'), page('two', null)]) {
			sandbox.faults.add({ service: 'elevenlabs', kind: 'status', status: 200, body });
		}
		const voices = await elevenLabs(sandbox).listVoices();
		expect(voices.map(({ id }) => id)).toEqual(['one', 'two']);
		expect(voices[0]).toMatchObject({ labels: { language: 'en' }, languages: ['en'] });
		expect(sandbox.recorder.list({ service: 'elevenlabs' })[1]?.query).toMatchObject({ next_page_token: 'next' });
	});

	it('has voices with names, manners and languages', async () => {
		const voices = await elevenLabs(await temporarySandbox()).listVoices();
		expect(voices).toContainEqual(
			expect.objectContaining({ id: VOICE, name: 'Leo', category: 'generated', languages: ['en'] }),
		);
	});

	it('keeps settings for a voice, and models with their limits', async () => {
		const provider = elevenLabs(await temporarySandbox());
		expect(await provider.voiceSettings(VOICE)).toMatchObject({ stability: 0.5, similarity: 0.75, speakerBoost: true });
		expect(await provider.listModels()).toContainEqual(
			expect.objectContaining({ id: 'eleven_multilingual_v2', maxCharacters: 10_000 }),
		);
	});
});

describe('a failure', () => {
	it.each([
		[401, 'invalid_api_key', 'auth'],
		[401, 'quota_exceeded', 'quota-exhausted'],
		[403, 'missing_permissions', 'auth'],
		[402, 'paid_plan_required', 'invalid-request'],
		[404, 'voice_not_found', 'invalid-request'],
		[400, 'max_character_limit_exceeded', 'invalid-request'],
		[400, 'content_against_policy', 'refused'],
		[429, 'too_many_concurrent_requests', 'rate-limited'],
		[429, 'system_busy', 'rate-limited'],
		[500, undefined, 'unavailable'],
	])('%i %s is %s, and leaves no file', async (status, reason, errorClass) => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'elevenlabs', kind: 'status', status, reason });
		const asked = await request();
		const error = await elevenLabs(sandbox).speakPart(asked).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ errorClass, provider: 'elevenlabs', httpStatus: status });
		expect(await readdir(join(asked.audioPath, '..'))).toEqual([]);
	});

	it('of a wrong key is auth, without the key', async () => {
		const error = await elevenLabs(await temporarySandbox(), 'a-wrong-key').listVoices().catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ errorClass: 'auth', reason: 'invalid_api_key' });
		expect(JSON.stringify(error) + (error as Error).message).not.toContain('a-wrong-key');
	});

	it('of a field names the field', async () => {
		const sandbox = await temporarySandbox();
		const work = elevenLabs(sandbox).speakPart(await request({ settings: { ...defaultSettings, stability: 5 } }));
		await expect(work).rejects.toMatchObject({ errorClass: 'invalid-request', message: expect.stringContaining('stability') });
	});

	it.each(['drop', 'drop-answer', 'malformed'] as const)('of the connection (%s) is unavailable', async (kind) => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'elevenlabs', kind });
		await expect(elevenLabs(sandbox).speakPart(await request())).rejects.toMatchObject({ errorClass: 'unavailable' });
	});

	it.each([{}, { audio_base64: '' }, { audio_base64: '!!!' }, { audio_base64: 5 }, { detail: 'x' }, []])(
		'is an answer of another form: %j',
		async (body) => {
			const sandbox = await temporarySandbox();
			sandbox.faults.add({ service: 'elevenlabs', kind: 'status', status: 200, body });
			const work = elevenLabs(sandbox).speakPart(await request());
			await expect(work).rejects.toMatchObject({ errorClass: 'unavailable', reason: 'malformed-answer' });
		},
	);

	it('is cancelled when the execution is', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.setLatency('elevenlabs', 5000);
		const work = elevenLabs(sandbox).speakPart(await request({ signal: AbortSignal.timeout(100) }));
		await expect(work).rejects.toMatchObject({ errorClass: 'cancelled' });
	});
});
