/** Ten minutes of narration: one request after the other, as the owner's code speaks, against narrate(); and whether memory grows with length. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { startSandboxProcess, type SandboxProcess } from '../host/sandbox';
import { figure, median, type Figure } from './report';

/** Of the provider, for every request. */
const LATENCY_MS = 500;
const CONCURRENCY = 5;
const LONG_MINUTES = 10;
const SHORT_MINUTES = 2;
const ROUNDS = 3;

export interface VoiceRun {
	seconds: number;
	/** Until the last part was spoken; the same as `seconds` where parts are decoded meanwhile. */
	spokenSeconds: number;
	/** The largest resident memory of the process, ffmpeg not counted. */
	peakMb: number;
	narrationSeconds: number;
	requests: number;
}

/** Each run is a process of its own, so that its memory is its own; what Node takes to start isn't timed. */
export async function measure(): Promise<Figure[]> {
	const scratch = await mkdtemp(join(tmpdir(), 'ytempire-bench-'));
	const sandbox = await startSandboxProcess(join(scratch, 'sandbox'));
	try {
		const run = async (way: string, minutes: number) => await one(sandbox, scratch, way, minutes);
		// The sandbox keeps what it has spoken: from here on it only reads files, as synthesis isn't what is measured
		await run('sequential', LONG_MINUTES);
		await fetch(`${sandbox.control}/latency`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ service: 'elevenlabs', ms: LATENCY_MS }),
		});
		const runs: Record<'long' | 'sequential' | 'short', VoiceRun[]> = { sequential: [], long: [], short: [] };
		for (let round = 0; round < ROUNDS; round++) {
			runs.long.push(await run('narrate', LONG_MINUTES));
			runs.sequential.push(await run('sequential', LONG_MINUTES));
			runs.short.push(await run('narrate', SHORT_MINUTES));
		}
		const of = (some: VoiceRun[], value: (run: VoiceRun) => number) => median(some.map(value));
		const seconds = ({ seconds: value }: VoiceRun) => value;
		const peak = ({ peakMb }: VoiceRun) => peakMb;
		const own = of(runs.long, seconds);
		return [
			figure('narration', of(runs.long, (one) => one.narrationSeconds), 's'),
			figure('requests for it', of(runs.long, ({ requests }) => requests), ''),
			figure(`${LONG_MINUTES} minutes spoken and joined, ${CONCURRENCY} requests at once`, own, 's', { peer: of(runs.sequential, seconds) }),
			figure('times as fast as one request after the other, joined the same way', of(runs.sequential, seconds) / own, 'x', { atLeast: 4 }),
			figure('times as fast as the requests one after the other alone, nothing joined', of(runs.sequential, ({ spokenSeconds }) => spokenSeconds) / own, 'x'),
			figure(`peak memory for ${LONG_MINUTES} minutes`, of(runs.long, peak), 'MB', { peer: of(runs.short, peak) }),
			figure(`more of it than for ${SHORT_MINUTES} minutes`, of(runs.long, peak) - of(runs.short, peak), 'MB', { atMost: 20 }),
		];
	} finally {
		await sandbox.stop();
		await rm(scratch, { recursive: true, force: true });
	}
}

async function one({ services }: SandboxProcess, scratch: string, way: string, minutes: number): Promise<VoiceRun> {
	const folder = await mkdtemp(join(scratch, 'run-'));
	const args = ['--import', 'tsx', join(__dirname, 'support', 'voice-run.ts'), way, String(minutes), services.elevenlabs ?? '', folder, String(CONCURRENCY)];
	const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 20 });
	await rm(folder, { recursive: true, force: true });
	return JSON.parse(stdout) as VoiceRun;
}
