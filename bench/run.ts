/** Runs one bench by its name, prints what it found, and says by the exit code whether every goal holds. */
import { readdirSync } from 'node:fs';

import { machine, table, type BenchReport, type Figure } from './report';

interface BenchModule {
	measure(): Promise<Figure[]>;
}

/** Files of this folder that are not benches. */
const NOT_BENCHES = ['report', 'run'];

/** @returns the exit code: 0 when every goal holds, 1 when one is missed, 2 when there is no such bench */
export async function runBench(args: string[]): Promise<number> {
	const json = args.includes('--json');
	const name = args.find((arg) => !arg.startsWith('-'));
	const names = readdirSync('bench')
		.filter((file) => file.endsWith('.ts'))
		.map((file) => file.slice(0, -'.ts'.length))
		.filter((file) => !NOT_BENCHES.includes(file));
	if (name === undefined || !names.includes(name)) {
		console.error(`Usage: npm run bench -- NAME [--json]\nNames: ${names.join(', ')}`);
		return 2;
	}
	const { measure } = (await import(`./${name}`)) as BenchModule;
	const report: BenchReport = { bench: name, machine: machine(), figures: await measure() };
	console.log(json ? JSON.stringify(report, null, 2) : table(report));
	return report.figures.every(({ holds }) => holds) ? 0 : 1;
}
