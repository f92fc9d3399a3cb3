/** Stretches of time, in seconds. */

export interface Range {
	start_s: number;
	end_s: number;
}

export function lengthOf({ start_s, end_s }: Range): number {
	return Math.max(0, end_s - start_s);
}

export function totalOf(ranges: readonly Range[]): number {
	return ranges.reduce((sum, range) => sum + lengthOf(range), 0);
}

export function longestOf(ranges: readonly Range[]): number {
	return Math.max(0, ...ranges.map(lengthOf));
}

/** What lies in both; each list in order and without overlaps of its own. */
export function intersection(a: readonly Range[], b: readonly Range[]): Range[] {
	return a.flatMap((one) =>
		b.flatMap((other) => {
			const start_s = Math.max(one.start_s, other.start_s);
			const end_s = Math.min(one.end_s, other.end_s);
			return end_s > start_s ? [{ start_s, end_s }] : [];
		}),
	);
}

/** Joins ranges that lie closer together than `gapS`; the list is in order. */
export function bridged(ranges: readonly Range[], gapS: number): Range[] {
	const joined: Range[] = [];
	for (const { start_s, end_s } of ranges) {
		const last = joined.at(-1);
		if (last && start_s - last.end_s <= gapS) last.end_s = Math.max(last.end_s, end_s);
		else joined.push({ start_s, end_s });
	}
	return joined;
}
