/** Sets a job's status by hand or from a workflow's failure branch. */
import { YtempireError } from '../errors';
import type { Store } from '../store/store';

import { endReview, leaveToPerson } from './claims';
import { heldByAnother } from './lease';
import { FINAL_STATUSES, getJob, type Job, type JobFailure, type JobStatus } from './job';

export interface JobChange {
	/** Stays as it is when left out. */
	status?: JobStatus;
	/** Why a person has to look at it; empty: somebody has. Left out: as before. */
	person?: string;
	/** For `failed` and `flagged`: what happened. A failure that a stage has already recorded stays. */
	failure?: Omit<JobFailure, 'at'>;
}

/**
 * @param holder who asks: instance and execution
 * @throws YtempireError `invalid-request` when there is no such job, it is already published, or
 * another execution is making it: an execution that lost the job must not end it for its successor
 */
export async function updateJob(
	store: Store,
	videoId: string,
	change: JobChange,
	holder: string,
): Promise<Job> {
	await store.transaction(async (trx) => {
		const now = store.clock.now();
		const row = await trx
			.selectFrom('jobs')
			.select(['status', 'failure', 'holder', 'lease_until', 'attempt'])
			.where('video_id', '=', videoId)
			.executeTakeFirst();
		if (!row) throw unknownJob(videoId);
		if (change.person !== undefined) await leaveToPerson(trx, videoId, change.person, now);
		const { status } = change;
		if (status === undefined) return;
		if (row.status === 'published' && status !== 'published') {
			throw new YtempireError('invalid-request', `Video ${videoId} is already published`, {
				cure: 'A published video stays published; send a new video_id to make another one.',
				reason: 'job-published',
			});
		}
		if (row.lease_until > now && row.holder !== holder) throw heldByAnother(videoId, row.holder);
		if (status === 'queued') await endReview(trx, videoId, now);
		// one that is queued waits for whoever takes jobs in turn
		const done = status === 'failed' || status === 'queued' || FINAL_STATUSES.includes(status);
		const failure = change.failure
			? JSON.stringify({ ...change.failure, at: new Date(now).toISOString() })
			: null;
		await trx
			.updateTable('jobs')
			.set({
				status,
				failure: status === 'failed' || status === 'flagged' ? (row.failure ?? failure) : null,
				...(done ? { holder: '', lease_until: 0 } : {}),
				...(status === 'queued' ? { attempts_before: row.attempt } : {}),
				updated_at: now,
			})
			.where('video_id', '=', videoId)
			.execute();
	});
	const job = await getJob(store, videoId);
	if (!job) throw unknownJob(videoId);
	return job;
}

export function unknownJob(videoId: string): YtempireError {
	return new YtempireError('invalid-request', `There is no job with video ID ${videoId}`, {
		cure: 'Check the ID, or queue the job first.',
		reason: 'job-unknown',
	});
}
