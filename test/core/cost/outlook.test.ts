import { expect, it } from 'vitest';

import { forecastOf, trendOf } from '../../../core/cost/outlook';

const NOW = Date.parse('2026-11-16T12:00:00Z');
const DAY_MS = 24 * 3_600_000;

/** So many full days before today, the newest last, and half of today. */
function daily(cost: (daysAgo: number, weekday: number) => number, days: number): Map<string, number> {
	return new Map(
		Array.from({ length: days }, (_, index) => {
			const ago = days - index;
			const at = new Date(NOW - ago * DAY_MS);
			return [at.toISOString().slice(0, 10), cost(ago, at.getUTCDay())] as const;
		}),
	);
}

it('foresees an even month exactly', () => {
	const costs = daily(() => 2_000_000, 40);
	costs.set('2026-11-16', 1_000_000);
	const forecast = forecastOf(costs, NOW);
	expect(forecast).toMatchObject({ month: '2026-11', so_far_usd: 31, days_seen: 28 });
	expect(forecast.expected_usd).toBeCloseTo(60, 2);
	expect(forecast.low_usd).toBeCloseTo(60, 2);
	expect(forecast.high_usd).toBeCloseTo(60, 2);
});

it('knows weekends, and gives a range where days differ', () => {
	const isWeekend = (weekday: number) => weekday === 0 || weekday === 6;
	const costs = daily((_, weekday) => (isWeekend(weekday) ? 0 : 1_000_000), 40);
	// November 2026 has 21 days that are no weekend; today's half is still open
	expect(forecastOf(costs, NOW).expected_usd).toBeCloseTo(20.5, 2);
	const wild = forecastOf(daily((ago) => (ago % 2 ? 500_000 : 1_500_000), 40), NOW);
	expect(wild.low_usd).toBeLessThan(wild.expected_usd);
	expect(wild.high_usd).toBeGreaterThan(wild.expected_usd);
});

it('says nothing of the range before it has seen three days', () => {
	expect(forecastOf(daily(() => 1, 2), NOW)).toMatchObject({ low_usd: null, high_usd: null });
	expect(forecastOf(new Map(), NOW)).toMatchObject({ expected_usd: 0, days_seen: 0 });
});

it('tells a rising trend from a steady and a falling one', () => {
	const rising = trendOf(daily((ago) => 1_000_000 * (30 - ago), 28), NOW, 28);
	expect(rising.direction).toBe('rising');
	expect(rising.usd_per_day).toBeCloseTo(1, 6);
	expect(trendOf(daily((ago) => 1_000_000 * ago, 28), NOW, 28).direction).toBe('falling');
	expect(trendOf(daily(() => 1_000_000, 28), NOW, 28)).toMatchObject({ direction: 'steady', week_change: 0 });
	expect(trendOf(daily(() => 1_000_000, 5), NOW, 28)).toMatchObject({ direction: 'steady', week_change: null });
});
