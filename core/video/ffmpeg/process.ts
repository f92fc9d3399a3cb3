/** A child process without a shell that ends with its caller: killed on cancel and on timeout. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { cancelled, invalidRequest, isYtempireError, YtempireError } from '../../errors';

export interface ProcessOptions {
	signal?: AbortSignal;
	/** Milliseconds; `Infinity` for no end of its own. */
	timeoutMs: number;
	cwd?: string;
	onStdoutLine?: (line: string) => void;
	onStderrLine?: (line: string) => void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface ProcessEnd {
	/** `null` when a signal ended it. */
	code: number | null;
	endedBy: NodeJS.Signals | null;
}

const NOT_STARTED = 'not-started';

/** True when it was this machine that failed, and not what ffmpeg was given to read. */
export function isMachineTrouble(error: unknown): boolean {
	return isYtempireError(error) && (error.errorClass === 'unavailable' || error.reason === NOT_STARTED);
}

/**
 * Runs a program with an argument array and hands its output out line by line.
 * @throws YtempireError `cancelled` on abort, `unavailable` on timeout, `invalid-request` when the program can't be started
 */
export async function runProcess(
	program: string,
	args: readonly string[],
	options: ProcessOptions,
): Promise<ProcessEnd> {
	if (options.signal?.aborted) throw cancelled(options.signal.reason);
	const child = spawn(program, args, {
		cwd: options.cwd,
		stdio: ['ignore', 'pipe', 'pipe'],
		windowsHide: true,
	});
	let timedOut = false;
	// SIGKILL, not SIGTERM: whatever it was writing is thrown away, and nothing can hold it up
	const kill = () => child.kill('SIGKILL');
	// a timer of more than 2^31 ms would fire at once
	const timer = options.timeoutMs > LONGEST_TIMER_MS ? undefined : setTimeout(() => {
		timedOut = true;
		kill();
	}, options.timeoutMs);
	options.signal?.addEventListener('abort', kill, { once: true });
	const reading = Promise.all([
		eachLine(child.stdout, options.onStdoutLine),
		eachLine(child.stderr, options.onStderrLine),
	]);
	try {
		const end = await new Promise<ProcessEnd>((resolve, reject) => {
			child.once('error', reject);
			child.once('close', (code, endedBy) => resolve({ code, endedBy }));
		});
		await reading;
		if (options.signal?.aborted) throw cancelled(options.signal.reason);
		if (timedOut) {
			throw new YtempireError(
				'unavailable',
				`${program} was stopped after ${Math.round(options.timeoutMs / 1000)} s without finishing`,
				{ cure: 'Give it more time, a faster preset or a less busy machine.' },
			);
		}
		return end;
	} catch (error) {
		if (!(error instanceof Error) || !('syscall' in error)) throw error;
		throw invalidRequest(`${program} can't be started: ${error.message}`, {
			reason: NOT_STARTED,
			cure: 'Check that the path names a program that this machine can run.',
			cause: error,
		});
	} finally {
		clearTimeout(timer);
		options.signal?.removeEventListener('abort', kill);
	}
}

async function eachLine(
	stream: NodeJS.ReadableStream,
	onLine: ((line: string) => void) | undefined,
): Promise<void> {
	if (!onLine) {
		stream.resume();
		return;
	}
	for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) onLine(line);
}
