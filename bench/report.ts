/** What every bench gives: figures with their peer and goal, as one JSON object or as a table. */
import { cpus, totalmem } from 'node:os';

export interface Figure {
	name: string;
	value: number;
	unit: string;
	/** The same measured without this package, or with another way of doing it. */
	peer: number | null;
	/** value ÷ peer */
	ratio: number | null;
	/** e.g. `at most 100` or `at least 8`; empty for a figure that is only told. */
	goal: string;
	holds: boolean;
}

export interface BenchReport {
	bench: string;
	machine: string;
	figures: Figure[];
}

export interface FigureOptions {
	peer?: number;
	atMost?: number;
	atLeast?: number;
}

export function figure(
	name: string,
	value: number,
	unit: string,
	{ peer, atMost, atLeast }: FigureOptions = {},
): Figure {
	const goals = [
		...(atMost === undefined ? [] : [`at most ${atMost}`]),
		...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
	];
	return {
		name,
		value: rounded(value),
		unit,
		peer: peer === undefined ? null : rounded(peer),
		ratio: peer === undefined || peer === 0 ? null : rounded(value / peer),
		goal: goals.join(', '),
		holds: value <= (atMost ?? Infinity) && value >= (atLeast ?? -Infinity),
	};
}

/** Of an odd number of measurements, or the mean of the two in the middle. */
export function median(values: number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
	return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/**
 * How much larger `own` is than `peer`: the median of all differences between the two (Hodges and Lehmann,
 * 1963). It scatters less than the difference of two medians where single runs scatter much.
 */
export function shift(own: number[], peer: number[]): number {
	return median(own.flatMap((value) => peer.map((other) => value - other)));
}

/** Measures several things in turns, so that what else the machine does meets them all alike. */
export async function inTurns<K extends string>(
	rounds: number,
	measure: Record<K, () => Promise<number[]>>,
): Promise<Record<K, number[][]>> {
	const names = Object.keys(measure) as K[];
	const results = Object.fromEntries(names.map((name) => [name, [] as number[][]])) as Record<K, number[][]>;
	for (let round = 0; round < rounds; round += 1) {
		// the one that begins changes, too
		const order = round % 2 === 0 ? names : names.toReversed();
		for (const name of order) results[name].push(await measure[name]());
	}
	return results;
}

export function machine(): string {
	const [cpu] = cpus();
	const memory = Math.round(totalmem() / 2 ** 30);
	return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${memory} GB, ${process.platform} ${process.arch}, Node ${process.version}`;
}

export function table({ bench, machine: where, figures }: BenchReport): string {
	const rows = [
		['figure', 'value', 'peer', 'ratio', 'goal', ''],
		...figures.map(({ name, value, unit, peer, ratio, goal, holds }) => [
			name,
			`${value} ${unit}`,
			peer === null ? '' : `${peer} ${unit}`,
			ratio === null ? '' : String(ratio),
			goal,
			goal === '' ? '' : holds ? 'holds' : 'MISSED',
		]),
	];
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
	const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
	return [`${bench} on ${where}`, '', ...lines].join('\n');
}

/** Three significant digits below 100, whole numbers above. */
function rounded(value: number): number {
	return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
