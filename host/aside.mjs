/**
 * Installs from a lockfile aside of where the packages are wanted, so that a folder of packages is whole or not there,
 * and a run that was cut off disturbs nobody. Plain JavaScript without dependencies, on Node 20.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { npm } from './npm.mjs';
import { withProgress, writtenSince } from './progress.mjs';

export const MANIFESTS = ['package.json', 'package-lock.json'];

/**
 * Under a lock: whatever an earlier run left aside is removed first.
 * @param {object} options
 * @param {string} options.manifests folder of package.json and package-lock.json
 * @param {string} options.target what the caller will rename the result, or a part of it, to
 * @param {string} options.what for the person who waits
 * @param {string} options.log takes all that npm says
 * @returns {Promise<string>} the folder that holds node_modules, with its Node in place
 */
export async function installAside({ manifests, target, what, log }) {
	const parent = dirname(target);
	const prefix = `${basename(target)}.partial-`;
	mkdirSync(parent, { recursive: true });
	for (const name of readdirSync(parent)) {
		if (name.startsWith(prefix)) removeQuietly(join(parent, name));
	}
	const partial = join(parent, `${prefix}${process.pid}`);
	rmSync(log, { force: true });
	mkdirSync(partial);
	for (const name of MANIFESTS) copyFileSync(join(manifests, name), join(partial, name));
	await withProgress(what, writtenSince(partial), async () => {
		await npm(['ci', '--include=dev', '--ignore-scripts'], { cwd: partial, log });
	});
	await withProgress('Node 24', () => '', async () => {
		await npm(['rebuild', 'node'], { cwd: partial, log });
	});
	return partial;
}

/**
 * An npm that lost its parent may still be writing there; what stays is removed by the next run.
 * @param {string} folder
 */
export function removeQuietly(folder) {
	try {
		rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	} catch {
		console.error(`${folder} is left over from a run that was cut off and can be removed.`);
	}
}
