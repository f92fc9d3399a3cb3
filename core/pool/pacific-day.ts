/** YouTube's day: quota is counted from midnight to midnight in California. */
import { DateTime } from '../vendor/luxon';

const ZONE = 'America/Los_Angeles';

/** The Pacific calendar day of a moment (milliseconds since 1970), e.g. `2026-11-22`. */
export function pacificDay(now: number): string {
	return DateTime.fromMillis(now, { zone: ZONE }).toFormat('yyyy-MM-dd');
}

/** When the Pacific day ends; days are 23 to 25 hours long. */
export function nextPacificMidnight(now: number): Date {
	return DateTime.fromMillis(now, { zone: ZONE }).startOf('day').plus({ days: 1 }).toJSDate();
}
