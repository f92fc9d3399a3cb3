/** OpenAI's own ways: its grid of sizes, its tokens. */
import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { createOpenAiImages, paintedSize } from '../../../../core/providers/image/openai-images';
import { temporarySandbox } from '../../../support/sandbox';
import { temporaryFolder } from '../../../support/store';
import { KITS } from './providers';

const model = 'gpt-image-2.6-flare';

describe('the size that is asked for', () => {
	it.each([
		[1280, 720, '1280x720'],
		[1920, 1080, '1920x1088'],
		[1080, 1920, '1088x1920'],
		[1080, 1080, '1088x1088'],
		[1080, 1350, '1088x1360'],
		[3840, 2160, '3840x2160'],
	])('for %i × %i is %s', (width, height, size) => {
		const painted = paintedSize({ model, width, height });
		expect(`${painted.width}x${painted.height}`).toBe(size);
	});

	it('is one that the model makes, and covers the wanted one where it can', () => {
		fc.assert(
			fc.property(fc.integer({ min: 64, max: 3840 }), fc.integer({ min: 64, max: 3840 }), (width, height) => {
				const painted = paintedSize({ model, width, height });
				expect(painted.width % 16).toBe(0);
				expect(painted.height % 16).toBe(0);
				expect(painted.width / painted.height).toBeLessThanOrEqual(3);
				expect(painted.width / painted.height).toBeGreaterThanOrEqual(1 / 3);
				expect(Math.max(painted.width, painted.height)).toBeLessThanOrEqual(3840);
				expect(painted.width * painted.height).toBeGreaterThanOrEqual(655_360);
				expect(painted.width * painted.height).toBeLessThanOrEqual(3840 * 2160);
				if (Math.max(width, height) <= 1280) {
					expect(painted.width).toBeGreaterThanOrEqual(width);
					expect(painted.height).toBeGreaterThanOrEqual(height);
				}
			}),
		);
	});

	it('is the nearest in shape of a model that makes only some', () => {
		expect(paintedSize({ model: 'gpt-image-1.5', width: 1920, height: 1080 })).toEqual({ width: 1536, height: 1024 });
		expect(paintedSize({ model: 'gpt-image-1.5', width: 1080, height: 1920 })).toEqual({ width: 1024, height: 1536 });
	});
});

it('the cost is counted from the tokens that the answer names', async () => {
	const sandbox = await temporarySandbox();
	const usage = { input_tokens: 110, input_tokens_details: { image_tokens: 10, text_tokens: 100 }, output_tokens: 1000, total_tokens: 1110 };
	const body = { created: 1, data: [{ b64_json: Buffer.from('x').toString('base64') }], usage };
	sandbox.faults.add({ service: 'openai', kind: 'status', status: 200, body });
	const provider = createOpenAiImages(KITS.openai.connection(sandbox));
	const imagePath = join(await temporaryFolder(), 'one');
	const { cost } = await provider.paint({ model, prompt: 'A lake', width: 1280, height: 720, imagePath });
	expect(cost).toMatchObject({ basis: 'billed', micro_usd: 100 * 5 + 10 * 8 + 1000 * 30 });
});

it('an answer that names no tokens is estimated, and says so', async () => {
	const sandbox = await temporarySandbox();
	const body = { created: 1, data: [{ b64_json: Buffer.from('x').toString('base64') }] };
	sandbox.faults.add({ service: 'openai', kind: 'status', status: 200, body });
	const provider = createOpenAiImages(KITS.openai.connection(sandbox));
	const imagePath = join(await temporaryFolder(), 'one');
	const painted = await provider.paint({ model, prompt: 'A lake', width: 1280, height: 720, seed: 4, imagePath });
	expect(painted.cost.basis).toBe('estimated');
	expect(painted.cost.micro_usd).toBeGreaterThan(0);
	expect(painted.warnings).toEqual([expect.stringContaining('estimated'), expect.stringContaining('seed')]);
});
