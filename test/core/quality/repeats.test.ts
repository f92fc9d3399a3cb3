/** The search for repeated clips beside other work. */
import { describe, expect, it } from 'vitest';

import { repeatsIn, SMALL_PICTURE } from '../../../core/quality/repeats';

const PIXELS = SMALL_PICTURE.width * SMALL_PICTURE.height;

/** Pictures of noise, each like no other, as of a quarter of an hour. */
const long = () => {
	let seed = 1;
	return Buffer.from(Uint8Array.from({ length: 3600 * PIXELS }, () => (seed = (seed * 48_271) % 2_147_483_647) & 255));
};

describe('the search for repeated clips in a long video', () => {
	it('lets other work have its turn all the time', async () => {
		const pictures = long();
		let [turns, longest, last] = [0, 0, performance.now()];
		const timer = setInterval(() => {
			turns++;
			longest = Math.max(longest, performance.now() - last);
			last = performance.now();
		}, 5);
		await repeatsIn(pictures);
		clearInterval(timer);
		expect(turns).toBeGreaterThan(3);
		expect(longest).toBeLessThan(500);
	});

	it('stops when it is cancelled', async () => {
		const controller = new AbortController();
		setTimeout(() => controller.abort(), 30);
		await expect(repeatsIn(long(), controller.signal)).rejects.toMatchObject({ errorClass: 'cancelled' });
	});
});
