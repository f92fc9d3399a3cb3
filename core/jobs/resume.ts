/** Finds jobs whose turn has come, or whose execution died, and takes them over so that none is forgotten. */
import type { Store } from '../store/store';

import { failureOf, getJob, type Job } from './job';
import { LEASE_MS } from './lease';
import { freeSlots } from './slots';

/** A job that has brought down this many executions is left to a person. */
export const MAX_ATTEMPTS = 3;

/**
 * Jobs that wait for their turn or that nobody has worked on since their lease ran out, oldest first, now held by
 * `holder`. One that was attempted too often becomes `failed` instead.
 * @param atOnce videos that are made at the same time, over all executions and workers; 0 for no limit
 */
export async function resumeInterrupted(
	store: Store,
	holder: string,
	limit: number,
	atOnce = 0,
): Promise<Job[]> {
	const taken = await store.transaction(async (trx) => {
		const now = store.clock.now();
		const rows = await trx
			.selectFrom('jobs')
			.select(['video_id', 'stage', 'attempt', 'attempts_before'])
			.where('status', 'in', ['queued', 'running'])
			.where('lease_until', '<=', now)
			.orderBy('created_at')
			.orderBy('video_id')
			.execute();
		const most = Math.min(limit, await freeSlots(trx, atOnce, now));
		const ids: string[] = [];
		for (const row of rows) {
			const attempts = row.attempt - row.attempts_before;
			const again = attempts < MAX_ATTEMPTS;
			if (again && ids.length >= most) break;
			const failure = failureOf(
				row.stage,
				new Error(`n8n stopped ${attempts} times while it worked on this video`),
				now,
			);
			await trx
				.updateTable('jobs')
				.set(
					again
						? { status: 'queued', holder, lease_until: now + LEASE_MS, attempt: row.attempt + 1, updated_at: now }
						: { status: 'failed', failure: JSON.stringify(failure), holder: '', lease_until: 0, updated_at: now },
				)
				.where('video_id', '=', row.video_id)
				.execute();
			if (again) ids.push(row.video_id);
		}
		return ids;
	});
	const jobs = await Promise.all(taken.map(async (videoId) => await getJob(store, videoId)));
	return jobs.filter((job) => job !== undefined);
}
