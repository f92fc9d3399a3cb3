/** The ElevenLabsVoice node in n8n's engine, against the sandbox. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import type { SpeechResult } from '../../core/documents';
import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { startEngine, type Engine, type NodeRun } from '../support/engine';
import { temporarySandbox } from '../support/sandbox';
import { temporaryFolder } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

async function nodeOn(sandbox: Sandbox) {
	const databaseFile = join(await temporaryFolder(), 'jobs.sqlite');
	const credentials = {
		ytempireElevenLabsApi: { apiKey: KEYS.elevenlabs.apiKey, baseUrl: sandbox.services.elevenlabs.url },
		ytempireAzureSpeechApi: { ...KEYS.azureSpeech, baseUrl: sandbox.services['azure-speech'].url },
		ytempireGoogleTtsApi: { ...KEYS.googleTts, baseUrl: sandbox.services['google-tts'].url },
		ytempireStoreApi: { databaseFile },
	};
	return async (parameters: object, items: object[] = [{}], more: Partial<NodeRun> = {}) =>
		await engine.runNode({
			type: 'elevenLabsVoice',
			parameters: parameters as never,
			credentials,
			items: items as never,
			...more,
		});
}

const script = {
	title: 'The sea',
	language: 'en',
	scenes: [
		{ id: 'scene-1', narration: 'The sea is deep.', visual_query: 'sea', on_screen_text: '' },
		{ id: 'scene-2', narration: 'It is cold.', visual_query: 'ice', on_screen_text: '' },
	],
};

const generate = { resource: 'speech', operation: 'generate' };

function posts(sandbox: Sandbox) {
	return sandbox.recorder.list({ service: 'elevenlabs', method: 'POST' });
}

describe('Speech: Generate', () => {
	it('adds a narration to the item, with the words of every scene', async () => {
		const node = await nodeOn(await temporarySandbox());
		const { items } = await node(generate, [{ script, style: 'energetic', topic: 'kept' }]);
		expect(items[0]?.json.topic).toBe('kept');
		const voice = items[0]?.json.voice as unknown as SpeechResult;
		expect((await stat(voice.audio.path)).size).toBe(voice.audio.bytes);
		expect(voice).toMatchObject({
			voice_id: 'sandboxVoiceMia00003',
			scenes: [{ scene_id: 'scene-1', start_s: 0 }, { scene_id: 'scene-2' }],
			costs: [{ micro_usd: 2700, basis: 'billed' }],
		});
	});

	it('speaks with the voice and the settings that are set', async () => {
		const sandbox = await temporarySandbox();
		const node = await nodeOn(sandbox);
		const options = { stability: 0.9, speakerBoost: false, model: 'eleven_flash_v2_5' };
		await node({ ...generate, options }, [{ script, options: { voice_id: 'sandboxVoiceAva00001' } }]);
		expect(posts(sandbox)[0]).toMatchObject({
			path: '/v1/text-to-speech/sandboxVoiceAva00001/with-timestamps',
			body: {
				model_id: 'eleven_flash_v2_5',
				voice_settings: { stability: 0.9, similarity_boost: 0.75, style: 0.4, use_speaker_boost: false },
			},
		});
	});

	it('pays a narration once, however often it is run', async () => {
		const sandbox = await temporarySandbox();
		const node = await nodeOn(sandbox);
		const first = await node(generate, [{ script }]);
		const again = await node(generate, [{ script }]);
		expect(posts(sandbox)).toHaveLength(2);
		expect(again.items[0]?.json).toEqual(first.items[0]?.json);
	});

	it('names what is wrong with a script, and goes on past it with Continue On Fail', async () => {
		const node = await nodeOn(await temporarySandbox());
		const items = [{ script: { scenes: [] } }, { script }];
		const { outputs } = await node(generate, items, { onError: 'continueErrorOutput' });
		expect(outputs[0]).toHaveLength(1);
		expect(outputs[1]?.[0]?.json).toMatchObject({ details: { error_class: 'invalid-request' } });
	});
});

describe('Voice', () => {
	it.each([
		['azure-speech', 'de-DE-KatjaNeural', { words_per_minute: 150, sample_rate_hz: 48_000 }],
		['google-tts', 'de-DE-Neural2-G', { sample_rate_hz: 24_000 }],
	])('lists the voices of %s and what is kept for one', async (provider, voiceId, settings) => {
		const node = await nodeOn(await temporarySandbox());
		const { items } = await node({ resource: 'voice', operation: 'getMany', provider, returnAll: true });
		expect(items.map(({ json }) => json)).toContainEqual(
			expect.objectContaining({ voice_id: voiceId, languages: ['de-DE'], labels: expect.objectContaining({ gender: 'female' }) }),
		);
		const kept = await node({ resource: 'voice', operation: 'getSettings', provider, voiceId });
		expect(kept.items[0]?.json).toEqual({ voice_id: voiceId, ...settings });
	});

	it('Get Many lists the voices of the account up to the limit', async () => {
		const node = await nodeOn(await temporarySandbox());
		const { items } = await node({ resource: 'voice', operation: 'getMany', limit: 2 });
		expect(items).toHaveLength(2);
		expect(items[0]?.json).toMatchObject({ voice_id: expect.any(String), name: expect.any(String) });
		const all = await node({ resource: 'voice', operation: 'getMany', returnAll: true });
		expect(all.items.length).toBeGreaterThan(4);
	});

	it('Get Settings gives what the account keeps for a voice', async () => {
		const node = await nodeOn(await temporarySandbox());
		const { items } = await node({ resource: 'voice', operation: 'getSettings', voiceId: 'sandboxVoiceAva00001' });
		expect(items[0]?.json).toMatchObject({ voice_id: 'sandboxVoiceAva00001', stability: 0.5 });
	});
});
