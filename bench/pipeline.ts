/** One video from the posted topic to published, in n8n: time by stage, and what n8n and this package add to providers and ffmpeg. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { getJob, type Job } from '../core/jobs/job';
import type { StorePlace } from '../core/store/place';
import { openStore } from '../core/store/store';
import { findFfmpeg } from '../core/video/ffmpeg';
import { startFactory, type Factory } from '../host/factory';
import { startSandboxProcess, type SandboxProcess } from '../host/sandbox';
import { figure, median, type Figure } from './report';

/** The first one warms caches up and isn't counted. */
const VIDEOS = 4;

/** Seconds of each video. */
const DURATION = 15;

/** Milliseconds a video may take. */
const PATIENCE_MS = 300_000;

/** Milliseconds since 1970, from and to. */
type Interval = [number, number];

interface Run {
	seconds: number;
	/** With a provider or ffmpeg at work. */
	busySeconds: number;
	stages: Record<string, number>;
}

export async function measure(): Promise<Figure[]> {
	const scratch = mkdtempSync(join(tmpdir(), 'ytempire-bench-'));
	const sandbox = await startSandboxProcess(join(scratch, 'sandbox'));
	let factory: Factory | undefined;
	try {
		const log = join(scratch, 'ffmpeg.log');
		const tools = await findFfmpeg();
		factory = await startFactory({
			services: sandbox.services,
			workflows: ['video_generation.json'],
			n8n: {
				userFolder: join(scratch, 'n8n'),
				env: {
					YTEMPIRE_FFMPEG_PATH: timed(scratch, 'ffmpeg', tools.ffmpeg, log),
					YTEMPIRE_FFPROBE_PATH: timed(scratch, 'ffprobe', tools.ffprobe, log),
				},
			},
		});
		const runs: Run[] = [];
		for (let number = 0; number < VIDEOS; number += 1) {
			const run = await makeOne(factory, sandbox, log, number);
			if (number > 0) runs.push(run);
		}
		return figuresOf(runs);
	} finally {
		await factory?.remove();
		await sandbox.stop();
		rmSync(scratch, { recursive: true, force: true });
	}
}

/** A program of the same name that also writes down when each of its runs began and ended. */
function timed(folder: string, name: string, program: string, log: string): string {
	mkdirSync(join(folder, 'bin'), { recursive: true });
	const path = join(folder, 'bin', name);
	const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
	writeFileSync(
		path,
		`#!/bin/sh\nbegan=$(date +%s%3N)\n${quoted(program)} "$@"\ncode=$?\necho "$began $(date +%s%3N)" >> ${quoted(log)}\nexit $code\n`,
	);
	chmodSync(path, 0o755);
	return path;
}

async function makeOne(factory: Factory, sandbox: SandboxProcess, log: string, number: number): Promise<Run> {
	const videoId = `bench-${number}`;
	rmSync(log, { force: true });
	await fetch(`${sandbox.control}/requests`, { method: 'DELETE' });
	const began = Date.now();
	const answer = await factory.post('workflow_001', {
		video_id: videoId,
		topic: `Why number ${number} matters`,
		duration: DURATION,
	});
	if (answer.status !== 202) throw new Error(`The webhook answered ${answer.status}.`);
	const job = await published(factory.store, videoId);
	const ended = Date.parse(job.updated_at);
	const answers = await fetch(`${sandbox.control}/requests`);
	const requests = (await answers.json()) as Array<{ startedAt: string; ms: number | null }>;
	const busy = [
		...requests.map(({ startedAt, ms }): Interval => [Date.parse(startedAt), Date.parse(startedAt) + (ms ?? 0)]),
		...ffmpegRuns(log),
	].filter(([from, to]) => to > began && from < ended);
	return {
		seconds: (ended - began) / 1000,
		busySeconds: covered(busy) / 1000,
		stages: Object.fromEntries(job.stages.map(({ stage, seconds }) => [stage, seconds ?? 0])),
	};
}

async function published(place: StorePlace, videoId: string): Promise<Job> {
	const store = await openStore(place);
	try {
		const deadline = Date.now() + PATIENCE_MS;
		while (Date.now() < deadline) {
			const job = await getJob(store, videoId);
			if (job?.status === 'published') return job;
			if (job?.failure) throw new Error(`${job.failure.stage}: ${job.failure.reason}`);
			await delay(100);
		}
		throw new Error(`The video took over ${PATIENCE_MS / 1000} s.`);
	} finally {
		await store.close();
	}
}

function ffmpegRuns(log: string): Interval[] {
	if (!existsSync(log)) return [];
	return readFileSync(log, 'utf8')
		.trim()
		.split('\n')
		.map((line) => line.split(' ').map(Number) as Interval);
}

/** Milliseconds in at least one of the intervals. */
function covered(intervals: Interval[]): number {
	let until = 0;
	let sum = 0;
	for (const [from, to] of intervals.toSorted((a, b) => a[0] - b[0])) {
		sum += Math.max(0, to - Math.max(from, until));
		until = Math.max(until, to);
	}
	return sum;
}

function figuresOf(runs: Run[]): Figure[] {
	const of = (value: (run: Run) => number): number => median(runs.map(value));
	const stages = ['script', 'voice', 'video', 'quality', 'upload'];
	return [
		figure(`a video of ${DURATION} s, 1080p: posted to published`, of(({ seconds }) => seconds), 's', {
			peer: of(({ busySeconds }) => busySeconds),
		}),
		...stages.map((stage) => figure(`stage ${stage}`, of((run) => run.stages[stage] ?? 0), 's')),
		figure('with a provider or ffmpeg at work', of(({ busySeconds }) => busySeconds), 's'),
		figure('beyond providers and ffmpeg', of((run) => run.seconds - run.busySeconds), 's', { atMost: 2 }),
	];
}
