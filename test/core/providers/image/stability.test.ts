/** Stability's own ways: shapes, styles, credits, a filtered picture that is billed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { createStability, nearestAspectRatio } from '../../../../core/providers/image/stability';
import { BLURRED } from '../../../../sandbox/drawing/markers';
import type { Sandbox } from '../../../../sandbox/server';
import { temporarySandbox } from '../../../support/sandbox';
import { temporaryFolder } from '../../../support/store';
import { KITS } from './providers';

const wish = { model: 'stable-image-core', prompt: 'A lake', width: 1920, height: 1080 };

const connect = (sandbox: Sandbox) => createStability(KITS.stability.connection(sandbox));

const asked = (sandbox: Sandbox) =>
	(sandbox.state('stability') as { asked: Array<{ path: string; fields: Record<string, string> }> }).asked;

it.each([
	[1920, 1080, '16:9'],
	[1080, 1920, '9:16'],
	[1080, 1080, '1:1'],
	[1080, 1350, '4:5'],
	[1280, 720, '16:9'],
	[4000, 100, '21:9'],
	[100, 4000, '9:21'],
	[1000, 700, '3:2'],
])('%i × %i is asked for as %s, of which the least is cut away', (width, height, ratio) => {
	expect(nearestAspectRatio({ width, height })).toBe(ratio);
});

it('a filtered picture is a refusal that carries its cost, and leaves no file', async () => {
	const sandbox = await temporarySandbox();
	const imagePath = join(await temporaryFolder(), 'one.picture');
	await expect(connect(sandbox).paint({ ...wish, prompt: BLURRED, imagePath })).rejects.toMatchObject({
		errorClass: 'refused',
		reason: 'CONTENT_FILTERED',
		costs: [{ provider: 'stability', model: 'stable-image-core', units: { credits: 3 }, micro_usd: 30_000 }],
	});
	expect(existsSync(imagePath)).toBe(false);
});

it('a style is a preset where the model is known to take it, else words in the prompt', async () => {
	const sandbox = await temporarySandbox();
	const folder = await temporaryFolder();
	for (const model of ['stable-image-core', 'stable-image-ultra']) {
		await connect(sandbox).paint({ ...wish, model, style: 'low-poly', imagePath: join(folder, model) });
	}
	expect(asked(sandbox)[0]?.fields).toMatchObject({ prompt: 'A lake', style_preset: 'low-poly' });
	expect(asked(sandbox)[1]?.fields).toMatchObject({ prompt: 'A lake. Style: low poly.' });
	expect(asked(sandbox)[1]?.fields).not.toHaveProperty('style_preset');
});

it.each([
	['stable-image-core', 30_000],
	['stable-image-ultra', 80_000],
	['sd3.5-large', 65_000],
	['sd3.5-medium', 35_000],
	['one-of-tomorrow', 80_000],
])('%s costs %i micro-dollars', (model, micro) => {
	const provider = createStability({ apiKey: 'x' });
	expect(provider.estimate({ ...wish, model })).toMatchObject({ micro_usd: micro, basis: 'estimated' });
});

it('the same seed gives the same picture, and is told', async () => {
	const sandbox = await temporarySandbox();
	const folder = await temporaryFolder();
	const paint = async (seed: number, name: string) =>
		await connect(sandbox).paint({ ...wish, seed, imagePath: join(folder, name) });
	expect(await paint(42, 'a')).toMatchObject({ seed: 42 });
	expect((await paint(0, 'b')).seed).toBeGreaterThan(0);
});

it('a key that sent too much waits out the provider’s minute', async () => {
	const sandbox = await temporarySandbox();
	sandbox.faults.add({ service: 'stability', kind: 'status', status: 429 });
	const imagePath = join(await temporaryFolder(), 'one.picture');
	await expect(connect(sandbox).paint({ ...wish, imagePath })).rejects.toMatchObject({
		errorClass: 'rate-limited',
		retryAfterMs: 60_000,
	});
});
