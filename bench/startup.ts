/** What this package adds to n8n's start and to the first use of each node, and what it takes on disk. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { build } from 'esbuild';

import { createN8nInstance, type N8nInstance } from '../host/n8n';
import { installedSize } from '../host/sizes';
import { figure, inTurns, median, shift, type Figure } from './report';

const STARTS = 7;
const LOADS = 5;

/** After it is ready n8n still registers webhooks and fills caches. */
const SETTLE_MS = 1000;

export async function measure(): Promise<Figure[]> {
	const withPackage = await createN8nInstance();
	const without = await createN8nInstance({ withPackage: false });
	const scratch = mkdtempSync(join(tmpdir(), 'ytempire-bench-'));
	try {
		const installed = join(withPackage.userFolder, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-ytempire');
		return [
			...(await starts(withPackage, without)),
			...(await firstUses(installed, scratch)),
			...disk(installed),
		];
	} finally {
		rmSync(scratch, { recursive: true, force: true });
		await withPackage.remove();
		await without.remove();
	}
}

/** The first start of each makes its database and isn't counted. */
async function starts(withPackage: N8nInstance, without: N8nInstance): Promise<Figure[]> {
	for (const n8n of [withPackage, without]) await startOnce(n8n);
	const runs = await inTurns(STARTS, {
		own: async () => await startOnce(withPackage),
		peer: async () => await startOnce(without),
	});
	const column = (results: number[][], index: number): number[] => results.map((result) => result[index] ?? 0);
	const of = (results: number[][], index: number): number => median(column(results, index));
	const added = (index: number): number => shift(column(runs.own, index), column(runs.peer, index));
	return [
		figure("n8n's start to ready", of(runs.own, 0), 'ms', { peer: of(runs.peer, 0) }),
		figure("added to n8n's start", added(0), 'ms'),
		figure("n8n's processor time when started", of(runs.own, 1), 'ms', { peer: of(runs.peer, 1) }),
		// the goal is held to this one: what else the machine does changes the clock by more than the goal
		figure("added to n8n's processor time", added(1), 'ms', { atMost: 100 }),
		figure("n8n's memory when started", of(runs.own, 2), 'MB', { peer: of(runs.peer, 2) }),
		figure("added to n8n's memory", added(2), 'MB', { atMost: 10 }),
	];
}

/** @returns milliseconds to ready; milliseconds of processor time and megabytes of n8n's main process */
async function startOnce(n8n: N8nInstance): Promise<number[]> {
	const ms = await n8n.start();
	await delay(SETTLE_MS);
	const used = usedBy(n8n.pid);
	await n8n.stop();
	return [ms, ...used];
}

/** @returns milliseconds of processor time and megabytes in memory; Linux tells them */
function usedBy(pid: number): [number, number] {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	// counted after the name in brackets, which may hold blanks: user and system time in hundredths, pages of 4096 bytes
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
	const [user = 0, system = 0] = fields.slice(11);
	return [(user + system) * 10, ((fields[21] ?? 0) * 4096) / 1e6];
}

/** Nodes as n8n loads them on first use; the SDKs that they load when they need them, against the same SDKs unbundled. */
async function firstUses(installed: string, scratch: string): Promise<Figure[]> {
	const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { n8n: { nodes: string[] } };
	const nodePath = join(scratch, 'node_modules');
	mkdirSync(nodePath);
	symlinkSync(resolve('node_modules/n8n-workflow'), join(nodePath, 'n8n-workflow'), 'junction');
	const nodes: Figure[] = [];
	for (const file of manifest.n8n.nodes) {
		const { own } = await inTurns(LOADS, { own: async () => load(join(installed, file), nodePath, 'n8n-workflow') });
		nodes.push(...loadFigures(`node ${basename(file, '.node.js')}`, own));
	}
	const sdks: Figure[] = [];
	for (const file of readdirSync('core/vendor')) {
		const name = basename(file, '.ts');
		const unbundled = resolve('node_modules', '.cache', 'ytempire', 'bench', `${name}.js`);
		await build({
			entryPoints: [join('core/vendor', file)],
			outfile: unbundled,
			bundle: true,
			packages: 'external',
			platform: 'node',
			format: 'cjs',
		});
		const runs = await inTurns(LOADS, {
			own: async () => load(join(installed, 'dist/core/vendor', `${name}.js`), nodePath),
			peer: async () => load(unbundled, nodePath),
		});
		sdks.push(...loadFigures(`SDK ${name}`, runs.own, runs.peer));
	}
	return [...nodes, ...sdks];
}

function loadFigures(name: string, own: number[][], peer?: number[][]): Figure[] {
	const of = (results: number[][], index: number): number => median(results.map((result) => result[index] ?? 0));
	const against = (index: number): { peer?: number } => (peer === undefined ? {} : { peer: of(peer, index) });
	return [
		figure(`${name}: first load`, of(own, 0), 'ms', against(0)),
		figure(`${name}: memory`, of(own, 1), 'MB', against(1)),
	];
}

/**
 * In a process of its own.
 * @param before a module that is there already
 * @returns milliseconds and megabytes
 */
function load(file: string, nodePath: string, before = 'node:fs'): number[] {
	const script = `
		require(${JSON.stringify(before)});
		gc();
		const memory = process.memoryUsage().rss;
		const began = performance.now();
		require(${JSON.stringify(file)});
		const ms = performance.now() - began;
		gc();
		console.log(JSON.stringify([ms, Math.max(0, process.memoryUsage().rss - memory) / 1e6]));
	`;
	const output = execFileSync(process.execPath, ['--expose-gc', '--no-warnings', '-e', script], {
		env: { NODE_PATH: nodePath },
		encoding: 'utf8',
	});
	return JSON.parse(output) as number[];
}

function disk(installed: string): Figure[] {
	const { own, dependencies, packages } = installedSize(installed);
	return [
		figure('our code and SDKs installed', own / 1e6, 'MB', { atMost: 15, peer: unbundledBytes() / 1e6 }),
		figure("ffmpeg's and ffprobe's packages", dependencies / 1e6, 'MB'),
		figure('packages installed beside ours', packages, 'packages'),
	];
}

/** What the packages that were bundled take in node_modules. */
function unbundledBytes(): number {
	const notices = readFileSync('THIRD-PARTY-NOTICES', 'utf8');
	const names = [...notices.matchAll(/^={80}\n(\S+) /gm)].map(([, name]) => join('node_modules', name ?? ''));
	return names.reduce((sum, folder) => sum + installedSize(folder).own, 0);
}
