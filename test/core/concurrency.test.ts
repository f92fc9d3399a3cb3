import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { mapLimited, together } from '../../core/concurrency';

describe('mapLimited', () => {
	it('keeps the order and never has more under way than it may', async () => {
		let underWay = 0;
		let most = 0;
		const results = await mapLimited([30, 10, 20, 5, 1], 2, async (ms) => {
			most = Math.max(most, ++underWay);
			await delay(ms);
			underWay--;
			return ms;
		});
		expect(results).toEqual([30, 10, 20, 5, 1]);
		expect(most).toBe(2);
	});

	it('begins nothing new after a failure, tells the others and waits for them', async () => {
		const begun: number[] = [];
		const finished: number[] = [];
		const told: boolean[] = [];
		const work = mapLimited([1, 2, 3, 4, 5], 2, async (item, _index, signal) => {
			begun.push(item);
			await delay(item === 1 ? 5 : 30);
			if (item === 1) throw new Error('one failed');
			finished.push(item);
			told.push(signal.aborted);
		});
		await expect(work).rejects.toThrow('one failed');
		expect(begun).toEqual([1, 2]);
		expect(finished).toEqual([2]);
		expect(told).toEqual([true]);
	});
});

describe('two works together', () => {
	it('give both results', async () => {
		await expect(together(undefined, async () => await delay(5, 'a'), async () => await delay(1, 2))).resolves.toEqual(['a', 2]);
	});

	it('end together: the failure of one stops the other', async () => {
		let stopped = false;
		const work = together(
			undefined,
			async (signal) => {
				await delay(10_000, undefined, { signal }).catch(() => (stopped = signal.aborted));
			},
			async () => {
				await delay(5);
				throw new Error('no sound');
			},
		);
		await expect(work).rejects.toThrow('no sound');
		expect(stopped).toBe(true);
	});
});
