/** Knows whether `dist/` was built from the sources as they are now, and builds it when not. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { withLock } from '../lock.mjs';
import { tool } from '../tools';

const STAMP = 'dist/.stamp';
const LOCK = '.cache/build';
const GULP = 'gulp/bin/gulp.js';
const STOPPED = 'The build did not finish; what stopped it is printed above.';

/** Folders and files whose content decides what `dist/` is. */
const INPUTS = [
	'credentials',
	'nodes',
	'core',
	'cli',
	'workflows',
	'host/build',
	'gulpfile.js',
	'package.json',
	'package-lock.json',
	'tsconfig.json',
	'tsconfig.build.json',
];

/** Builds when a source changed since the last build; type errors are left to {@link build}. */
export async function ensureBuilt(): Promise<void> {
	if (isFresh()) return;
	await alone(async () => {
		if (isFresh()) return;
		console.error('Building dist/.');
		if ((await tool(GULP, ['buildForTests', '-L'])) !== 0) throw new Error(STOPPED);
	});
}

/**
 * Builds, types checked.
 * @param args of gulp
 * @throws Error when something is not right
 */
export async function build(...args: string[]): Promise<void> {
	await alone(async () => {
		if ((await tool(GULP, ['build', ...args])) !== 0) throw new Error(STOPPED);
	});
}

/** A second process waits for the first. */
async function alone(work: () => Promise<void>): Promise<void> {
	const waiting = (): void => console.error('Another process builds dist/; waiting for it.');
	await withLock(LOCK, waiting, work);
}

/** @param inputs {@link inputsHash} of the sources that were built */
export function writeStamp(inputs: string): void {
	writeFileSync(STAMP, inputs);
}

function isFresh(): boolean {
	return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputsHash();
}

/** Changes with any input's name, size or time of change. */
export function inputsHash(): string {
	const hash = createHash('sha256');
	for (const input of INPUTS) {
		if (!existsSync(input)) continue;
		const files = statSync(input).isDirectory()
			? readdirSync(input, { recursive: true, withFileTypes: true })
					.filter((entry) => entry.isFile())
					.map((entry) => join(entry.parentPath, entry.name))
					.sort()
			: [input];
		for (const file of files) {
			const { size, mtimeMs } = statSync(file);
			hash.update(`${file}\0${size}\0${mtimeMs}\n`);
		}
	}
	return hash.digest('hex');
}
