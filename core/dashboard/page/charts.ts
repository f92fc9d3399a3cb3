/** What the page's script draws: colours by the names of the style sheet, so that light and dark are its alone. */
import { cleanText } from '../../text';
import type { ProviderCost } from '../costs';
import { daysFrom, type Dashboard } from '../dashboard';
import { sortStates } from '../videos';

import { label, money, providerName } from './words';

export interface ChartData {
	/** Of the canvas. */
	id: string;
	labels: string[];
	series: Array<{ label: string; values: number[]; /** A variable of the style sheet. */ color: string }>;
	unit: 'usd' | 'videos';
}

/** Providers that have a colour of their own; the others share the last one. */
const COLORS = 7;

export function chartsOf(dashboard: Dashboard): ChartData[] {
	return [videosChart(dashboard), costsChart(dashboard), qualityChart(dashboard)];
}

function videosChart({ since, days, videos }: Dashboard): ChartData {
	const labels = daysFrom(since, days);
	const states = sortStates(videos.per_day.map(({ state }) => state));
	return {
		id: 'videos-chart',
		labels: labels.map(shortDay),
		series: states.map((state) => ({
			label: label(state),
			values: perDay(labels, videos.per_day.filter((row) => row.state === state), (row) => row.videos),
			color: `--state-${stateColor(state)}`,
		})),
		unit: 'videos',
	};
}

function costsChart({ since, days, costs }: Dashboard): ChartData {
	const labels = daysFrom(since, days);
	const paid = costs.by_provider.filter(({ usd }) => usd > 0);
	// one left over has a colour of its own, too
	const own = paid.length <= COLORS + 1 ? paid : paid.slice(0, COLORS);
	const rest = paid.slice(own.length);
	const seriesOf = (name: string, some: ProviderCost[], color: number) => {
		const rows = costs.per_day.filter((row) => some.some(({ provider }) => provider === row.provider));
		const total = some.reduce((sum, { usd }) => sum + usd, 0);
		return { label: `${name} ${money(total)}`, values: perDay(labels, rows, ({ usd }) => usd), color: `--series-${color}` };
	};
	const series = own.map((one, index) => seriesOf(cleanText(providerName(one.provider)), [one], index + 1));
	if (rest.length > 0) series.push(seriesOf(`${rest.length} others`, rest, COLORS + 1));
	return { id: 'costs-chart', labels: labels.map(shortDay), series, unit: 'usd' };
}

function qualityChart({ quality }: Dashboard): ChartData {
	// scores that nobody had, below the lowest one, only make the others narrow
	const first = quality.bins.findIndex(({ passed, below }) => passed + below > 0);
	const bins = quality.bins.slice(Math.min(Math.max(0, first), quality.bins.length / 2));
	return {
		id: 'quality-chart',
		labels: bins.map(({ from }) => from.toFixed(2)),
		series: [
			{ label: 'Passed', values: bins.map(({ passed }) => passed), color: '--state-published' },
			{ label: 'Below the threshold', values: bins.map(({ below }) => below), color: '--state-flagged' },
		],
		unit: 'videos',
	};
}

/** States that the style sheet has a colour for. */
const STATES = ['published', 'running', 'queued', 'interrupted', 'flagged', 'failed'];

export function stateColor(state: string): string {
	return STATES.includes(state) ? state : 'other';
}

function perDay<T extends { day: string }>(days: string[], rows: T[], value: (row: T) => number): number[] {
	const sums = new Map<string, number>();
	for (const row of rows) sums.set(row.day, (sums.get(row.day) ?? 0) + value(row));
	return days.map((day) => sums.get(day) ?? 0);
}

const SHORT = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });

export function shortDay(day: string): string {
	return SHORT.format(new Date(day));
}
