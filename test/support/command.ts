/** The `ytempire` command as a process of its own, as people run it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

import { onTestFinished } from 'vitest';

export interface Ended {
	code: number | null;
	out: string;
	/** What went to stderr. */
	said: string;
}

export interface CommandOptions {
	env?: Record<string, string>;
	stdin?: string;
	cwd?: string;
}

const CLI = ['--disable-warning=ExperimentalWarning', '--import', resolve('node_modules/tsx/dist/loader.mjs'), resolve('cli/ytempire.ts')];

/** Starts it with nothing of the environment but what is given. */
export function startCommand(args: string[], { env = {}, stdin, cwd }: CommandOptions = {}): { child: ChildProcess; ended: Promise<Ended> } {
	const child = spawn(process.execPath, [...CLI, ...args], {
		env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
		stdio: ['pipe', 'pipe', 'pipe'],
		cwd,
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	child.stdin.end(stdin ?? '');
	const ended = Promise.all([once(child, 'close') as Promise<[number | null]>, text(child.stdout), text(child.stderr)]).then(
		([[code], out, said]) => ({ code, out, said }),
	);
	return { child, ended };
}

export async function command(args: string[], options?: CommandOptions): Promise<Ended> {
	return await startCommand(args, options).ended;
}
