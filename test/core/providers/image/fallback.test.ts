/** A picture that the first provider can't give: by whom, and at what cost, over real HTTP against the sandbox. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import type { Budget } from '../../../../core/cost/budget';
import type { YtempireError } from '../../../../core/errors';
import { IMAGE_PROVIDERS } from '../../../../core/providers/image';
import { generateImage, type ImageDeps, type ImageInput } from '../../../../core/providers/image/generate';
import type { ImageProviderId } from '../../../../core/providers/image/models';
import { closeCircuits } from '../../../../core/routing/breaker';
import { findFfmpeg, probe } from '../../../../core/video/ffmpeg';
import { BLURRED } from '../../../../sandbox/drawing/markers';
import type { Sandbox } from '../../../../sandbox/server';
import { queuedJob } from '../../../support/job';
import { billed, candidateOf, entries } from '../../../support/ledger';
import { temporarySandbox } from '../../../support/sandbox';
import { temporaryFolder, temporaryStore } from '../../../support/store';
import { KITS } from './providers';

beforeEach(closeCircuits);

const IDS = Object.keys(IMAGE_PROVIDERS) as ImageProviderId[];

const scene: ImageInput = { purpose: 'scene', prompt: 'A mountain lake at dawn', width: 320, height: 180 };

async function deps(sandbox: Sandbox, ids: ImageProviderId[], budget: Budget = {}): Promise<ImageDeps> {
	const store = await temporaryStore();
	await queuedJob(store, {}, budget);
	return {
		candidates: ids.map((id) => {
			const connection = KITS[id].connection(sandbox);
			return candidateOf(IMAGE_PROVIDERS[id](connection), connection.baseUrl ?? '');
		}),
		calls: { store, videoId: 'v-1', stage: 'image', retry: { sleep: async () => undefined } },
		tools: await findFfmpeg(),
		folder: await temporaryFolder(),
	};
}

/** The store counts what the services billed, unit by unit. */
async function expectSameSums(sandbox: Sandbox, { calls }: ImageDeps): Promise<void> {
	for (const id of IDS) {
		const own = (await entries(calls.store, id)).map(({ units }) => total(units));
		expect([id, own.sort()]).toEqual([id, billed(sandbox, KITS[id].service).map(({ units }) => total(units)).sort()]);
	}
}

const total = (units: Record<string, number>) => Object.values(units).reduce((sum, count) => sum + count, 0);

describe.each(IDS)('instead of %s', (id) => {
	const other = IDS.find((one) => one !== id) as ImageProviderId;

	it.each(['auth', 'quota-exhausted', 'refused', 'rate-limited', 'unavailable'])(
		'another provider paints when it fails (%s), and the result says so',
		async (errorClass) => {
			const sandbox = await temporarySandbox();
			const [, failure] = KITS[id].failures.find(([, , one]) => one === errorClass) ?? [];
			sandbox.faults.add({ service: KITS[id].service, kind: 'status', times: 0, ...failure });
			const own = await deps(sandbox, [id, other]);
			const result = await generateImage(scene, own);
			expect(result.tried).toMatchObject([
				{ provider: id, outcome: 'failed', error_class: errorClass, cost_usd: 0 },
				{ provider: other, outcome: 'used' },
			]);
			expect(result.provider).toBe(other);
			expect(result.warnings[0]).toContain(`${id} could not be used`);
			expect((await probe(own.tools, result.image.path)).video).toMatchObject({ width: 320, height: 180 });
			// behind an answer that is made up, the gateway's own task goes on
			if (failure?.match?.path !== '/mj/task') await expectSameSums(sandbox, own);
		},
	);

	it('pays a picture once, whatever format it is wanted in, and again when its file is gone', async () => {
		const sandbox = await temporarySandbox();
		const own = await deps(sandbox, [id]);
		const first = await generateImage(scene, own);
		expect(await generateImage(scene, own)).toEqual(first);
		await generateImage({ ...scene, format: 'jpeg' }, own);
		expect(billed(sandbox, KITS[id].service)).toHaveLength(1);
		await rm(join(own.folder, 'image'), { recursive: true });
		await generateImage(scene, own);
		expect(billed(sandbox, KITS[id].service)).toHaveLength(2);
		await expectSameSums(sandbox, own);
	});
});

