/** The lock between processes, with real processes that hold it and die. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { withLock } from '../../host/lock.mjs';

let folder: string;
let lock: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'ytempire-lock-'));
	lock = join(folder, 'lock');
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

/** Another process that takes the lock, says so, and then does what the script says. */
function other(script: string): ChildProcess {
	const lockModule = pathToFileURL(resolve('host/lock.mjs')).href;
	const source = `
		import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
		import { setTimeout as delay } from 'node:timers/promises';
		import { withLock } from ${JSON.stringify(lockModule)};
		await withLock(${JSON.stringify(lock)}, () => {}, async () => {
			console.log('held');
			${script}
		});
	`;
	return spawn(process.execPath, ['--input-type=module', '-e', source], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
}

async function holding(script: string): Promise<ChildProcess> {
	const child = other(script);
	await once(child.stdout!, 'data');
	return child;
}

describe('the lock between processes', () => {
	it('lets one process at a time work', async () => {
		const count = join(folder, 'count');
		writeFileSync(count, '0');
		const add = `
			const before = Number(readFileSync(${JSON.stringify(count)}, 'utf8'));
			await delay(20);
			writeFileSync(${JSON.stringify(count)}, String(before + 1));
		`;
		const children = Array.from({ length: 6 }, () => other(add));
		await Promise.all(children.map((child) => once(child, 'exit')));
		expect(readFileSync(count, 'utf8')).toBe('6');
	});

	it('tells who holds it while it waits', async () => {
		const child = await holding('await delay(300);');
		const told: number[] = [];
		await withLock(lock, ({ pid }) => told.push(pid), () => undefined);
		expect(told).toEqual([child.pid]);
	});

	it('passes on when its holder is killed', async () => {
		const child = await holding('await delay(600_000);');
		child.kill('SIGKILL');
		await once(child, 'exit');
		await expect(withLock(lock, () => undefined, () => 'mine')).resolves.toBe('mine');
	});

	it('is given back when the work fails', async () => {
		const failing = withLock(lock, () => undefined, () => {
			throw new Error('as told');
		});
		await expect(failing).rejects.toThrow('as told');
		await expect(withLock(lock, () => undefined, () => 'mine')).resolves.toBe('mine');
	});

	it('does not take a process with a reused number for its holder', async () => {
		writeFileSync(`${lock}.1`, JSON.stringify({ pid: process.pid, started: '1' }));
		await expect(withLock(lock, () => undefined, () => 'mine')).resolves.toBe('mine');
	});
});
