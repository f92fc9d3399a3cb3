/** Holds a video back, with the reason: by its measured quality, or by what somebody says of it. */
import type { QualityResult } from '../documents';
import type { Store } from '../store/store';

import { assertReviewFree, leaveToPerson, viewersJudged } from './claims';
import { getJob, type Job, type JobFailure } from './job';
import { heldByAnother } from './lease';
import { unknownJob } from './update';

export interface Flagging {
	/** What is wrong; when left out, what is known already, else what the kept quality check says. */
	reason?: string;
	cure?: string;
	/** Whether a person has to look at it: then no run makes it again by itself. */
	person?: boolean;
}

const CURE = 'It can be made again from the stage to blame (Job: Regenerate), or a person looks at it.';

/**
 * A published video stays published: it is marked for a person instead.
 * @throws YtempireError `invalid-request` when there is no such job, it is being made, or another run looks at it
 */
export async function flagJob(store: Store, videoId: string, flagging: Flagging, holder: string): Promise<Job> {
	const before = await getJob(store, videoId);
	if (!before) throw unknownJob(videoId);
	const quality = before.results.quality as QualityResult | undefined;
	const reason = flagging.reason || (quality && !quality.passed ? qualityReason(quality) : 'Flagged by hand');
	await store.transaction(async (trx) => {
		const now = store.clock.now();
		const row = await trx
			.selectFrom('jobs')
			.select(['status', 'failure', 'holder', 'lease_until'])
			.where('video_id', '=', videoId)
			.executeTakeFirstOrThrow();
		if (row.lease_until > now && row.holder !== holder) throw heldByAnother(videoId, row.holder);
		await assertReviewFree(trx, videoId, holder, now);
		if (row.status === 'published' || flagging.person) await leaveToPerson(trx, videoId, reason, now);
		if (row.status === 'published') {
			await viewersJudged(trx, videoId, now);
			return;
		}
		// what somebody has said of it stays
		const known = !flagging.reason && row.status === 'flagged' ? row.failure : null;
		const failure: JobFailure = {
			stage: 'quality',
			error_class: 'refused',
			reason,
			cure: flagging.cure || CURE,
			at: new Date(now).toISOString(),
		};
		await trx
			.updateTable('jobs')
			.set({ status: 'flagged', failure: known ?? JSON.stringify(failure), holder: '', lease_until: 0, updated_at: now })
			.where('video_id', '=', videoId)
			.execute();
	});
	return (await getJob(store, videoId)) ?? before;
}

export function qualityReason({ score, threshold, reasons }: QualityResult): string {
	return [`Its quality is ${score}, wanted: ${threshold}.`, ...reasons].join(' ');
}
