/**
 * The YouTube Analytics API (v2), reports.query, on YouTube's port: it has another host of its own, but
 * the same accounts and tokens. Figures are made up, plausible, and the same for the same seed, channel and day.
 */
import type { Reply, Router, SandboxRequest } from '../service';
import { refusal } from './errors';
import { accountOf } from './oauth';
import type { Account, YouTubeState } from './state';

const METRICS = [
	...['views', 'estimatedMinutesWatched', 'averageViewDuration', 'subscribersGained'],
	...['likes', 'shares', 'comments'],
] as const;

type Metric = (typeof METRICS)[number];

type Figures = Record<Metric, number>;

const DIMENSIONS = ['day', 'month', 'country', 'video'];

const COUNTRIES = ['US', 'IN', 'DE', 'BR', 'GB', 'JP'];

/** Shares of each country, in the same order. */
const COUNTRY_SHARES = [0.38, 0.22, 0.14, 0.11, 0.09, 0.06];

/** The newest days have no figures yet. */
const LAG_DAYS = 2;

const DAY_MS = 24 * 3_600_000;

const MAX_VIDEOS = 200;

export function mountAnalytics(router: Router, state: YouTubeState): void {
	router.on('GET', '/v2/reports', (request) => query(state, request));
}

function query(state: YouTubeState, request: SandboxRequest): Reply {
	const asked = readQuery(request.query);
	const account = accountOf(state, request);
	if (asked.channel !== 'MINE' && asked.channel !== account.channelId) throw refusal('forbidden', 'Forbidden');
	const names = [...(asked.dimension ? [asked.dimension] : []), ...asked.metrics];
	const rows = rowsOf(state, account, asked);
	const columnHeaders = names.map((name) => ({
		name,
		columnType: name === asked.dimension ? 'DIMENSION' : 'METRIC',
		dataType: name === asked.dimension ? 'STRING' : 'INTEGER',
	}));
	return { status: 200, body: { kind: 'youtubeAnalytics#resultTable', columnHeaders, ...(rows.length > 0 && { rows }) } };
}

interface Asked {
	channel: string;
	dimension: string | undefined;
	metrics: Metric[];
	/** Days since 1970. */
	first: number;
	last: number;
	video: string | undefined;
	sort: string | undefined;
	maxResults: number | undefined;
}

/** @throws RefusedRequest 400 as the API does: everything it doesn't know is an error */
function readQuery(parameters: URLSearchParams): Asked {
	const text = (name: string) => parameters.get(name) ?? undefined;
	const [, channel] = /^channel==([\w-]+)$/.exec(text('ids') ?? '') ?? [];
	if (!channel) throw invalid('ids', text('ids'));
	const [first, last] = ['startDate', 'endDate'].map((name) => dayOf(name, text(name)));
	if (first === undefined || last === undefined || last < first) throw invalid('endDate', text('endDate'));
	const dimension = text('dimensions');
	if (dimension !== undefined && !DIMENSIONS.includes(dimension)) throw invalid('dimensions', dimension);
	if (dimension === 'month' && [text('startDate'), text('endDate')].some((day) => !day?.endsWith('-01'))) {
		throw refusal('badRequest', 'The query is not supported: startDate and endDate must be the first day of a month.');
	}
	const metrics = (text('metrics') ?? '').split(',') as Metric[];
	const unknown = metrics.find((metric) => !METRICS.includes(metric));
	if (unknown !== undefined) throw invalid('metrics', unknown);
	const [, video] = /^video==([\w-]{11})$/.exec(text('filters') ?? '') ?? [];
	if (text('filters') !== undefined && !video) throw invalid('filters', text('filters'));
	const sort = text('sort');
	const columns: string[] = [...metrics, ...(dimension ? [dimension] : [])];
	if (sort !== undefined && !columns.includes(sort.replace(/^-/, ''))) throw invalid('sort', sort);
	const maxResults = text('maxResults') === undefined ? undefined : Number(text('maxResults'));
	const isListOfBest = sort?.startsWith('-') && maxResults !== undefined && maxResults <= MAX_VIDEOS;
	if (dimension === 'video' && !isListOfBest) {
		throw refusal('badRequest', 'The query is not supported. Check the documentation for supported queries.');
	}
	return { channel, dimension, metrics, first, last, video, sort, maxResults };
}

