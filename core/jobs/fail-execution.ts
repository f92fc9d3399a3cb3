/** Marks what an execution was making when it ended without a word: an expression that failed, a time-out, a lost connection. */
import { excerpt } from '../redact';
import type { Store } from '../store/store';

import { getJob, type Job, type JobFailure } from './job';

/** Characters of a reason or cure that are kept. */
const LONGEST = 500;

/**
 * What n8n 2.41 says when it was itself interrupted: a process that died or was stopped, a worker that vanished. Resume
 * takes such a video over when its lease has run out.
 */
const INTERRUPTED = /possible out-of-memory issue|system is shutting down|stalled|failed to be processed too many times/i;

export const isInterruption = (reason: string): boolean => INTERRUPTED.test(reason);

export interface ExecutionFailure {
	/** Instance and execution that ended. */
	holder: string;
	/** Where it ended, for a job that no stage had begun on. */
	stage: string;
	reason: string;
	cure: string;
}

/**
 * Jobs that the execution held and that are not over become `failed`, so that the next request goes on with them. What a
 * stage has written down itself is left alone, and so is a job that another execution has taken over, or that will be
 * because n8n was interrupted.
 */
export async function failJobsOf(store: Store, failure: ExecutionFailure): Promise<Job[]> {
	if (isInterruption(failure.reason)) return [];
	const ids = await store.transaction(async (trx) => {
		const now = store.clock.now();
		const held = await trx
			.selectFrom('jobs')
			.select(['video_id', 'stage'])
			.where('holder', '=', failure.holder)
			.where('status', 'in', ['queued', 'running'])
			.execute();
		for (const { video_id: videoId, stage } of held) {
			const written: JobFailure = {
				stage: stage || failure.stage,
				error_class: 'unknown',
				reason: excerpt(failure.reason, [], LONGEST),
				cure: excerpt(failure.cure, [], LONGEST),
				at: new Date(now).toISOString(),
			};
			await trx
				.updateTable('stages')
				.set({ status: 'failed', finished_at: now })
				.where('video_id', '=', videoId)
				.where('status', '=', 'running')
				.execute();
			await trx
				.updateTable('jobs')
				.set({ status: 'failed', stage: written.stage, failure: JSON.stringify(written), holder: '', lease_until: 0, updated_at: now })
				.where('video_id', '=', videoId)
				.execute();
		}
		return held.map(({ video_id: videoId }) => videoId);
	});
	const jobs = await Promise.all(ids.map(async (id) => await getJob(store, id)));
	return jobs.filter((job) => job !== undefined);
}
