/** Removes from `dist/` what was compiled from a source that is no longer there. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

/** File ends in `dist/` and the ends their sources may have. */
const SOURCES: Array<[compiled: string, sources: string[]]> = [
	['.js', ['.ts']],
	['.json', ['.json']],
	['.svg', ['.svg']],
];

/** The folders of `dist/` that mirror ours. */
const MIRRORED = ['credentials', 'nodes', 'core', 'cli', 'icons'];

export function pruneOrphans(): void {
	for (const folder of MIRRORED) {
		const root = join('dist', folder);
		if (!existsSync(root)) continue;
		for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
			if (!entry.isFile()) continue;
			const path = join(entry.parentPath, entry.name);
			if (isOrphan(path)) rmSync(path);
		}
	}
}

function isOrphan(path: string): boolean {
	const rule = SOURCES.find(([compiled]) => path.endsWith(compiled));
	if (rule === undefined) return false;
	const [compiled, sources] = rule;
	const stem = relative('dist', path).slice(0, -compiled.length);
	return !sources.some((end) => existsSync(stem + end));
}
