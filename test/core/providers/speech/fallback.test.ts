/** A narration that the first provider can't speak: by whom, with which voice, and at what cost, over real HTTP against the sandbox. */
import { beforeEach, describe, expect, it } from 'vitest';

import type { Budget } from '../../../../core/cost/budget';
import { SPEECH_PROVIDERS } from '../../../../core/providers/speech';
import type { SpeechProviderId } from '../../../../core/providers/speech/models';
import { narrate, type NarrateDeps, type NarrateInput } from '../../../../core/providers/speech/narrate';
import { genderOf, type Gender } from '../../../../core/providers/speech/voices';
import { closeCircuits } from '../../../../core/routing/breaker';
import { findFfmpeg } from '../../../../core/video/ffmpeg';
import type { FaultSetting } from '../../../../sandbox/faults';
import type { Sandbox } from '../../../../sandbox/server';
import { queuedJob } from '../../../support/job';
import { billed, candidateOf, entries, sumOf } from '../../../support/ledger';
import { temporarySandbox } from '../../../support/sandbox';
import { temporaryFolder, temporaryStore, type TestClock } from '../../../support/store';
import { KITS } from './providers';

beforeEach(closeCircuits);

const IDS = Object.keys(SPEECH_PROVIDERS) as SpeechProviderId[];

const scenes = ['The sea is deep.', 'It is blue, and very cold.', 'Who lives there?'].map((narration, index) => ({
	id: `scene-${index + 1}`,
	narration,
}));

const input: NarrateInput = { script: { language: 'en', scenes }, style: 'calm' };

async function deps(sandbox: Sandbox, ids: SpeechProviderId[], budget: Budget = {}): Promise<NarrateDeps & { clock: TestClock }> {
	const store = await temporaryStore();
	await queuedJob(store, {}, budget);
	return {
		candidates: ids.map((id) => {
			const connection = KITS[id].connection(sandbox);
			return candidateOf(SPEECH_PROVIDERS[id](connection), connection.baseUrl ?? '');
		}),
		calls: { store, videoId: 'v-1', stage: 'voice', retry: { baseMs: 1, maxMs: 5 } },
		clock: store.clock,
		tools: await findFfmpeg(),
		folder: await temporaryFolder(),
		concurrency: 1,
	};
}

const SPEAKING: Record<SpeechProviderId, FaultSetting['match']> = {
	elevenlabs: { method: 'POST' },
	'azure-speech': { method: 'POST' },
	'google-tts': { method: 'POST' },
};

const requests = (sandbox: Sandbox, id: SpeechProviderId) => sandbox.recorder.list({ service: KITS[id].service, method: 'POST' });

/** Billed to the store what the services billed. */
async function expectSameSums(sandbox: Sandbox, { calls }: NarrateDeps): Promise<void> {
	for (const id of IDS) {
		expect([id, sumOf(await entries(calls.store, id), 'characters')]).toEqual([id, sumOf(billed(sandbox, KITS[id].service), 'characters')]);
	}
}

describe.each(IDS)('instead of %s', (id) => {
	const other = IDS.find((one) => one !== id) as SpeechProviderId;

	it.each(['auth', 'quota-exhausted', 'refused', 'rate-limited', 'unavailable'])(
		'another provider speaks the whole narration when it fails in the middle (%s), and the result says so',
		async (errorClass) => {
			const sandbox = await temporarySandbox();
			const [, failure] = KITS[id].failures.find(([, , one]) => one === errorClass) ?? [];
			sandbox.faults.add({ service: KITS[id].service, match: SPEAKING[id], kind: 'status', times: 0, after: 1, ...failure, ...{ headers: {} } });
			const own = await deps(sandbox, [id, other]);
			const result = await narrate(input, own);
			expect(result.provider).toBe(other);
			expect(result.tried).toMatchObject([
				{ provider: id, outcome: 'failed', error_class: errorClass },
				{ provider: other, outcome: 'used' },
			]);
			expect(result.tried[0]?.cost_usd).toBeGreaterThan(0);
			expect(result.warnings[0]).toContain(`${id} could not be used`);
			expect(result.scenes.map(({ words }) => words.map(({ text }) => text).join(' '))).toEqual(scenes.map(({ narration }) => narration));
			expect(new Set(requests(sandbox, other).map(({ path }) => path)).size).toBe(1);
			expect(requests(sandbox, other)).toHaveLength(3);
			await expectSameSums(sandbox, own);
			expect(result.costs.reduce((sum, { micro_usd: micro }) => sum + micro, 0)).toBe(
				(await entries(own.calls.store)).reduce((sum, { micro_usd: micro }) => sum + micro, 0),
			);
		},
	);

	it('what may have been billed stays in the ledger at the sum of the bill', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: KITS[id].service, match: SPEAKING[id], kind: 'drop-answer', after: 1 });
		const own = await deps(sandbox, [id]);
		await narrate(input, own);
		const states = (await entries(own.calls.store)).map(({ state }) => state).sort();
		expect(states).toEqual(['open', 'settled', 'settled', 'settled']);
		expect(billed(sandbox, KITS[id].service)).toHaveLength(4);
		await expectSameSums(sandbox, own);
	});
});

