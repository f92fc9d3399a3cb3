/** Processes that demo and tests start: each with its own group and log, none of which outlives us. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, resolve } from 'node:path';

const TAIL_LINES = 40;

/** Milliseconds a process gets to end by itself. */
const GRACE_MS = 10_000;

const GUARD = resolve('host/guard.mjs');

export interface ProcessOptions {
	/** In messages, e.g. `n8n`. */
	name: string;
	/** The Node to run; the present one by default. */
	node?: string;
	/** The script and its arguments. */
	args: string[];
	/** The whole environment. */
	env: NodeJS.ProcessEnv;
	cwd: string;
	/** File that takes all output; appended to. */
	log: string;
}

export interface RunningProcess {
	pid: number;
	/** Exit code, or the signal that ended it. */
	exited: Promise<number | NodeJS.Signals>;
	/** To the process and all that it started. */
	kill(signal: NodeJS.Signals): void;
	/** Asks it to end, makes it end after 10 s, and waits until it has. */
	stop(): Promise<void>;
	/** What it said last. */
	tail(): string;
}

const running = new Set<RunningProcess>();

export function startProcess(options: ProcessOptions): RunningProcess {
	const { name, node = process.execPath, args, env, cwd, log } = options;
	watchOwnEnd();
	mkdirSync(dirname(log), { recursive: true });
	const output = openSync(log, 'a');
	const child = spawn(node, ['--import', GUARD, ...args], {
		cwd,
		env,
		detached: true,
		stdio: ['ignore', output, output, 'pipe'],
	});
	closeSync(output);
	const { pid } = child;
	if (pid === undefined) throw new Error(`${name} could not be started with ${node}.`);
	const started: RunningProcess = {
		pid,
		exited: exitOf(child).finally(() => {
			killGroup(pid, 'SIGKILL');
			running.delete(started);
		}),
		kill: (signal) => killGroup(pid, signal),
		async stop() {
			child.kill('SIGTERM');
			const timer = setTimeout(() => killGroup(pid, 'SIGKILL'), GRACE_MS);
			await started.exited;
			clearTimeout(timer);
		},
		tail: () => tailOf(log),
	};
	running.add(started);
	return started;
}

async function exitOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
	return await new Promise((done, failed) => {
		child.once('error', failed);
		child.once('exit', (code, signal) => done(code ?? signal ?? 1));
	});
}

/** The end of a log, with its path. */
export function tailOf(log: string): string {
	const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES);
	return `The end of ${log}:\n${lines.join('\n')}`;
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(process.platform === 'win32' ? pid : -pid, signal);
	} catch {
		// nothing of the group is left
	}
}

let watching = false;

function watchOwnEnd(): void {
	if (watching) return;
	watching = true;
	process.once('exit', () => {
		for (const { pid } of running) killGroup(pid, 'SIGKILL');
	});
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.once(signal, () => process.exit(128 + constants.signals[signal]));
	}
}
