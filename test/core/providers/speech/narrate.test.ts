/** narrate with the ElevenLabs provider over real HTTP against the sandbox, and real ffmpeg. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import type { Scene, SpeechResult } from '../../../../core/documents';
import { createElevenLabs } from '../../../../core/providers/speech/elevenlabs';
import { narrate, type NarrateDeps, type NarrateInput } from '../../../../core/providers/speech/narrate';
import type { SpeechProvider } from '../../../../core/providers/speech/speech';
import { closeCircuits } from '../../../../core/routing/breaker';
import type { CallContext } from '../../../../core/routing/call';
import { decodedDuration, findFfmpeg } from '../../../../core/video/ffmpeg';
import { KEYS } from '../../../../sandbox/keys';
import type { Sandbox } from '../../../../sandbox/server';
import { candidateOf, entries } from '../../../support/ledger';
import { temporarySandbox } from '../../../support/sandbox';
import { temporaryFolder, temporaryStore, type TestClock } from '../../../support/store';

beforeEach(closeCircuits);

function scene(id: string, narration: string): Scene {
	return { id, narration, visual_query: 'sea', on_screen_text: '' };
}

const scenes = [
	scene('scene-1', 'The sea is deep.'),
	scene('scene-2', 'It is blue, and cold.'),
	scene('scene-3', 'Who lives there?'),
	scene('scene-4', 'Nobody knows them all.'),
];

const input: NarrateInput = { script: { language: 'en', scenes }, style: 'calm' };

interface More extends Partial<NarrateDeps>, Partial<Pick<CallContext, 'signal'>> {
	provider?: SpeechProvider;
	model?: string;
}

async function deps(sandbox: Sandbox, { provider, model, signal, ...more }: More = {}): Promise<NarrateDeps & { clock: TestClock }> {
	const baseUrl = sandbox.services.elevenlabs.url;
	const store = await temporaryStore();
	return {
		candidates: [candidateOf(provider ?? createElevenLabs({ apiKey: KEYS.elevenlabs.apiKey, baseUrl }), baseUrl, model)],
		calls: { store, videoId: 'v-1', stage: 'voice', signal, retry: { baseMs: 1, maxMs: 5 } },
		clock: store.clock,
		tools: await findFfmpeg(),
		folder: await temporaryFolder(),
		...more,
	};
}

const paid = async ({ calls }: NarrateDeps) => await entries(calls.store);

function spokenTexts(sandbox: Sandbox): string[] {
	const requests = sandbox.recorder.list({ service: 'elevenlabs', method: 'POST' });
	return requests.map(({ body }) => (body as { text: string }).text);
}

async function expectTimesInOrder(result: SpeechResult): Promise<void> {
	let sceneEnd = 0;
	for (const { start_s, end_s, words } of result.scenes) {
		expect(start_s).toBe(sceneEnd);
		let wordEnd = start_s;
		for (const word of words) {
			expect(word.start_s).toBeGreaterThanOrEqual(wordEnd);
			expect(word.end_s).toBeGreaterThanOrEqual(word.start_s);
			wordEnd = word.end_s;
		}
		expect(wordEnd).toBeLessThanOrEqual(end_s);
		sceneEnd = end_s;
	}
	expect(sceneEnd).toBe(result.duration_s);
	expect(await decodedDuration(await findFfmpeg(), result.audio.path)).toBeCloseTo(result.duration_s, 3);
}

describe('a narration', () => {
	it('is one file of all scenes in order, with every word in its place', async () => {
		const sandbox = await temporarySandbox();
		const result = await narrate(input, await deps(sandbox));
		await expectTimesInOrder(result);
		expect(result.scenes.map(({ scene_id }) => scene_id)).toEqual(scenes.map(({ id }) => id));
		expect(result.scenes.map(({ words }) => words.map(({ text }) => text).join(' '))).toEqual(
			scenes.map(({ narration }) => narration),
		);
		expect(result.audio).toMatchObject({ mime: 'audio/flac', bytes: expect.any(Number) });
		expect(result).toMatchObject({ provider: 'elevenlabs', model: 'eleven_multilingual_v2', warnings: [] });
	});

	it('is spoken by a voice of the account that fits the style, or by the one that is named', async () => {
		const sandbox = await temporarySandbox();
		expect((await narrate(input, await deps(sandbox))).voice_id).toBe('sandboxVoiceLeo00004');
		const named = await narrate({ ...input, voiceId: 'sandboxVoiceMia00003' }, await deps(sandbox));
		expect(named.voice_id).toBe('sandboxVoiceMia00003');
	});

	it('costs what the provider bills', async () => {
		const sandbox = await temporarySandbox();
		const own = await deps(sandbox);
		const result = await narrate(input, own);
		const characters = scenes.reduce((sum, { narration }) => sum + narration.length, 0);
		expect(result.characters).toBe(characters);
		expect(result.costs).toEqual([
			{ provider: 'elevenlabs', model: 'eleven_multilingual_v2', units: { characters }, micro_usd: characters * 100, basis: 'billed' },
		]);
		expect(result.tried).toEqual([
			{ provider: 'elevenlabs', model: 'eleven_multilingual_v2', outcome: 'used', cost_usd: (characters * 100) / 1_000_000 },
		]);
		expect((await paid(own)).map(({ state, basis }) => `${state} ${basis}`)).toEqual(Array(4).fill('settled billed'));
	});

	it('tells each part its neighbours’ words', async () => {
		const sandbox = await temporarySandbox();
		await narrate(input, await deps(sandbox, { concurrency: 1 }));
		const bodies = sandbox.recorder.list({ service: 'elevenlabs', method: 'POST' }).map(({ body }) => body);
		expect(bodies[1]).toMatchObject({ previous_text: scenes[0]?.narration, next_text: scenes[2]?.narration });
		expect(bodies[0]).not.toHaveProperty('previous_text');
	});

	it('never says stage directions, speech markup or subtitle codes', async () => {
		const sandbox = await temporarySandbox();
		const script = { language: 'en', scenes: [scene('one', '[VISUAL: x] Hear <break time="5s"/> this {\\an8}now [PAUSE].')] };
		await narrate({ ...input, script }, await deps(sandbox));
		expect(spokenTexts(sandbox)).toEqual(['Hear this now.']);
	});

	it('survives emoji and right-to-left text', async () => {
		const sandbox = await temporarySandbox();
		const script = { language: 'ar', scenes: [scene('one', 'البحر عميق 🌊 جدا'), scene('two', '🌊 Blue 🌊')] };
		await expectTimesInOrder(await narrate({ ...input, script }, await deps(sandbox)));
	});

	it('estimates word times where the provider gives none', async () => {
		const sandbox = await temporarySandbox();
		const { provider } = (await deps(sandbox)).candidates[0]!;
		const silent = { ...provider, speakPart: async (request: never) => ({ ...(await provider.speakPart(request)), words: [] }) };
		const result = await narrate(input, await deps(sandbox, { provider: silent }));
		await expectTimesInOrder(result);
		expect(result.scenes[0]?.words).toHaveLength(4);
		expect(result.warnings).toEqual([expect.stringContaining('without word times')]);
	});
});

describe('how many are spoken at once', () => {
	const many = Array.from({ length: 14 }, (_, index) => scene(`scene-${index}`, `This is number ${index}.`));

	async function mostAtOnce(concurrency?: number): Promise<number> {
		const sandbox = await temporarySandbox();
		const own = await deps(sandbox, { concurrency });
		const script = { language: 'en', scenes: many };
		await narrate({ ...input, script }, own);
		// the second time nothing has to be made, so that only the latency counts
		sandbox.recorder.clear();
		sandbox.faults.setLatency('elevenlabs', 400);
		await narrate({ ...input, script }, { ...own, ...{ calls: { ...own.calls, videoId: 'v-2' } }, folder: await temporaryFolder() });
		const requests = sandbox.recorder.list({ service: 'elevenlabs', method: 'POST' });
		const spans = requests.map(({ startedAt, ms }) => [Date.parse(startedAt), Date.parse(startedAt) + (ms ?? 0)] as const);
		return Math.max(...spans.map(([begin]) => spans.filter(([from, to]) => from <= begin && to > begin).length));
	}

	it('is what the account may, once an answer has told', async () => {
		const most = await mostAtOnce();
		expect(most).toBeGreaterThan(3);
		expect(most).toBeLessThanOrEqual(10);
	}, 60_000);

	it('is over all narrations of the process no more than the account may', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.setLatency('elevenlabs', 100);
		const own = await deps(sandbox);
		const results = await Promise.all(
			Array.from({ length: 5 }, async (_, video) => {
				const script = { language: 'en', scenes: many.slice(0, 4).map((one) => ({ ...one, narration: `${video}: ${one.narration}` })) };
				const calls = { ...own.calls, videoId: `v-${video}`, retry: { attempts: 1 } };
				return await narrate({ ...input, script }, { ...own, calls, folder: await temporaryFolder() });
			}),
		);
		expect(results.map(({ scenes: spoken }) => spoken.length)).toEqual([4, 4, 4, 4, 4]);
		expect(sandbox.recorder.list({ service: 'elevenlabs', method: 'POST' }).map(({ status }) => status)).not.toContain(429);
	}, 60_000);

	it('is what is asked for, where the account may more', async () => {
		expect(await mostAtOnce(2)).toBe(2);
	}, 60_000);
});

describe('a part that is paid', () => {
	it('is not paid again when the narration is made again', async () => {
		const sandbox = await temporarySandbox();
		const own = await deps(sandbox);
		const first = await narrate(input, own);
		const again = await narrate(input, own);
		expect(spokenTexts(sandbox)).toHaveLength(4);
		expect(await paid(own)).toHaveLength(4);
		expect(again).toEqual(first);
	});

	it('is not paid again, nor by another provider, when the list of voices is down by then', async () => {
		const sandbox = await temporarySandbox();
		const own = await deps(sandbox);
		const first = await narrate(input, own);
		sandbox.faults.add({ service: 'elevenlabs', match: { path: '/v2/voices' }, kind: 'status', status: 503, times: 0 });
		const again = await narrate(input, own);
		expect(again.audio.path).toBe(first.audio.path);
		expect(await paid(own)).toHaveLength(4);
	});

	it('is kept when another part fails, and only what is missing is asked for next time', async () => {
		const sandbox = await temporarySandbox();
		const own = await deps(sandbox, { concurrency: 1 });
		sandbox.faults.add({ service: 'elevenlabs', match: { method: 'POST' }, kind: 'status', status: 401, reason: 'quota_exceeded', after: 2 });
		await expect(narrate(input, own)).rejects.toMatchObject({ errorClass: 'quota-exhausted' });
		// until then the account rests
		own.clock.pass(3_600_001);
		await narrate(input, own);
		const texts = spokenTexts(sandbox);
		expect(texts).toHaveLength(5);
		expect(texts.filter((text) => text === scenes[0]?.narration)).toHaveLength(1);
		expect(await paid(own)).toHaveLength(4);
	});

	it('is paid again only where its text has changed', async () => {
		const sandbox = await temporarySandbox();
		const own = await deps(sandbox, { concurrency: 1 });
		await narrate(input, own);
		const changed = scenes.with(3, scene('scene-4', 'Nobody will ever know.'));
		await narrate({ ...input, script: { language: 'en', scenes: changed } }, own);
		// its neighbour hears what follows, and so is spoken anew too
		expect(spokenTexts(sandbox).slice(4)).toEqual([scenes[2]?.narration, 'Nobody will ever know.']);
	});

	it('but broken on disk is asked for again', async () => {
		const sandbox = await temporarySandbox();
		const own = await deps(sandbox);
		await narrate(input, own);
		const folder = join(own.folder, 'speech');
		const [first, second] = (await readdir(folder)).filter((name) => name.endsWith('.mp3'));
		await writeFile(join(folder, first ?? ''), 'cut');
		await rm(join(folder, second ?? ''));
		await narrate(input, own);
		expect(spokenTexts(sandbox)).toHaveLength(6);
	});

	it('but holds no sound is not kept', async () => {
		const sandbox = await temporarySandbox();
		const body = { audio_base64: Buffer.from('not a sound at all').toString('base64'), alignment: null };
		sandbox.faults.add({ service: 'elevenlabs', match: { method: 'POST' }, kind: 'status', status: 200, body });
		const own = await deps(sandbox, { concurrency: 1 });
		await expect(narrate(input, own)).rejects.toMatchObject({ errorClass: 'unavailable', reason: 'malformed-answer' });
		await narrate(input, own);
		expect(spokenTexts(sandbox)).toHaveLength(5);
		expect(await paid(own)).toHaveLength(5);
	});
});

describe('trouble', () => {
	it('that may pass is tried again', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'elevenlabs', match: { method: 'POST' }, kind: 'status', status: 429, reason: 'system_busy', times: 2 });
		await narrate(input, await deps(sandbox));
		expect(spokenTexts(sandbox)).toHaveLength(6);
	});

	it('is over for all parts when the execution is cancelled', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'elevenlabs', match: { method: 'POST' }, kind: 'slow', delayMs: 5000, times: 0 });
		const own = await deps(sandbox, { signal: AbortSignal.timeout(300) });
		const began = Date.now();
		await expect(narrate(input, own)).rejects.toMatchObject({ errorClass: 'cancelled' });
		expect(Date.now() - began).toBeLessThan(3000);
		expect(spokenTexts(sandbox).length).toBeLessThanOrEqual(3);
		expect(await readdir(join(own.folder, 'speech'))).toEqual([]);
	});

	it.each([
		['no scenes', []],
		['a scene of a cue only', [scene('one', '[PAUSE]')]],
	])('with the script (%s) is told before anything is asked', async (_name, wrong) => {
		const sandbox = await temporarySandbox();
		const work = narrate({ ...input, script: { language: 'en', scenes: wrong } }, await deps(sandbox));
		await expect(work).rejects.toMatchObject({ errorClass: 'invalid-request' });
		expect(sandbox.recorder.list({ service: 'elevenlabs' })).toHaveLength(0);
	});

	it('with a model that is switched off is warned of, as long as it still speaks', async () => {
		const sandbox = await temporarySandbox();
		const url = `${sandbox.services.elevenlabs.url}/v1/text-to-speech/sandboxVoiceLeo00004/with-timestamps`;
		const headers = { 'xi-api-key': KEYS.elevenlabs.apiKey, 'content-type': 'application/json' };
		const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ text: 'The sea.', model_id: 'eleven_multilingual_v2' }) });
		sandbox.faults.add({ service: 'elevenlabs', match: { method: 'POST' }, kind: 'status', status: 200, body: await answer.json(), times: 0 });
		const own = await deps(sandbox, { model: 'eleven_multilingual_v1' });
		const { warnings } = await narrate(input, own);
		expect(warnings).toContain('eleven_multilingual_v1 was switched off on 2026-07-09; use eleven_multilingual_v2');
		own.clock.pass(Date.parse('2026-07-01') - own.clock.ms);
		expect((await narrate(input, own)).warnings).toContain('eleven_multilingual_v1 will be switched off on 2026-07-09; use eleven_multilingual_v2');
	});

	it('with a model that was removed is told', async () => {
		const sandbox = await temporarySandbox();
		const work = narrate(input, await deps(sandbox, { model: 'eleven_monolingual_v1' }));
		await expect(work).rejects.toMatchObject({ errorClass: 'invalid-request' });
	});
});
