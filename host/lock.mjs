/**
 * A lock between processes of one machine, held as a file.
 *
 * Each holder links a new file `<path>.<n>` one above the highest there is, which only one process can do.
 * A holder that died leaves its file; the next one sees that the process is gone and goes one above it.
 * Plain JavaScript without dependencies: it runs before anything is installed, on Node 20.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks at a lock that someone else holds. */
const POLL_MS = 500;

/** Stands in the file of a holder that gave the lock back. */
const FREE = 0;

/** @typedef {{ pid: number, started?: string }} Holder */

/**
 * Runs `work` while no other process holds the same lock.
 * @template T
 * @param {string} path the lock's name; files `<path>.<n>` stand for it
 * @param {(holder: { pid: number }) => void} onWait called once when another process holds it
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, onWait, work) {
	const release = await acquire(path, onWait);
	try {
		return await work();
	} finally {
		release();
	}
}

/**
 * @param {string} path
 * @param {(holder: { pid: number }) => void} onWait
 * @returns {Promise<() => void>} gives the lock back
 */
async function acquire(path, onWait) {
	mkdirSync(dirname(path), { recursive: true });
	for (let waited = false; ; ) {
		const generation = highest(path);
		const holder = generation === 0 ? undefined : readHolder(path, generation);
		if (holder !== undefined && isAlive(holder)) {
			if (!waited) onWait(holder);
			waited = true;
			await delay(POLL_MS);
			continue;
		}
		if (claim(path, generation + 1)) {
			return () => writeFileSync(`${path}.${generation + 1}`, JSON.stringify({ pid: FREE }));
		}
	}
}

/**
 * @param {string} path
 * @param {number} generation
 * @returns {boolean} true when this process now holds the lock
 */
function claim(path, generation) {
	const draft = `${path}.draft-${randomUUID()}`;
	writeFileSync(draft, JSON.stringify({ pid: process.pid, started: startTime(process.pid) }));
	try {
		linkSync(draft, `${path}.${generation}`);
	} catch (error) {
		if (codeOf(error) === 'EEXIST') return false;
		throw error;
	} finally {
		rmSync(draft, { force: true });
	}
	if (highest(path) !== generation) {
		rmSync(`${path}.${generation}`, { force: true });
		return false;
	}
	for (const older of generations(path)) {
		if (older < generation) rmSync(`${path}.${older}`, { force: true });
	}
	return true;
}

/** @param {string} path */
function generations(path) {
	const prefix = `${basename(path)}.`;
	return readdirSync(dirname(path))
		.filter((name) => name.startsWith(prefix))
		.map((name) => Number(name.slice(prefix.length)))
		.filter(Number.isSafeInteger);
}

/** @param {string} path */
function highest(path) {
	return Math.max(0, ...generations(path));
}

/**
 * @param {string} path
 * @param {number} generation
 * @returns {Holder | undefined}
 */
function readHolder(path, generation) {
	try {
		return JSON.parse(readFileSync(`${path}.${generation}`, 'utf8'));
	} catch {
		// gone or half rewritten by its own release: free either way
		return undefined;
	}
}

/** @param {Holder} holder */
function isAlive({ pid, started }) {
	if (pid === FREE) return false;
	try {
		process.kill(pid, 0);
	} catch (error) {
		if (codeOf(error) === 'ESRCH') return false;
	}
	return started === startTime(pid);
}

/**
 * When a process began, so that a reused number is not taken for the holder; undefined where the system doesn't tell.
 * @param {number} pid
 */
function startTime(pid) {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// the 22nd field; the second is a name in brackets that may hold blanks
		return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
	} catch {
		return undefined;
	}
}

/** @param {unknown} error */
function codeOf(error) {
	return error instanceof Error && 'code' in error ? error.code : undefined;
}
