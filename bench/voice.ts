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
const MINUTES = 10;
/** Three times the length, for whether memory grows with it. */
const LONGER_MINUTES = 30;
const ROUNDS = 3;

/**
 * Node lets its young generation grow by tens of MB before it tidies up, and longer runs give it more time to.
 * A fixed one shows what is really kept.
 */
const SMALL_YOUNG_GENERATION = '--max-semi-space-size=2';

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
		const run = async (way: string, minutes: number, ...node: string[]) => await one(sandbox, scratch, way, minutes, node);
		// The sandbox keeps what it has spoken: from here on it only reads files, as synthesis isn't what is measured
		await run('sequential', LONGER_MINUTES);
		await fetch(`${sandbox.control}/latency`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ service: 'elevenlabs', ms: LATENCY_MS }),
		});
		const runs: Record<'longer' | 'own' | 'same' | 'sequential', VoiceRun[]> = { own: [], sequential: [], same: [], longer: [] };
		for (let round = 0; round < ROUNDS; round++) {
			runs.own.push(await run('narrate', MINUTES));
			runs.sequential.push(await run('sequential', MINUTES));
			runs.same.push(await run('narrate', MINUTES, SMALL_YOUNG_GENERATION));
			runs.longer.push(await run('narrate', LONGER_MINUTES, SMALL_YOUNG_GENERATION));
		}
		const of = (some: VoiceRun[], value: (run: VoiceRun) => number) => median(some.map(value));
		const seconds = ({ seconds: value }: VoiceRun) => value;
		const peak = ({ peakMb }: VoiceRun) => peakMb;
		const own = of(runs.own, seconds);
		return [
			figure('narration', of(runs.own, (one) => one.narrationSeconds), 's'),
			figure('requests for it', of(runs.own, ({ requests }) => requests), ''),
			figure(`${MINUTES} minutes spoken and joined, ${CONCURRENCY} requests at once`, own, 's', { peer: of(runs.sequential, seconds) }),
			figure('times as fast as one request after the other, joined the same way', of(runs.sequential, seconds) / own, 'x', { atLeast: 4 }),
			figure('times as fast as the requests one after the other alone, nothing joined', of(runs.sequential, ({ spokenSeconds }) => spokenSeconds) / own, 'x'),
			figure(`peak memory for ${MINUTES} minutes, Node left alone`, of(runs.own, peak), 'MB', { peer: of(runs.sequential, peak) }),
			figure(`peak memory for ${LONGER_MINUTES} minutes against ${MINUTES}, small young generation`, of(runs.longer, peak), 'MB', { peer: of(runs.same, peak) }),
			figure(`more of it than for ${MINUTES} minutes`, of(runs.longer, peak) - of(runs.same, peak), 'MB', { atMost: 20 }),
		];
	} finally {
		await sandbox.stop();
		await rm(scratch, { recursive: true, force: true });
	}
}

async function one({ services }: SandboxProcess, scratch: string, way: string, minutes: number, node: string[]): Promise<VoiceRun> {
	const folder = await mkdtemp(join(scratch, 'run-'));
	const args = [...node, '--import', 'tsx', join(__dirname, 'support', 'voice-run.ts'), way, String(minutes), services.elevenlabs ?? '', folder, String(CONCURRENCY)];
	const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 20 });
	await rm(folder, { recursive: true, force: true });
	return JSON.parse(stdout) as VoiceRun;
}
