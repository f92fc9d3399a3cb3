/** The ElevenLabsVoice node in n8n's engine, against the sandbox. */
import { stat } from 'node:fs/promises';

import { beforeAll, describe, expect, it } from 'vitest';

import type { SpeechResult } from '../../core/documents';
import type { Store } from '../../core/store/store';
import type { FaultSetting } from '../../sandbox/faults';
import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { startEngine, type Engine, type NodeRun } from '../support/engine';
import { letGo, queuedJob } from '../support/job';
import { billed, entries, sumOf } from '../support/ledger';
import { temporarySandbox } from '../support/sandbox';
import { temporaryStore } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

async function nodeOn(sandbox: Sandbox, store?: Store & { file: string }) {
	const { file: databaseFile } = store ?? (await temporaryStore());
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

/** As when the credentials of the fallbacks are taken away. */
function onlyFirst({ services }: Sandbox, databaseFile: string) {
	return {
		ytempireElevenLabsApi: { apiKey: KEYS.elevenlabs.apiKey, baseUrl: services.elevenlabs.url },
		ytempireStoreApi: { databaseFile },
	};
}

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

	async function job(sandbox: Sandbox, budget = {}) {
		const store = await temporaryStore();
		await queuedJob(store, {}, budget);
		return { store, node: await nodeOn(sandbox, store), item: { video_id: 'v-1', script } };
	}

	it('pays a narration once, however often it is run', async () => {
		const sandbox = await temporarySandbox();
		const { node, item, store } = await job(sandbox);
		const first = await node(generate, [item]);
		await letGo(store);
		const again = await node(generate, [item], { credentials: onlyFirst(sandbox, store.file) });
		expect(posts(sandbox)).toHaveLength(2);
		expect(again.items[0]?.json).toEqual(first.items[0]?.json);
		expect((await entries(store)).map(({ state }) => state)).toEqual(['settled', 'settled']);
	});

	it.each<[says: string, fault: Partial<FaultSetting>, errorClass: string]>([
		['is down', { status: 500, headers: { 'retry-after': '600' } }, 'unavailable'],
		['is asked too often', { status: 429, headers: { 'retry-after': '600' } }, 'rate-limited'],
		['does not know the key', { status: 401, reason: 'invalid_api_key' }, 'auth'],
		['is out of credit', { status: 401, reason: 'quota_exceeded' }, 'quota-exhausted'],
		['has no voice', { match: { path: '/v2/voices' }, status: 200, body: { voices: [], has_more: false } }, 'invalid-request'],
		['wants a paid plan for the voice', { status: 402, reason: 'paid_plan_required' }, 'invalid-request'],
		['refuses the text', { status: 400, reason: 'content_against_policy' }, 'refused'],
	])('goes on with Azure when ElevenLabs %s, and says so; run again it pays nothing', async (_says, fault, errorClass) => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'elevenlabs', match: { method: 'POST' }, kind: 'status', times: 0, ...fault });
		const { node, item, store } = await job(sandbox);
		const { items } = await node(generate, [item]);
		const voice = items[0]?.json.voice as unknown as SpeechResult;
		expect(voice.tried).toMatchObject([
			{ provider: 'elevenlabs', outcome: 'failed', error_class: errorClass },
			{ provider: 'azure-speech', outcome: 'used' },
		]);
		expect(voice.warnings[0]).toContain('elevenlabs could not be used');
		const ledger = await entries(store);
		expect(new Set(ledger.map(({ provider }) => provider))).toEqual(new Set(['azure-speech']));
		expect(sumOf(ledger, 'characters')).toBe(sumOf(billed(sandbox, 'azure-speech'), 'characters'));
		const asked = sandbox.recorder.list().length;
		await letGo(store);
		expect((await node(generate, [item])).items[0]?.json).toEqual(items[0]?.json);
		expect(sandbox.recorder.list()).toHaveLength(asked);
	});

	it('goes on with Google when neither of the others can, with the model for the preferred one only', async () => {
		const sandbox = await temporarySandbox();
		for (const service of ['elevenlabs', 'azure-speech']) {
			sandbox.faults.add({ service, match: { method: 'POST' }, kind: 'status', status: 401, times: 0 });
		}
		const { node, item } = await job(sandbox);
		const options = { provider: 'azure-speech', model: 'neural-hd' };
		const { items } = await node({ ...generate, options }, [item]);
		expect((items[0]?.json.voice as unknown as SpeechResult).tried.map(({ provider, model }) => [provider, model])).toEqual([
			['azure-speech', 'neural-hd'],
			['elevenlabs', 'eleven_multilingual_v2'],
			['google-tts', 'neural2'],
		]);
	});

	it('leaves a fallback with a broken credential alone as long as it is not needed, and says then what is wrong with it', async () => {
		const sandbox = await temporarySandbox();
		const broken = {
			ytempireElevenLabsApi: { apiKey: KEYS.elevenlabs.apiKey, baseUrl: sandbox.services.elevenlabs.url },
			ytempireGoogleTtsApi: { apiKey: '', privateKeyJson: '{"type": "service_acc', baseUrl: sandbox.services['google-tts'].url },
			ytempireStoreApi: { databaseFile: (await temporaryStore()).file },
		};
		const node = await nodeOn(sandbox);
		const { items } = await node(generate, [{ script }], { credentials: broken });
		expect((items[0]?.json.voice as unknown as SpeechResult).provider).toBe('elevenlabs');
		const preferred = await node({ ...generate, options: { provider: 'google-tts' } }, [{ script }], { credentials: broken });
		expect((preferred.items[0]?.json.voice as unknown as SpeechResult).tried).toMatchObject([
			{ provider: 'google-tts', outcome: 'failed', reason: 'invalid-service-account' },
			{ provider: 'elevenlabs', outcome: 'used' },
		]);
	});

	it('stops at the preferred provider when no fallback is wanted', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'elevenlabs', match: { method: 'POST' }, kind: 'status', status: 401, times: 0 });
		const node = await nodeOn(sandbox);
		const { error } = await node({ ...generate, options: { fallback: false } }, [{ script }]);
		expect(error?.message).toContain('did not accept the credential');
		expect(sandbox.recorder.list({ service: 'azure-speech' })).toHaveLength(0);
	});

	it('refuses what would break the budget before anything is spoken, with the figures', async () => {
		const sandbox = await temporarySandbox();
		const { node, item, store } = await job(sandbox, { video: 100 });
		const { error } = await node({ ...generate, options: { fallback: false } }, [item]);
		expect(error?.message).toContain('budget of $0.0001, of which $0.00 are spent: the stage voice may take up to $0.0027');
		expect(posts(sandbox)).toHaveLength(0);
		expect(await entries(store)).toEqual([]);
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
