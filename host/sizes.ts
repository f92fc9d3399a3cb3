/** What an installed package takes on disk. */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';

export interface InstalledSize {
	/** Bytes of our own files, bundled SDKs included. */
	own: number;
	/** Bytes of the packages that npm put beside them. */
	dependencies: number;
	/** How many packages those are. */
	packages: number;
}

export function installedSize(folder: string): InstalledSize {
	let own = 0;
	let dependencies = 0;
	for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		const path = join(entry.parentPath, entry.name);
		const { size } = lstatSync(path);
		if (path.startsWith(join(folder, 'node_modules') + sep)) dependencies += size;
		else own += size;
	}
	return { own, dependencies, packages: packagesUnder(join(folder, 'node_modules')) };
}

function packagesUnder(modules: string): number {
	if (!existsSync(modules)) return 0;
	return readdirSync(modules).reduce((count, name) => {
		if (name.startsWith('.')) return count;
		const path = join(modules, name);
		if (name.startsWith('@')) return count + packagesUnder(path);
		return count + 1 + packagesUnder(join(path, 'node_modules'));
	}, 0);
}
