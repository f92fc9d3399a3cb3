/** Where the costs go: their trend, and what the calendar month will have cost. */
import { usd } from '../money';
import { DateTime } from '../vendor/luxon';

/** Micro-dollars by UTC day. */
export type CostsByDay = ReadonlyMap<string, number>;

export interface Trend {
	/** Slope of a straight line through the full days, dollars more each day. */
	usd_per_day: number;
	/** Mean of the last seven full days against the seven before; null without those. */
	week_change: number | null;
	direction: 'falling' | 'rising' | 'steady';
}

export interface Forecast {
	/** e.g. `2026-11` */
	month: string;
	so_far_usd: number;
	expected_usd: number;
	/** 90 % of the months lie between, if days go on to differ as they did; null with fewer than three full days. */
	low_usd: number | null;
	high_usd: number | null;
	/** Full days that it rests on. */
	days_seen: number;
}

const utc = (ms: number) => DateTime.fromMillis(ms, { zone: 'utc' });

/** Weekly changes that are smaller count as steady. */
const STEADY = 0.05;

/** Two-sided 90 %. */
const Z = 1.645;

/** Full days before today, oldest first, from the first that cost something. */
function fullDays(costs: CostsByDay, now: number, most: number): Array<{ day: DateTime; cost: number }> {
	const today = utc(now).startOf('day');
	const days = Array.from({ length: most }, (_, index) => {
		const day = today.minus({ days: most - index });
		return { day, cost: costs.get(day.toISODate() ?? '') ?? 0 };
	});
	const first = days.findIndex(({ cost }) => cost > 0);
	return first < 0 ? [] : days.slice(first);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

export function trendOf(costs: CostsByDay, now: number, most: number): Trend {
	const days = fullDays(costs, now, most).map(({ cost }) => cost);
	const [middle, average] = [(days.length - 1) / 2, mean(days)];
	const spread = days.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
	const slope = spread === 0 ? 0 : days.reduce((sum, cost, index) => sum + (index - middle) * (cost - average), 0) / spread;
	const before = mean(days.slice(-14, -7));
	const change = days.length < 14 || before === 0 ? null : mean(days.slice(-7)) / before - 1;
	const direction = change === null || Math.abs(change) < STEADY ? 'steady' : change > 0 ? 'rising' : 'falling';
	return { usd_per_day: usd(slope), week_change: change, direction };
}

/**
 * What was spent, and for each day that is left (today's rest counted as its share of the day) the mean of its
 * day of the week over the last four weeks; with fewer than two weeks seen, the mean of all full days.
 */
export function forecastOf(costs: CostsByDay, now: number): Forecast {
	const [moment, days] = [utc(now), fullDays(costs, now, 28)];
	const month = moment.toFormat('yyyy-MM');
	const soFar = [...costs].reduce((sum, [day, cost]) => (day.startsWith(month) ? sum + cost : sum), 0);
	const all = days.map(({ cost }) => cost);
	const ofWeekday = (weekday: number) =>
		mean(days.length >= 14 ? days.filter(({ day }) => day.weekday === weekday).map(({ cost }) => cost) : all);
	const rest = moment.endOf('day').diff(moment, 'days').days;
	const end = moment.endOf('month').startOf('day');
	let [expected, spread, left] = [soFar + rest * ofWeekday(moment.weekday), 0, rest];
	for (let day = moment.startOf('day').plus({ days: 1 }); day <= end; day = day.plus({ days: 1 })) {
		expected += ofWeekday(day.weekday);
		left += 1;
	}
	const off = days.map(({ day, cost }) => cost - ofWeekday(day.weekday));
	if (days.length >= 3) spread = Z * Math.sqrt(left * mean(off.map((one) => one ** 2)));
	const known = days.length >= 3;
	return {
		month,
		so_far_usd: usd(soFar),
		expected_usd: usd(expected),
		low_usd: known ? usd(Math.max(soFar, expected - spread)) : null,
		high_usd: known ? usd(expected + spread) : null,
		days_seen: days.length,
	};
}
