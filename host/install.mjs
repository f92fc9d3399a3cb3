/**
 * Installs the n8n and the Node of host/package-lock.json once per lockfile, in a folder of the user's cache.
 * Other runs that come meanwhile wait for it; what a run that was cut off left behind is removed.
 * Plain JavaScript without dependencies, on Node 20. `node host/install.mjs` prints the folder.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { MANIFESTS, installAside } from './aside.mjs';
import { withLock } from './lock.mjs';
import { nodeFolder, npm } from './npm.mjs';
import { freeBytes, withProgress } from './progress.mjs';

const HOST = dirname(fileURLToPath(import.meta.url));

/** npm's own cache of the same packages may need as much again. */
const NEEDED_BYTES = 5e9;

/**
 * @typedef {object} Host
 * @property {string} folder holds node_modules
 * @property {string} node file to run
 * @property {string} n8n JavaScript file to run with it
 */

/** @returns {Promise<Host>} */
export async function ensureHost() {
	const folder = hostFolder();
	if (!existsSync(folder)) {
		const waiting = ({ pid = 0 }) =>
			console.error(`Process ${pid} installs n8n in ${folder}; waiting for it.`);
		await withLock(`${folder}.lock`, waiting, async () => {
			if (!existsSync(folder)) await install(folder);
		});
	}
	const bin = nodeFolder(folder);
	if (bin === undefined) {
		throw new Error(`${folder} has no Node in it. Remove that folder and run this again.`);
	}
	return {
		folder,
		node: join(bin, process.platform === 'win32' ? 'node.exe' : 'node'),
		n8n: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
	};
}

/** Named by what decides the content. */
function hostFolder() {
	const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
	for (const name of MANIFESTS) hash.update(readFileSync(join(HOST, name)));
	return join(cacheFolder(), `host-${hash.digest('hex').slice(0, 16)}`);
}

/** The user's cache folder for this project. */
export function cacheFolder() {
	const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
	const system =
		{ darwin: join(homedir(), 'Library', 'Caches'), win32: LOCALAPPDATA }[
			/** @type {string} */ (process.platform)
		] ?? join(homedir(), '.cache');
	return join(XDG_CACHE_HOME || system, 'n8n-nodes-ytempire');
}

/**
 * Under the lock. The folder gets its name when it is whole.
 * @param {string} folder
 */
async function install(folder) {
	const cache = dirname(folder);
	mkdirSync(cache, { recursive: true });
	if (freeBytes(cache) < NEEDED_BYTES) {
		throw new Error(
			`n8n needs about ${NEEDED_BYTES / 1e9} GB, and ${cache} has ${(freeBytes(cache) / 1e9).toFixed(1)} GB free. Make room, or name another place in XDG_CACHE_HOME.`,
		);
	}
	const log = `${folder}.log`;
	console.error(`Installing n8n in ${folder}, once; it is 3 GB and takes minutes.`);
	const partial = await installAside({
		manifests: HOST,
		target: folder,
		what: 'n8n and its packages',
		log,
	});
	await withProgress("n8n's database driver", () => '', async () => {
		const env = { npm_config_nodedir: headersFolder(partial) };
		await npm(['rebuild', 'sqlite3'], { cwd: partial, log, node: nodeFolder(partial), env });
	});
	renameSync(partial, folder);
}

/**
 * The Node that was just installed, with its headers, so that nothing is compiled against another one.
 * @param {string} root
 */
function headersFolder(root) {
	const packages = join(root, 'node_modules', 'node', 'node_modules');
	const name = readdirSync(packages).find((entry) =>
		existsSync(join(packages, entry, 'include', 'node', 'node_api.h')),
	);
	if (name === undefined) throw new Error(`The Node in ${packages} has no headers.`);
	return join(packages, name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	ensureHost().then(
		({ folder }) => console.log(folder),
		(error) => {
			console.error(error.message);
			process.exitCode = 1;
		},
	);
}
