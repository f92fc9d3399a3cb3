/** What videos cost: by stage, provider, model, channel and day; what was wasted; where it goes. */
import { usd } from '../money';
import { configurationOf } from '../routing/configuration';
import { stageGroup } from '../routing/stages';
import type { Store } from '../store/store';

import { jsonSqlOf } from './json-sql';
import { judgeTrials, type JudgeLimits, type Judgement } from './judge';
import { forecastOf, trendOf, type Forecast, type Trend } from './outlook';
import { lastDays, type Period } from './period';
import { wasteOf, type Waste } from './waste';

export interface Part {
	cost_usd: number;
	/** Of all costs, 0 to 1. */
	share: number;
	/** Paid calls. */
	calls: number;
}

export interface CostAnalysis {
	/** UTC days, both counted. */
	from: string;
	to: string;
	days: number;
	cost_usd: number;
	/** Of that, set aside for calls whose end nobody heard. */
	unheard_usd: number;
	/** Asked for in these days. */
	videos: number;
	published: number;
	/** All costs of these days, wasted ones too, by published video; null without one. */
	cost_per_published_usd: number | null;
	by_stage: Array<Part & { stage: string }>;
	by_provider: Array<Part & { provider: string }>;
	by_model: Array<Part & { stage: string; provider: string; model: string }>;
	/** Empty `channel_id`: not published and none asked for. */
	by_channel: Array<Part & { channel_id: string; videos: number; published: number }>;
	by_day: Array<{ day: string; cost_usd: number }>;
	waste: Waste;
	trend: Trend;
	forecast: Forecast;
	/** The routing configuration in force. */
	configuration_version: number;
	/** How the switches on trial stand; looking changes nothing. */
	trials: Judgement[];
}

interface Cell {
	stage: string;
	provider: string;
	model: string;
	day: string;
	calls: number;
	micro: number;
	open: number;
}

/** @param days today counted; at least 1 */
export async function analyzeCosts(store: Store, days: number, limits?: JudgeLimits): Promise<CostAnalysis> {
	const now = store.clock.now();
	const period = lastDays(days, now);
	// the forecast looks four weeks back and at the whole month, whatever the period
	const all = await cellsOf(store, lastDays(Math.max(days, 62), now));
	const cells = all.filter(({ day }) => day >= period.from);
	const total = sum(cells);
	const { videos, published } = await videosOf(store, period);
	const byDay = sums(all, ({ day }) => day);
	const [configuration, channels, waste, trials] = await Promise.all([
		configurationOf(store.db),
		channelsOf(store, period),
		wasteOf(store, period),
		judgeTrials(store, limits),
	]);
	const part = ({ micro, calls }: Sum): Part => ({ cost_usd: usd(micro), share: total.micro === 0 ? 0 : micro / total.micro, calls });
	const parts = <T>(keyOf: (cell: Cell) => string, about: (cell: Cell) => T) =>
		[...sums(cells, keyOf)]
			.map(([, one]) => ({ ...about(one.first), ...part(one) }))
			.sort((a, b) => b.cost_usd - a.cost_usd);
	return {
		...{ from: period.from, to: period.to, days },
		cost_usd: usd(total.micro),
		unheard_usd: usd(total.open),
		...{ videos, published },
		cost_per_published_usd: published === 0 ? null : usd(total.micro) / published,
		by_stage: parts(({ stage }) => stage, ({ stage }) => ({ stage })),
		by_provider: parts(({ provider }) => provider, ({ provider }) => ({ provider })),
		by_model: parts(
			({ stage, provider, model }) => [stage, provider, model].join('\n'),
			({ stage, provider, model }) => ({ stage, provider, model }),
		),
		by_channel: channels.map(({ micro, calls, ...about }) => ({ ...about, ...part({ micro, calls }) })),
		by_day: [...byDay]
			.filter(([day]) => day >= period.from)
			.map(([day, { micro }]) => ({ day, cost_usd: usd(micro) }))
			.sort((a, b) => (a.day < b.day ? -1 : 1)),
		waste,
		trend: trendOf(new Map([...byDay].map(([day, { micro }]) => [day, micro])), now, days),
		forecast: forecastOf(new Map([...byDay].map(([day, { micro }]) => [day, micro])), now),
		configuration_version: configuration.version,
		trials,
	};
}

