/** The `n8n` section of package.json must name every compiled node and credential: n8n loads nothing else. */
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
	const built = compiled();
	const { n8n } = manifest();
	const complaints = (['nodes', 'credentials'] as const).flatMap((kind) => [
		...built[kind].filter((file) => !n8n[kind].includes(file)).map((file) => `missing: ${file}`),
		...n8n[kind]
			.filter((file) => !built[kind].includes(file))
			.map((file) => `listed but not built: ${file}`),
	]);
	if (complaints.length > 0) {
		throw new Error(
			`The n8n section of package.json differs from what was built (run "npx gulp register"):\n  ${complaints.join('\n  ')}`,
		);
	}
}

export function writeRegistry(): void {
	const current = manifest();
	current.n8n = { ...current.n8n, ...compiled() };
	writeFileSync('package.json', `${JSON.stringify(current, null, 2)}\n`);
}

function manifest(): Manifest {
	return JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
}

function compiled(): Registry {
	return {
		nodes: filesUnder('dist/nodes', '.node.js'),
		credentials: filesUnder('dist/credentials', '.credentials.js'),
	};
}

function filesUnder(folder: string, end: string): string[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith(end))
		.map((name) => join(folder, name).replaceAll(sep, '/'))
		.sort();
}