function invalid(parameter: string, value: string | undefined) {
	return refusal('badRequest', `Invalid value for parameter ${parameter}: ${value ?? ''}`);
}

function dayOf(name: string, text: string | undefined): number {
	const at = /^\d{4}-\d\d-\d\d$/.test(text ?? '') ? Date.parse(`${text}T00:00:00Z`) : NaN;
	if (Number.isNaN(at)) throw invalid(name, text);
	return at / DAY_MS;
}

const isoDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

function rowsOf(state: YouTubeState, account: Account, asked: Asked): Array<Array<string | number>> {
	const { dimension, metrics, sort, maxResults } = asked;
	const groups = groupsOf(state, account, asked);
	const rows = groups.map(([key, figures]) => [...(dimension ? [key] : []), ...metrics.map((metric) => figures[metric])]);
	if (sort) {
		const column = [...(dimension ? [dimension] : []), ...metrics].indexOf(sort.replace(/^-/, ''));
		const sign = sort.startsWith('-') ? -1 : 1;
		rows.sort((one, other) => {
			const [a, b] = [one[column] ?? 0, other[column] ?? 0];
			return a === b ? 0 : sign * (a < b ? -1 : 1);
		});
	}
	return rows.slice(0, maxResults);
}

function groupsOf(state: YouTubeState, account: Account, asked: Asked): Array<[string, Figures]> {
	const newest = Math.floor(state.context.clock.now() / DAY_MS) - LAG_DAYS;
	// Months are asked for by their first days; the last one counts whole
	const last = asked.dimension === 'month' ? asked.last + 30 : asked.last;
	const days = Array.from({ length: Math.max(0, Math.min(last, newest) - asked.first + 1) }, (_, index) => asked.first + index);
	if (days.length === 0) return [];
	const ofDay = (day: number) => figuresOf(state, asked.video ?? account.channelId, day);
	switch (asked.dimension) {
		case 'day':
			return days.map((day) => [isoDay(day), ofDay(day)]);
		case 'month': {
			const months = [...new Set(days.map((day) => isoDay(day).slice(0, 7)))];
			const until = isoDay(asked.last).slice(0, 7);
			return months
				.filter((month) => month <= until)
				.map((month) => [month, sum(days.filter((day) => isoDay(day).startsWith(month)).map(ofDay))]);
		}
		case 'country': {
			const total = sum(days.map(ofDay));
			return COUNTRIES.map((country, index) => [country, share(total, COUNTRY_SHARES[index] ?? 0)]);
		}
		case 'video':
			return [...state.videos.values()]
				.filter(({ id, accountId }) => accountId === account.id && (!asked.video || asked.video === id))
				.map(({ id }) => [id, sum(days.map((day) => figuresOf(state, id, day)))]);
		default:
			return [['', sum(days.map(ofDay))]];
	}
}

/** Weekends are watched more; everything else follows from the views. */
function figuresOf(state: YouTubeState, subject: string, day: number): Figures {
	const random = state.context.random(`analytics:${subject}:${day}`);
	// 1970-01-01 was a Thursday
	const weekday = (day + 4) % 7;
	const isWeekend = weekday === 0 || weekday === 6;
	const views = Math.round(random.int(400, 1200) * (isWeekend ? 1.4 : 1));
	const averageViewDuration = random.int(35, 95);
	return {
		views,
		averageViewDuration,
		estimatedMinutesWatched: Math.round((views * averageViewDuration) / 60),
		subscribersGained: Math.round((views * random.int(2, 9)) / 1000),
		likes: Math.round((views * random.int(20, 60)) / 1000),
		shares: Math.round((views * random.int(2, 12)) / 1000),
		comments: Math.round((views * random.int(1, 8)) / 1000),
	};
}

/** Counts add up; the average is the watched time over the views. */
function sum(list: Figures[]): Figures {
	const added = (metric: Metric) => list.reduce((total, figures) => total + figures[metric], 0);
	const total = Object.fromEntries(METRICS.map((metric) => [metric, added(metric)])) as Figures;
	return { ...total, averageViewDuration: Math.round((total.estimatedMinutesWatched * 60) / Math.max(1, total.views)) };
}

function share(figures: Figures, part: number): Figures {
	const scaled = Object.fromEntries(METRICS.map((metric) => [metric, Math.round(figures[metric] * part)])) as Figures;
	return { ...scaled, averageViewDuration: figures.averageViewDuration };
}
