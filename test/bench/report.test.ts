/** How benches judge: medians, goals, and turns that meet the same machine. */
import { describe, expect, it } from 'vitest';

import { figure, inTurns, median, table } from '../../bench/report';

describe('the report of a bench', () => {
	it('takes the middle of what was measured, whatever the order and one wild value', () => {
		expect(median([5, 1, 900])).toBe(5);
		expect(median([4, 1, 2, 3])).toBe(2.5);
	});

	it('says that a goal is missed as soon as the value is above it', () => {
		expect(figure('start', 100, 'ms', { atMost: 100 }).holds).toBe(true);
		expect(figure('start', 100.1, 'ms', { atMost: 100 }).holds).toBe(false);
	});

	it('says that a goal is missed as soon as the value is below it', () => {
		expect(figure('times as fast', 8, 'times', { atLeast: 8 })).toMatchObject({ goal: 'at least 8', holds: true });
		expect(figure('times as fast', 7.99, 'times', { atLeast: 8 }).holds).toBe(false);
	});

	it('puts the value against its peer, and has no ratio to nothing', () => {
		expect(figure('size', 3, 'MB', { peer: 4 })).toMatchObject({ peer: 4, ratio: 0.75, goal: '' });
		expect(figure('size', 3, 'MB', { peer: 0 }).ratio).toBeNull();
		expect(figure('size', 3, 'MB')).toMatchObject({ peer: null, ratio: null, holds: true });
	});

	it('measures in turns, and lets each begin as often', async () => {
		const order: string[] = [];
		const measure = (name: string) => async (): Promise<number[]> => {
			order.push(name);
			return [order.length];
		};
		const results = await inTurns(2, { own: measure('own'), peer: measure('peer') });
		expect(order).toEqual(['own', 'peer', 'peer', 'own']);
		expect(results).toEqual({ own: [[1], [4]], peer: [[2], [3]] });
	});

	it('marks a missed goal in the table', () => {
		const figures = [figure('start', 250, 'ms', { atMost: 100 })];
		expect(table({ bench: 'startup', machine: 'here', figures })).toMatch(/start +250 ms +at most 100 +MISSED/);
	});
});
