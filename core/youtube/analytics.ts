/**
 * A channel's figures from the YouTube Analytics API (v2). By our own HTTP: it is one GET, and Google's
 * library for it would bring two API versions into the bundle. It has an allowance of its own beside the
 * Data API's units, so nothing is set aside in the ledger.
 */
import { invalidRequest, isYtempireError, YtempireError, type FieldIssue } from '../errors';
import { httpRequest } from '../http';
import type { HttpFailure, ProviderVerdict } from '../http-errors';
import { accountNamed, type PoolAccount } from '../pool/accounts';
import { recordRefusal } from '../pool/outcome';
import { pacificDay } from '../pool/pacific-day';
import { retry } from '../retry';
import { DateTime } from '../vendor/luxon';
import { z } from '../vendor/zod';

import type { ApiContext } from './api';
import { PROVIDER, readYouTubeVerdict, refusalOf } from './errors';
import { contextFor, type PoolDeps } from './owner';
import { authorizationOf, isExpiredToken } from './session';

/** Metrics that go with every dimension below, and how they are called in items. */
export const METRICS = {
	views: 'views',
	estimatedMinutesWatched: 'estimated_minutes_watched',
	averageViewDuration: 'average_view_duration',
	subscribersGained: 'subscribers_gained',
	likes: 'likes',
	shares: 'shares',
	comments: 'comments',
} as const;

export type Metric = keyof typeof METRICS;

/** One row for each of these; `total`: one row for the whole range. */
export const DIMENSIONS = ['day', 'month', 'country', 'video', 'total'] as const;

export type Dimension = (typeof DIMENSIONS)[number];

export interface AnalyticsInput {
	/** Account ID or channel ID. */
	account: string;
	/** `yyyy-mm-dd`, in California's days; both included. */
	startDate: string;
	endDate: string;
	/** Default `day`. */
	dimension?: Dimension;
	/** Default all. */
	metrics?: Metric[];
	/** Only this video's figures. */
	youtubeId?: string;
}

/** What passes on in items: who, the dimension's value, and each metric; durations in seconds. */
export type AnalyticsRow = { account_id: string; channel_id: string } & Record<string, string | number>;

/** The most videos that one report holds. */
const MOST_VIDEOS = 200;

/** Before YouTube there are no figures. */
const FIRST_DAY = '2005-02-14';

const TIMEOUT_MS = 60_000;

const answerSchema = z.object({
	columnHeaders: z.array(z.object({ name: z.string() })),
	rows: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
});

/**
 * Rows in the order of the dimension, videos by views. The last two or three days are missing as long
 * as YouTube counts them.
 * @throws YtempireError `invalid-request` with one issue per field, before YouTube is asked
 */
export async function channelAnalytics(input: AnalyticsInput, deps: PoolDeps): Promise<AnalyticsRow[]> {
	const query = queryOf(input, deps.store.clock.now());
	const account = accountNamed(deps.pool, input.account);
	const body = await ask(await contextFor(deps, account), { ids: `channel==${account.channelId}`, ...query }).catch(
		async (error: unknown) => {
			await recordDeadAccount(deps, account, error);
			throw error;
		},
	);
	const answer = answerSchema.safeParse(body);
	if (!answer.success) throw unreadable();
	const names = answer.data.columnHeaders.map(({ name }) => nameInItems(name));
	return (answer.data.rows ?? []).map((row) => rowOf(account, names, row));
}

/** A dead sign-in counts for uploads too; this API's allowance and settings are none of theirs. */
async function recordDeadAccount({ store, pool }: PoolDeps, account: PoolAccount, error: unknown): Promise<void> {
	if (isYtempireError(error) && refusalOf(error)?.scope === 'account') {
		await recordRefusal(store, pool, account, 'videos.list', error);
	}
}

type Query = Record<string, string | number | undefined>;

