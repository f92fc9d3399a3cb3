/** Nothing that demo and tests start may outlive them, however they end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startProcess, type RunningProcess } from '../../host/processes';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'ytempire-processes-'));
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

/** Starts a grandchild, says its number, and stays. */
const PARENT = `
	const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
	console.log(child.pid);
	setInterval(() => {}, 1000);
`;

function start(script: string): RunningProcess {
	return startProcess({
		name: 'a test process',
		args: ['-e', script],
		env: { PATH: process.env.PATH },
		cwd: folder,
		log: join(folder, 'log'),
	});
}

async function loggedNumber(): Promise<number> {
	for (;;) {
		const line = /^\d+$/m.exec(readFileSync(join(folder, 'log'), 'utf8'));
		if (line) return Number(line[0]);
		await delay(20);
	}
}

/** A killed process that nobody waited for yet is dead, too. */
function lives(pid: number): boolean {
	try {
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}

async function ends(pid: number): Promise<boolean> {
	for (let wait = 0; wait < 100 && lives(pid); wait += 1) await delay(50);
	return !lives(pid);
}

describe.runIf(process.platform === 'linux')('processes that demo and tests start', () => {
	it('end with all that they started when they are stopped', async () => {
		const parent = start(PARENT);
		const grandchild = await loggedNumber();
		await parent.stop();
		expect([await ends(parent.pid), await ends(grandchild)]).toEqual([true, true]);
	});

	it('end with all that they started when they fail by themselves', async () => {
		const parent = start(`${PARENT} setTimeout(() => { throw new Error('as told'); }, 200);`);
		const grandchild = await loggedNumber();
		expect(await parent.exited).toBe(1);
		expect(await ends(grandchild)).toBe(true);
		expect(parent.tail()).toContain('as told');
	});

	it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
		'end when the one that started them ends by %s',
		async (signal) => {
			const source = `
				import { startProcess } from './host/processes';
				const options = ${JSON.stringify({ name: 'x', args: ['-e', PARENT], cwd: folder, log: join(folder, 'log') })};
				startProcess({ ...options, env: { PATH: process.env.PATH } });
				setInterval(() => {}, 1000);
			`;
			const starter = spawn(
				process.execPath,
				['--import', 'tsx', '--input-type=module', '-e', source],
				{ cwd: resolve('.'), stdio: 'inherit' },
			);
			while (!existsSync(join(folder, 'log'))) await delay(20);
			const grandchild = await loggedNumber();
			starter.kill(signal);
			await once(starter, 'exit');
			expect(await ends(grandchild)).toBe(true);
		},
	);
});
