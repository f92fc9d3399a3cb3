/** Finds jobs whose execution died, and takes them over so that none is forgotten. */
import type { Store } from '../store/store';

import { failureOf, getJob, type Job } from './job';
import { LEASE_MS } from './lease';

/** A job that has brought down this many executions is left to a person. */
export const MAX_ATTEMPTS = 3;

/**
 * Jobs that nobody has worked on since their lease ran out, oldest first, now held by `holder`.
 * One that was attempted too often becomes `failed` instead.
 */
export async function resumeInterrupted(
	store: Store,
	holder: string,
	limit: number,
): Promise<Job[]> {
	const taken = await store.transaction(async (trx) => {
		const now = store.clock.now();
		const rows = await trx
			.selectFrom('jobs')
			.select(['video_id', 'stage', 'attempt'])
			.where('status', 'in', ['queued', 'running'])
			.where('lease_until', '<=', now)
			.orderBy('created_at')
			.execute();
		const ids: string[] = [];
		for (const row of rows) {
			const again = row.attempt < MAX_ATTEMPTS;
			if (again && ids.length === limit) break;
			const failure = failureOf(
				row.stage,
				new Error(`n8n stopped ${row.attempt} times while it worked on this video`),
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
