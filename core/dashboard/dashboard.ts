/** How the factory stands, for people: what it makes, what that costs, how good it is, and what went wrong. */
import { dayOf } from '../cost/budget';
import { invalidRequest } from '../errors';
import type { Store } from '../store/store';

import type { AccountsView } from './accounts';
import { costsView, type CostsView } from './costs';
import { troublesOf, type Trouble } from './troubles';
import { qualityView, type QualityView } from './quality';
import { videosView, type VideosView } from './videos';

export interface Dashboard {
	/** ISO 8601. */
	made_at: string;
	/** UTC days looked back on, today's included. */
	days: number;
	/** The first of these days, e.g. `2026-10-24`. */
	since: string;
	videos: VideosView;
	accounts: AccountsView;
	costs: CostsView;
	quality: QualityView;
	/** Videos that failed or wait for a person, the latest first. */
	troubles: Trouble[];
}

export const DEFAULT_DAYS = 30;

const MAX_DAYS = 366;

const DAY_MS = 86_400_000;

export interface DashboardOptions {
	/** UTC days to look back on, today's included. */
	days?: number;
	/** From `accountsView`; the store knows no account that has never served. */
	accounts: AccountsView;
}

/**
 * Reads only; what can be added up is added up by the database.
 * @throws YtempireError `invalid-request` when the days are not from 1 to 366
 */
export async function dashboardOf(store: Store, { days = DEFAULT_DAYS, accounts }: DashboardOptions): Promise<Dashboard> {
	if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) {
		throw invalidRequest(`The dashboard can't look back on ${days} days`, {
			cure: `Ask for a whole number of days from 1 to ${MAX_DAYS}, e.g. ?days=30.`,
			reason: 'dashboard-days',
			issues: [{ field: 'days', reason: `a whole number from 1 to ${MAX_DAYS}` }],
		});
	}
	const now = store.clock.now();
	const since = dayOf(now - (days - 1) * DAY_MS);
	const videos = await videosView(store, since);
	return {
		made_at: new Date(now).toISOString(),
		days,
		since,
		videos,
		accounts,
		costs: await costsView(store, since, videos.published),
		quality: await qualityView(store, since),
		troubles: await troublesOf(store),
	};
}

/** The days from one on, without a gap, as charts need them. */
export function daysFrom(since: string, count: number): string[] {
	const first = Date.parse(since);
	return Array.from({ length: count }, (_, index) => dayOf(first + index * DAY_MS));
}
