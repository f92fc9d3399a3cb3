/**
 * `node host/bootstrap.mjs <task> [arguments]`: makes sure that node_modules fit the lockfile and that
 * Node 24 is the one that runs, then runs host/tasks/<task>.ts. Every npm script goes through it, so that
 * each works on a fresh clone. Plain JavaScript without dependencies, on Node 20.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { installAside, removeQuietly } from './aside.mjs';
import { withLock } from './lock.mjs';
import { nodeFolder } from './npm.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TASKS = join(ROOT, 'host', 'tasks');

/** Name of the lock, the log and what is installed aside. */
const SET_UP = join(ROOT, '.cache', 'set-up');

/** Milliseconds after which a Ctrl-C that only this process got is handed on. */
const CTRL_C_MS = 500;

try {
	process.exitCode = await main(process.argv[2], process.argv.slice(3));
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}

/**
 * @param {string | undefined} task
 * @param {string[]} args
 */
async function main(task, args) {
	const tasks = readdirSync(TASKS).map((file) => file.replace(/\.ts$/, ''));
	if (task === undefined || !tasks.includes(task)) {
		console.error(`Usage: node host/bootstrap.mjs <task> [arguments]\nTasks: ${tasks.join(', ')}`);
		return 2;
	}
	if (!isSetUp()) {
		const waiting = ({ pid = 0 }) => console.error(`Process ${pid} sets up node_modules; waiting for it.`);
		await withLock(SET_UP, waiting, setUp);
	}
	return await run(task, args);
}

function isSetUp() {
	return nodeFolder(ROOT) !== undefined && fitsLockfile();
}

/** npm writes what it installed when it is done, so a cut-off install doesn't fit either. */
function fitsLockfile() {
	const installed = packages(join(ROOT, 'node_modules', '.package-lock.json'));
	const locked = packages(join(ROOT, 'package-lock.json'));
	return Object.entries(locked).every(([path, { version, optional, peer }]) => {
		const there = installed[path];
		// an optional package may be meant for another system
		return path === '' || (there ? there.version === version : optional === true || peer === true);
	});
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, peer?: boolean }>}
 */
function packages(file) {
	return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

async function setUp() {
	if (isSetUp()) return;
	const modules = join(ROOT, 'node_modules');
	const aside = await installAside({
		manifests: ROOT,
		target: SET_UP,
		what: 'The packages of this project',
		log: `${SET_UP}.log`,
	});
	// the old ones are removed from there, by this run or the next
	if (existsSync(modules)) renameSync(modules, join(aside, 'replaced'));
	renameSync(join(aside, 'node_modules'), modules);
	removeQuietly(aside);
	if (!isSetUp()) throw new Error(`The set-up of node_modules is not whole; see ${SET_UP}.log.`);
}

/**
 * Runs a task on Node 24 and hands its signals and its exit code on.
 * @param {string} task
 * @param {string[]} args
 * @returns {Promise<number>}
 */
async function run(task, args) {
	const bin = /** @type {string} */ (nodeFolder(ROOT));
	const node = join(bin, process.platform === 'win32' ? 'node.exe' : 'node');
	const flags = ['--disable-warning=ExperimentalWarning', '--import', 'tsx'];
	const child = spawn(node, [...flags, join(TASKS, `${task}.ts`), ...args], {
		cwd: ROOT,
		stdio: 'inherit',
		env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
	});
	// a terminal sends Ctrl-C to the task too; what it started is the task's to stop
	process.on('SIGINT', () => setTimeout(() => child.kill('SIGINT'), CTRL_C_MS).unref());
	process.on('SIGTERM', () => child.kill('SIGTERM'));
	return await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code, signal) =>
			resolve(code ?? 128 + constants.signals[/** @type {NodeJS.Signals} */ (signal)]),
		);
	});
}
