/** `npm run bench -- NAME [--json]`: see bench/. */
import { runBench } from '../../bench/run';

runBench(process.argv.slice(2)).then(
	(code) => (process.exitCode = code),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	},
);
