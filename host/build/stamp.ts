/** Knows whether `dist/` was built from the sources as they are now, and builds it when not. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { withLock } from '../lock.mjs';

const STAMP = 'dist/.stamp';

/** Folders and files whose content decides what `dist/` is. */
const INPUTS = [
	'credentials',
	'nodes',
	'core',
	'cli',
	'icons',
	'host/build',
	'gulpfile.js',
	'package.json',
	'package-lock.json',
	'tsconfig.json',
	'tsconfig.build.json',
];

/** Builds when a source changed since the last build; a second process waits for the first. */
export async function ensureBuilt(): Promise<void> {
	if (isFresh()) return;
	const waiting = (): void => console.log('Another process builds dist/, waiting for it.');
	await withLock('node_modules/.cache/ytempire/build', waiting, async () => {
		if (isFresh()) return;
		console.log('Building dist/.');
		const gulp = ['node_modules/gulp/bin/gulp.js', 'buildForTests', '-L'];
		const child = spawn(process.execPath, gulp, { stdio: 'inherit' });
		const [code] = (await once(child, 'exit')) as [number | null];
		if (code !== 0) throw new Error('The build did not finish; what stopped it is printed above.');
	});
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