function queryOf(input: AnalyticsInput, now: number): Query {
	const { startDate, endDate, dimension = 'day', youtubeId } = input;
	const metrics = [...new Set(input.metrics?.length ? input.metrics : (Object.keys(METRICS) as Metric[]))];
	const issues: FieldIssue[] = [];
	const refuse = (field: string, reason: string) => issues.push({ field, reason });
	const today = pacificDay(now);
	for (const [field, day] of [['startDate', startDate], ['endDate', endDate]] as const) {
		if (!isDay(day)) refuse(field, 'must be a day, e.g. 2026-11-22');
		else if (day < FIRST_DAY) refuse(field, `must not be before ${FIRST_DAY}`);
		else if (day > today) refuse(field, `must not be after today, ${today} in California`);
		else if (dimension === 'month' && !day.endsWith('-01')) refuse(field, 'must be the first day of a month for figures by month');
	}
	if (issues.length === 0 && endDate < startDate) refuse('endDate', 'must not be before the start');
	if (!DIMENSIONS.includes(dimension)) refuse('dimension', `must be one of ${DIMENSIONS.join(', ')}`);
	for (const metric of metrics) {
		if (!Object.hasOwn(METRICS, metric)) refuse('metrics', `must be of ${Object.keys(METRICS).join(', ')}`);
	}
	if (youtubeId && !/^[\w-]{11}$/.test(youtubeId)) refuse('youtube_id', 'must be 11 letters, digits, - or _');
	if (issues.length > 0) {
		throw invalidRequest('YouTube would reject the question for figures', {
			cure: 'Correct the named fields and run it again.',
			reason: 'invalid-report',
			issues,
		});
	}
	return { startDate, endDate, metrics: metrics.join(','), ...orderOf(dimension, metrics), ...(youtubeId ? { filters: `video==${youtubeId}` } : {}) };
}

/** Videos come as a list of the best: YouTube wants its order and length said. */
function orderOf(dimension: Dimension, metrics: Metric[]): Query {
	if (dimension === 'total') return {};
	if (dimension !== 'video') return { dimensions: dimension, sort: dimension };
	return { dimensions: dimension, sort: `-${metrics.includes('views') ? 'views' : metrics[0]}`, maxResults: MOST_VIDEOS };
}

async function ask({ pool, account, tokens, signal, retry: options }: ApiContext, query: Query): Promise<unknown> {
	const once = async () => {
		const { body } = await httpRequest({
			method: 'GET',
			url: `${pool.analyticsBaseUrl}/v2/reports`,
			query,
			headers: await authorizationOf(tokens, signal),
			timeoutMs: TIMEOUT_MS,
			signal,
			provider: PROVIDER,
			readVerdict: (failure) => verdictOf(failure, account),
		});
		return body;
	};
	return await retry(
		async () => {
			try {
				return await once();
			} catch (error) {
				if (!isExpiredToken(error)) throw error;
				tokens.forget();
				return await once();
			}
		},
		{ signal, ...options },
	);
}

function verdictOf(failure: HttpFailure, { accountId }: PoolAccount): ProviderVerdict {
	const verdict = readYouTubeVerdict(failure);
	switch (verdict.reason) {
		case 'accessNotConfigured':
		case 'SERVICE_DISABLED':
			return {
				...verdict,
				errorClass: 'auth',
				cure: 'Enable "YouTube Analytics API" for this project in the Google Cloud console, wait a few minutes, and run it again.',
			};
		case 'insufficientPermissions':
		case 'ACCESS_TOKEN_SCOPE_INSUFFICIENT':
			return { ...verdict, cure: `Connect ${accountId} again with the permission (scope) yt-analytics.readonly.` };
		case 'forbidden':
			return { ...verdict, cure: `Check that the channel ID of ${accountId} in the credential belongs to it, and that it was connected with the scope yt-analytics.readonly.` };
		default:
			return verdict;
	}
}

function rowOf({ accountId, channelId }: PoolAccount, names: string[], row: Array<string | number>): AnalyticsRow {
	const figures = Object.fromEntries(names.map((name, index) => [name, row[index] ?? 0]));
	return { account_id: accountId, channel_id: channelId, ...figures };
}

/** A video's ID is called in items as everywhere. */
function nameInItems(name: string): string {
	if (name === 'video') return 'youtube_id';
	return Object.hasOwn(METRICS, name) ? METRICS[name as Metric] : name;
}

function isDay(text: string): boolean {
	return /^\d{4}-\d\d-\d\d$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid;
}

function unreadable(): YtempireError {
	return new YtempireError('unavailable', 'YouTube Analytics answered with something that is no report', {
		cure: 'Run it again; if it lasts, check the Analytics Base URL in the credential.',
		provider: PROVIDER,
		reason: 'malformed-answer',
	});
}
