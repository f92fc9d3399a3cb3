/** What a child process and all its children cost: processor time, wall time, memory. Linux only for the memory. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface RunCost {
	/** Last line of its standard output, read as JSON; null when there is none. */
	answer: unknown;
	/** Of the process and its children, user and system. */
	processorS: number;
	wallS: number;
	/** The largest sum of the resident memory of all ffmpeg processes that ran at the same time. */
	peakMb: number;
}

const SAMPLE_MS = 100;

/** The shell's own `times`: what the kernel counted for the children that it waited for. @throws Error when it fails */
export async function costOf(program: string, args: readonly string[]): Promise<RunCost> {
	const began = performance.now();
	const child = spawn('sh', ['-c', '"$@"; code=$?; times >&2; exit $code', 'sh', program, ...args], {
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let [out, log] = ['', ''];
	child.stdout.on('data', (chunk: Buffer) => (out = `${out}${chunk.toString()}`.slice(-20_000)));
	child.stderr.on('data', (chunk: Buffer) => (log = `${log}${chunk.toString()}`.slice(-20_000)));
	let peakMb = 0;
	const sampler = setInterval(() => {
		peakMb = Math.max(peakMb, ffmpegMb(child.pid ?? 0));
	}, SAMPLE_MS);
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	clearInterval(sampler);
	if (code !== 0) throw new Error(`${program} ${args.slice(0, 4).join(' ')} ended with ${code}: ${log.slice(-2000)}`);
	const [user, system] = seconds(log.trim().split('\n').at(-1) ?? '');
	const last = out.trim().split('\n').at(-1) ?? '';
	return {
		answer: last.startsWith('{') ? JSON.parse(last) : null,
		processorS: (user ?? 0) + (system ?? 0),
		wallS: (performance.now() - began) / 1000,
		peakMb,
	};
}

/** `1m2.50s 0m3.10s` */
function seconds(line: string): number[] {
	return [...line.matchAll(/(\d+)m([\d.]+)s/g)].map(([, minutes, rest]) => Number(minutes) * 60 + Number(rest));
}

function ffmpegMb(pid: number): number {
	try {
		const own = readFileSync(`/proc/${pid}/status`, 'utf8');
		const isFfmpeg = /^Name:\s+ffmpeg$/m.test(own);
		const kb = isFfmpeg ? Number(/^VmRSS:\s+(\d+)/m.exec(own)?.[1] ?? 0) : 0;
		const children = childrenOf(pid);
		return kb / 1024 + children.reduce((sum, child) => sum + ffmpegMb(child), 0);
	} catch {
		// it has ended meanwhile
		return 0;
	}
}

function childrenOf(pid: number): number[] {
	// each thread has children of its own
	const tasks = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
	return tasks.trim().split(' ').filter(Boolean).map(Number);
}
