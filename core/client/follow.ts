/** Watches videos in the store until each is done, and tells every step. */
import { sleep } from '../abort';
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
}

const OVER: ReadonlyArray<Job['status']> = ['published', 'flagged', 'failed'];

/**
 * @param videoIds of videos that were asked for
 * @returns the jobs as they ended, in the order asked for
 * @throws YtempireError `cancelled` when the signal fires first
 */
export async function followVideos(store: Store, videoIds: readonly string[], options: FollowOptions): Promise<Job[]> {
	const { signal, onStage, onOver, pollMs = 1_000 } = options;
	const told = new Map<string, string>();
	const over = new Set<string>();
	for (;;) {
		const jobs = await getJobs(store, videoIds);
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
