/** Billing periods: a month or a year from a date, on its last day where it has no such day. */

export function periodEnd(startS: number, interval: string, count = 1): number {
	const start = new Date(startS * 1000);
	const months = (interval === 'year' ? 12 : 1) * count;
	const first = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months, 1);
	const lastDay = new Date(Date.UTC(new Date(first).getUTCFullYear(), new Date(first).getUTCMonth() + 1, 0)).getUTCDate();
	const inDay = start.getTime() - Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate());
	return Math.floor((first + (Math.min(start.getUTCDate(), lastDay) - 1) * 86_400_000 + inDay) / 1000);
}
