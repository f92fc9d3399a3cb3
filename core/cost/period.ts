/** The days that an analysis looks at, in UTC as the ledger counts them. */
import { DateTime } from '../vendor/luxon';

import { dayOf } from './budget';

/** The most that is looked at: a leap year. */
export const LONGEST_PERIOD_DAYS = 366;

export interface Period {
	/** First day, e.g. `2026-10-24`. */
	from: string;
	/** Last day, which may not be over. */
	to: string;
	days: number;
	/** Milliseconds since 1970: the first day's beginning, and the end of the last. */
	begins: number;
	ends: number;
}

/** The last so many days, today counted. */
export function lastDays(days: number, now: number): Period {
	const end = DateTime.fromMillis(now, { zone: 'utc' }).plus({ days: 1 }).startOf('day');
	const begin = end.minus({ days });
	return {
		from: dayOf(begin.toMillis()),
		to: dayOf(end.toMillis() - 1),
		days,
		begins: begin.toMillis(),
		ends: end.toMillis(),
	};
}
