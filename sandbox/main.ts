/**
 * The sandbox as a program: `node --import tsx sandbox/main.ts --data DIR [--seed N] [--port-base P]`.
 * Prints one line of JSON, `{"control": url, "services": {name: url}}`, when all ports listen; ends on SIGTERM and SIGINT.
 */
import { parseArgs } from 'node:util';

import { startSandbox } from './server';
import { SERVICE_NAMES } from './services';

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { data: { type: 'string' }, seed: { type: 'string' }, 'port-base': { type: 'string' } },
	});
	if (!values.data) throw new Error('Say where the files go: --data DIR');
	const seed = wholeNumber('--seed', values.seed);
	const base = wholeNumber('--port-base', values['port-base']);

	const sandbox = await startSandbox({
		dataDir: values.data,
		seed,
		ports:
			base === undefined
				? {}
				: Object.fromEntries(['control', ...SERVICE_NAMES].map((name, index) => [name, base + index])),
	});
	const services = Object.fromEntries(SERVICE_NAMES.map((name) => [name, sandbox.services[name].url]));
	process.stdout.write(`${JSON.stringify({ control: sandbox.controlUrl, services })}\n`);

	const end = () => {
		void sandbox.close().then(() => process.exit(0));
	};
	process.once('SIGTERM', end);
	process.once('SIGINT', end);
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	if (!/^\d+$/.test(text)) throw new Error(`${option} takes a whole number, not ${text}`);
	return Number(text);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(1);
});