type Sum = Pick<Cell, 'calls' | 'micro'>;

function sum(cells: readonly Cell[]): { micro: number; open: number } {
	return cells.reduce(({ micro, open }, cell) => ({ micro: micro + cell.micro, open: open + cell.open }), { micro: 0, open: 0 });
}

function sums(cells: readonly Cell[], keyOf: (cell: Cell) => string): Map<string, Sum & { first: Cell }> {
	const found = new Map<string, Sum & { first: Cell }>();
	for (const cell of cells) {
		const key = keyOf(cell);
		const known = found.get(key);
		if (!known) found.set(key, { first: cell, calls: cell.calls, micro: cell.micro });
		else {
			known.calls += cell.calls;
			known.micro += cell.micro;
		}
	}
	return found;
}

async function cellsOf(store: Store, { from, to }: Period): Promise<Cell[]> {
	const rows = await store.db
		.selectFrom('costs')
		.select(({ fn, eb }) => [
			'stage',
			'provider',
			'model',
			'day',
			fn.countAll<number>().as('calls'),
			fn.sum<number>('micro_usd').as('micro'),
			fn.sum<number>(eb.case().when('state', '=', 'open').then(eb.ref('micro_usd')).else(0).end()).as('open'),
		])
		.where('day', '>=', from)
		.where('day', '<=', to)
		.where('micro_usd', '>', 0)
		.groupBy(['stage', 'provider', 'model', 'day'])
		.execute();
	return rows.map((row) => ({ ...row, stage: stageGroup(row.stage) }));
}

async function videosOf(store: Store, { begins, ends }: Period): Promise<{ videos: number; published: number }> {
	const rows = await store.db
		.selectFrom('jobs')
		.select(({ fn }) => ['status', fn.countAll<number>().as('count')])
		.where('created_at', '>=', begins)
		.where('created_at', '<', ends)
		.groupBy('status')
		.execute();
	return {
		videos: rows.reduce((all, { count }) => all + count, 0),
		published: rows.find(({ status }) => status === 'published')?.count ?? 0,
	};
}

/** Where it was published, else where it was asked to be. */
async function channelsOf(store: Store, { from, to }: Period) {
	const json = await jsonSqlOf(store);
	return await store.db
		.with('spent', (db) =>
			db
				.selectFrom('costs')
				.select(({ fn }) => ['video_id', fn.countAll<number>().as('calls'), fn.sum<number>('micro_usd').as('micro')])
				.where('day', '>=', from)
				.where('day', '<=', to)
				.where('micro_usd', '>', 0)
				.groupBy('video_id'),
		)
		.with('placed', (db) =>
			db
				.selectFrom('spent')
				.innerJoin('jobs', 'jobs.video_id', 'spent.video_id')
				.leftJoin('stages as upload', (join) =>
					join.onRef('upload.video_id', '=', 'jobs.video_id').on('upload.stage', '=', 'upload'),
				)
				.select(({ fn, val, eb }) => [
					fn.coalesce(json.text('upload.result', 'channel_id'), json.text('jobs.request', 'channel_id'), val('')).as('channel_id'),
					eb.case().when('jobs.status', '=', 'published').then(1).else(0).end().as('is_published'),
					'spent.calls',
					'spent.micro',
				]),
		)
		.selectFrom('placed')
		.select(({ fn }) => [
			'channel_id',
			fn.countAll<number>().as('videos'),
			fn.sum<number>('is_published').as('published'),
			fn.sum<number>('calls').as('calls'),
			fn.sum<number>('micro').as('micro'),
		])
		.groupBy('channel_id')
		.orderBy('micro', 'desc')
		.execute();
}
