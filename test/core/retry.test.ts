import { describe, expect, it, vi } from 'vitest';

import { YtempireError } from '../../core/errors';
import type { ErrorClass } from '../../core/errors';
import { retry } from '../../core/retry';

function failing(times: number, errorClass: ErrorClass, retryAfterMs?: number) {
	return vi.fn((attempt: number) =>
		attempt <= times
			? Promise.reject(new YtempireError(errorClass, 'no', { retryAfterMs }))
			: Promise.resolve('done'),
	);
}

function recorded() {
	const waits: number[] = [];
	const sleep = (ms: number) => {
		waits.push(ms);
		return Promise.resolve();
	};
	return { waits, sleep };
}

describe('retry', () => {
	it('waits 4 s, then 8 s, and never more than 10 s', async () => {
		const { waits, sleep } = recorded();
		await retry(failing(4, 'unavailable'), { attempts: 5, sleep, random: () => 0 });
		expect(waits).toEqual([4000, 8000, 10000, 10000]);
	});

	it('adds up to a quarter of jitter', async () => {
		const { waits, sleep } = recorded();
		await retry(failing(1, 'unavailable'), { sleep, random: () => 1 });
		expect(waits).toEqual([5000]);
	});

	it('waits as long as the service asks', async () => {
		const { waits, sleep } = recorded();
		await retry(failing(1, 'rate-limited', 23_000), { sleep, random: () => 0 });
		expect(waits).toEqual([23_000]);
	});

	it('gives up at once when the service asks for too long a wait', async () => {
		const work = failing(1, 'rate-limited', 3_600_000);
		await expect(retry(work, recorded())).rejects.toThrow('no');
		expect(work).toHaveBeenCalledTimes(1);
	});

	it('stops after three calls', async () => {
		const work = failing(9, 'unavailable');
		await expect(retry(work, recorded())).rejects.toThrow('no');
		expect(work).toHaveBeenCalledTimes(3);
	});

	it.each(['auth', 'refused', 'invalid-request', 'quota-exhausted', 'cancelled'] as const)(
		'does not repeat what is %s',
		async (errorClass) => {
			const work = failing(1, errorClass);
			await expect(retry(work, recorded())).rejects.toThrow('no');
			expect(work).toHaveBeenCalledTimes(1);
		},
	);

	it('ends its wait when it is cancelled', async () => {
		const controller = new AbortController();
		setTimeout(() => controller.abort(), 20);
		const began = Date.now();
		await expect(retry(failing(1, 'unavailable'), { signal: controller.signal })).rejects.toMatchObject({
			errorClass: 'cancelled',
		});
		expect(Date.now() - began).toBeLessThan(1000);
	});
});
