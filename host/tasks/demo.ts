/** `npm run demo`: see host/demo.ts. */
import { parseDemoOptions, USAGE } from '../demo/options';
import { runDemo } from '../demo';

async function main(): Promise<void> {
	const options = parseDemoOptions(process.argv.slice(2));
	if (options === 'help') {
		console.log(USAGE);
		return;
	}
	const report = await runDemo(options);
	if (options.json) console.log(JSON.stringify(report, null, 2));
	if (!report.ok) process.exitCode = 1;
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
