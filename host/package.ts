/** Installs this package as n8n installs a community package from npm: packed, unpacked, trimmed, its own dependencies beside it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureBuilt } from './build/stamp';
import { cacheFolder } from './install.mjs';
import { withLock } from './lock.mjs';
import { npm } from './npm.mjs';

/** As in n8n's installer (community-packages.service, n8n 2.41). */
const INSTALL = [
	'install',
	'--audit=false',
	'--fund=false',
	'--bin-links=false',
	'--install-strategy=shallow',
	'--ignore-scripts=true',
	'--package-lock=false',
];

/** Days after which an installed copy that nobody used is removed. */
const KEEP_DAYS = 1;

interface Manifest {
	name: string;
	version: string;
	[field: string]: unknown;
}

/**
 * Puts the package under `<userFolder>/.n8n/nodes/node_modules/`, where n8n looks for community packages.
 * @returns the package's folder there
 */
export async function installPackage(userFolder: string): Promise<string> {
	const installed = await installedPackage();
	const nodes = join(userFolder, '.n8n', 'nodes');
	const { name, version } = readManifest(installed);
	const target = join(nodes, 'node_modules', name);
	rmSync(target, { recursive: true, force: true });
	await cp(installed, target, { recursive: true, mode: constants.COPYFILE_FICLONE });
	writeFileSync(
		join(nodes, 'package.json'),
		JSON.stringify({ name: 'installed-nodes', private: true, dependencies: { [name]: version } }, null, 2),
	);
	return target;
}

/** The package as n8n would install it, kept in the cache by the tarball's hash. */
async function installedPackage(): Promise<string> {
	await ensureBuilt();
	const scratch = await mkdtemp(join(tmpdir(), 'ytempire-pack-'));
	try {
		const tarball = await pack(scratch);
		const hash = createHash('sha256').update(readFileSync(tarball)).digest('hex').slice(0, 16);
		const folder = join(cacheFolder(), `package-${hash}`);
		const waiting = (): void => console.error('Another process installs the same package; waiting for it.');
		await withLock(`${folder}.lock`, waiting, async () => {
			removeUnused();
			if (existsSync(folder)) {
				utimesSync(folder, new Date(), new Date());
				return;
			}
			const partial = `${folder}.partial`;
			rmSync(partial, { recursive: true, force: true });
			await installTarball(tarball, partial);
			renameSync(partial, folder);
		});
		return folder;
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

/** @returns the tarball that `npm publish` would send */
export async function pack(folder: string): Promise<string> {
	await npm(['pack', '--ignore-scripts', '--pack-destination', folder], {
		cwd: '.',
		log: join(folder, 'pack.log'),
	});
	const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
	if (tarball === undefined) throw new Error(`npm pack left no tarball in ${folder}.`);
	return join(folder, tarball);
}

/** What n8n's installer does with a tarball. */
export async function installTarball(tarball: string, folder: string): Promise<void> {
	mkdirSync(folder, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
	const { devDependencies, peerDependencies, optionalDependencies, ...manifest } =
		readManifest(folder);
	writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
	await npm(INSTALL, { cwd: folder, log: `${folder}.log` });
	rmSync(`${folder}.log`);
}

function readManifest(folder: string): Manifest {
	return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Every change of the code makes another copy of some 150 MB. */
function removeUnused(): void {
	const cache = cacheFolder();
	const oldest = Date.now() - KEEP_DAYS * 24 * 3600 * 1000;
	for (const name of readdirSync(cache)) {
		const path = join(cache, name);
		if (!/^package-[0-9a-f]+$/.test(name) || statSync(path).mtimeMs > oldest) continue;
		rmSync(path, { recursive: true, force: true });
	}
}