it('goes on when Azure lacks the voice in its region', async () => {
	const sandbox = await temporarySandbox();
	sandbox.faults.add({ service: 'azure-speech', match: SPEAKING['azure-speech'], kind: 'status', status: 400, reason: 'unsupported-voice', times: 0 });
	const result = await narrate(input, await deps(sandbox, ['azure-speech', 'google-tts']));
	expect(result.tried).toMatchObject([{ outcome: 'failed', reason: 'unsupported-voice' }, { provider: 'google-tts', outcome: 'used' }]);
});

describe('the voice of the other provider', () => {
	const voicesAt = async ({ candidates }: NarrateDeps, index: number) => await candidates[index]!.provider.listVoices();

	it.each(['female', 'male'] satisfies Gender[])('is %s as the named one is, also when the first provider is down by now', async (gender) => {
		const sandbox = await temporarySandbox();
		const own = await deps(sandbox, ['elevenlabs', 'azure-speech']);
		const voiceId = (await voicesAt(own, 0)).find((voice) => genderOf(voice) === gender)?.id;
		await narrate({ ...input, voiceId }, own);
		sandbox.faults.add({ service: 'elevenlabs', kind: 'status', status: 503, times: 0 });
		const changed = { ...input, voiceId, script: { language: 'en', scenes: scenes.slice(1) } };
		const result = await narrate(changed, own);
		const voice = (await voicesAt(own, 1)).find(({ id }) => id === result.voice_id);
		expect([result.provider, voice && genderOf(voice), voice?.languages[0]?.slice(0, 2)]).toEqual(['azure-speech', gender, 'en']);
		expect(result.warnings.join()).not.toContain("isn't known");
	});

	it('is told to be another when nothing is known of the named one', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'elevenlabs', kind: 'status', status: 503, times: 0 });
		const result = await narrate({ ...input, voiceId: 'sandboxVoiceLeo00004' }, await deps(sandbox, ['elevenlabs', 'google-tts']));
		expect(result.provider).toBe('google-tts');
		expect(result.warnings).toContainEqual(expect.stringContaining("sandboxVoiceLeo00004 is female or male isn't known"));
	});

	it('is remembered for a week', async () => {
		const sandbox = await temporarySandbox();
		const own = await deps(sandbox, ['elevenlabs', 'google-tts']);
		const lists = () => sandbox.recorder.list({ service: 'elevenlabs', path: '/v2/voices' }).length;
		const named = { ...input, voiceId: 'sandboxVoiceLeo00004' };
		await narrate(named, own);
		await narrate(named, own);
		expect(lists()).toBe(1);
		own.clock.pass(7 * 24 * 3_600_000);
		await narrate(named, own);
		expect(lists()).toBe(2);
	});

	it('speaks also when the first provider does not have the named one', async () => {
		const sandbox = await temporarySandbox();
		const result = await narrate({ ...input, voiceId: 'noSuchVoice' }, await deps(sandbox, ['elevenlabs', 'azure-speech']));
		expect(result.tried[0]).toMatchObject({ outcome: 'failed', error_class: 'invalid-request' });
		expect(result.provider).toBe('azure-speech');
	});
});

describe('a budget', () => {
	const characters = scenes.reduce((sum, { narration }) => sum + narration.length, 0);
	const price = characters * 100;

	it('that the whole narration would break is told with the figures before anything is spoken', async () => {
		const sandbox = await temporarySandbox();
		const error: unknown = await narrate(input, await deps(sandbox, ['elevenlabs'], { video: price - 1 })).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ errorClass: 'quota-exhausted', reason: 'budget-exceeded' });
		expect((error as Error).message).toBe(
			`Video v-1 has a budget of $0.00${price - 1}, of which $0.00 are spent: the stage voice may take up to $0.00${price / 100}`,
		);
		expect(requests(sandbox, 'elevenlabs')).toHaveLength(0);
		expect(billed(sandbox, 'elevenlabs')).toHaveLength(0);
	});

	it('that it just fits into is enough, also when it is run again after half of it', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'elevenlabs', match: { method: 'POST' }, kind: 'status', status: 401, after: 1 });
		const own = await deps(sandbox, ['elevenlabs'], { video: price });
		await expect(narrate(input, own)).rejects.toMatchObject({ errorClass: 'auth' });
		await narrate(input, own);
		expect(sumOf(billed(sandbox, 'elevenlabs'), 'characters')).toBe(characters);
	});

	it('too small for the first provider leads to a cheaper one', async () => {
		const sandbox = await temporarySandbox();
		const result = await narrate(input, await deps(sandbox, ['elevenlabs', 'azure-speech'], { video: price - 1 }));
		expect(result.tried).toMatchObject([{ reason: 'budget-exceeded', cost_usd: 0 }, { provider: 'azure-speech', outcome: 'used' }]);
	});
});