describe('what a provider withholds and bills', () => {
	it('is in the ledger and in the result of the provider that gives a picture', async () => {
		const sandbox = await temporarySandbox();
		const own = await deps(sandbox, ['stability', 'openai']);
		const blurred = { ...scene, prompt: `A castle, ${BLURRED}` };
		const error: unknown = await generateImage(blurred, own).catch((thrown: unknown) => thrown);
		// the sandbox's OpenAI blurs it too
		expect(error).toMatchObject({ errorClass: 'refused', reason: 'all-providers-failed' });
		expect(billed(sandbox, 'stability')).toHaveLength(1);
		await expectSameSums(sandbox, own);
	});
});

describe('a picture that is paid', () => {
	/** As an ffmpeg that the machine kills, or can't start. */
	async function troubled(own: ImageDeps, program: string): Promise<ImageDeps> {
		const file = join(await temporaryFolder(), 'ffmpeg');
		await writeFile(file, program, { mode: 0o755 });
		return { ...own, tools: { ...own.tools, ffmpeg: file } };
	}

	it.each([
		['killed', '#!/bin/sh\nkill -9 $$\n'],
		['not to be started', '#!/no/such/interpreter\n'],
	])('is bought once, though ffmpeg is %s when it is looked at, and found by the next run', async (_how, program) => {
		const sandbox = await temporarySandbox();
		const own = await deps(sandbox, ['stability', 'openai']);
		const error: unknown = await generateImage(scene, await troubled(own, program)).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ provider: undefined });
		expect((await generateImage(scene, own)).provider).toBe('stability');
		expect(billed(sandbox, 'stability')).toHaveLength(1);
		expect(billed(sandbox, 'openai')).toHaveLength(0);
		await expectSameSums(sandbox, own);
	});

	it('and withheld is not bought again by a later run, which tells its cost once more', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'openai', kind: 'status', status: 503, times: 3 });
		const own = await deps(sandbox, ['stability', 'openai']);
		const blurred = { ...scene, prompt: `A castle, ${BLURRED}` };
		for (let run = 0; run < 3; run++) {
			const error = await generateImage(blurred, own).catch((thrown: unknown) => thrown as YtempireError);
			expect('issues' in error && error.issues[0]?.reason).toContain('stability blurred the picture under its usage policy, and bills it');
		}
		expect(billed(sandbox, 'stability')).toHaveLength(1);
		expect(billed(sandbox, 'openai')).toHaveLength(1);
		const alone = { ...own, candidates: own.candidates.slice(0, 1) };
		await expect(generateImage(blurred, alone)).rejects.toMatchObject({ reason: 'CONTENT_FILTERED', costs: [{ micro_usd: 30_000 }] });
		await expectSameSums(sandbox, own);
	});

	it('and came broken is in the costs of the result, beside the one that came after it', async () => {
		const sandbox = await temporarySandbox();
		const body = { image: Buffer.from('half a picture').toString('base64'), finish_reason: 'SUCCESS', seed: 1 };
		sandbox.faults.add({ service: 'stability', kind: 'status', status: 200, body });
		const own = await deps(sandbox, ['stability']);
		const { costs, tried } = await generateImage(scene, own);
		const ledger = await entries(own.calls.store);
		expect(ledger.map(({ micro_usd }) => micro_usd)).toEqual([30_000, 30_000]);
		expect(costs).toMatchObject([{ micro_usd: 60_000 }]);
		expect(tried).toMatchObject([{ outcome: 'used', cost_usd: 0.06 }]);
	});
});

it('says that the model which painted is to be switched off', async () => {
	const sandbox = await temporarySandbox();
	const own = await deps(sandbox, ['openai']);
	const candidates = own.candidates.map((candidate) => ({ ...candidate, model: 'gpt-image-1.5' }));
	const { warnings } = await generateImage(scene, { ...own, candidates });
	expect(warnings).toContain('gpt-image-1.5 will be switched off on 2026-12-01; use gpt-image-2.6-flare');
	expect((await generateImage(scene, own)).warnings.join()).not.toContain('switched off');
});

describe('a budget', () => {
	it('that the picture would break is told with the figures before it is asked for', async () => {
		const sandbox = await temporarySandbox();
		const error: unknown = await generateImage(scene, await deps(sandbox, ['stability'], { video: 29_999 })).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ errorClass: 'quota-exhausted', reason: 'budget-exceeded' });
		expect((error as Error).message).toContain('may take up to $0.03');
		expect(sandbox.recorder.list({ service: 'stability' })).toHaveLength(0);
	});
});
