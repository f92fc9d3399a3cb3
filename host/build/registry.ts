/** The `n8n` section of package.json must name every node and credential there is: n8n loads nothing else. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';

interface Registry {
	nodes: string[];
	credentials: string[];
}

interface Manifest {
	n8n: Registry & { n8nNodesApiVersion: number };
}

/** @throws Error naming what is missing and what is too many */
export function checkRegistry(): void {
	const found = built();
	const { n8n } = manifest();
	const complaints = (['nodes', 'credentials'] as const).flatMap((kind) => [
		...found[kind].filter((file) => !n8n[kind].includes(file)).map((file) => `missing: ${file}`),
		...n8n[kind]
			.filter((file) => !found[kind].includes(file))
			.map((file) => `listed but not there: ${file}`),
	]);
	if (complaints.length > 0) {
		throw new Error(
			`The n8n section of package.json differs from what is there (run "npx gulp register"):\n  ${complaints.join('\n  ')}`,
		);
	}
}

export function writeRegistry(): void {
	const current = manifest();
	current.n8n = { ...current.n8n, ...built() };
	writeFileSync('package.json', `${JSON.stringify(current, null, 2)}\n`);
}

function manifest(): Manifest {
	return JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
}

/** What the compiler makes of our sources. */
function built(): Registry {
	return {
		nodes: compiledFrom('nodes', '.node.ts'),
		credentials: compiledFrom('credentials', '.credentials.ts'),
	};
}

function compiledFrom(folder: string, end: string): string[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith(end))
		.map((name) => join('dist', folder, name.replace(/\.ts$/, '.js')).replaceAll(sep, '/'))
		.sort();
}
