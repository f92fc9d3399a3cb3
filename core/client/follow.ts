/** Watches videos in the store until each is done, and tells every step. */
import { sleep } from '../abort';
import { invalidRequest } from '../errors';
import { getJobs, type Job, type JobStage } from '../jobs/job';
import type { Store } from '../store/store';

export interface FollowOptions {
	signal: AbortSignal;
	/** A stage has begun, ended, or got further. */
	onStage?(job: Job, stage: JobStage): void;
	/** A video is published, flagged or failed. */
	onOver?(job: Job): void;
	/** Milliseconds between two looks. */
	pollMs?: number;
	/** Milliseconds until each must be in the store. Default 10,000: n8n writes a video down before it answers. */
	graceMs?: number;
}

const OVER: ReadonlyArray<Job['status']> = ['published', 'flagged', 'failed'];

/**
 * @param videoIds of videos that were asked for
 * @returns the jobs as they ended, in the order asked for
 * @throws YtempireError `cancelled` when the signal fires first; `invalid-request`, reason `not-in-store`, when one of
 * them isn't there: it is another store than n8n's
 */
export async function followVideos(store: Store, videoIds: readonly string[], options: FollowOptions): Promise<Job[]> {
	const { signal, onStage, onOver, pollMs = 1_000, graceMs = 10_000 } = options;
	const began = Date.now();
	const told = new Map<string, string>();
	const over = new Set<string>();
	for (;;) {
		const jobs = await getJobs(store, videoIds, 'upload');
		if (Date.now() - began >= graceMs) assertThere(jobs, videoIds);
		for (const job of jobs) {
			if (over.has(job.video_id)) continue;
			for (const stage of job.stages) {
				const key = `${job.video_id}\n${stage.stage}`;
				const now = `${stage.status} ${stage.started_at} ${Math.floor(stage.progress * 10)}`;
				if (told.get(key) === now) continue;
				told.set(key, now);
				onStage?.(job, stage);
			}
			if (!OVER.includes(job.status)) continue;
			over.add(job.video_id);
			onOver?.(job);
		}
		if (over.size === new Set(videoIds).size) return jobs;
		await sleep(pollMs, signal);
	}
}

function assertThere(jobs: readonly Job[], videoIds: readonly string[]): void {
	const missing = videoIds.find((id) => !jobs.some(({ video_id: there }) => there === id));
	if (missing === undefined) return;
	throw invalidRequest(`${missing} is not in this store`, {
		reason: 'not-in-store',
		cure: "Name the store that n8n's nodes keep: its SQLite file, or its PostgreSQL database and schema.",
	});
}
