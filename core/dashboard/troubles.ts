/** The last videos that failed or wait for a person, with what happened and what can be done. */
import type { QualityResult } from '../documents';
import type { JobFailure } from '../jobs/job';
import type { VideoRequest } from '../jobs/request';
import type { Store } from '../store/store';

export interface Trouble {
	video_id: string;
	topic: string;
	/** The job's status. */
	state: string;
	stage: string;
	/** Empty when no provider was to blame. */
	provider: string;
	error_class: string;
	reason: string;
	cure: string;
	/** ISO 8601. */
	at: string;
}

const SHOWN = 20;

const LOOK_AT_IT = 'Watch the video: publish it all the same, or ask for it again under another video ID.';

export async function troublesOf(store: Store): Promise<Trouble[]> {
	const rows = await store.db
		.selectFrom('jobs')
		.leftJoin('stages', (join) =>
			join
				.onRef('stages.video_id', '=', 'jobs.video_id')
				.on('stages.stage', '=', 'quality')
				.on('jobs.status', '=', 'flagged'),
		)
		.select(['jobs.video_id', 'jobs.status', 'jobs.stage', 'jobs.request', 'jobs.failure', 'jobs.updated_at', 'stages.result'])
		.where((eb) => eb.or([eb('jobs.status', 'in', ['failed', 'flagged']), eb('jobs.failure', 'is not', null)]))
		.orderBy('jobs.updated_at', 'desc')
		.orderBy('jobs.video_id')
		.limit(SHOWN)
		.execute();
	return rows.map((row) => {
		const failure = row.failure === null ? undefined : (JSON.parse(row.failure) as JobFailure);
		const quality = row.result === null ? undefined : (JSON.parse(row.result) as QualityResult);
		return {
			video_id: row.video_id,
			topic: (JSON.parse(row.request) as VideoRequest).topic,
			state: row.status,
			stage: failure?.stage || row.stage,
			provider: failure?.provider ?? '',
			error_class: failure?.error_class ?? '',
			reason: failure?.reason ?? lowScore(quality),
			cure: failure?.cure ?? (row.status === 'flagged' ? LOOK_AT_IT : ''),
			at: failure?.at ?? new Date(row.updated_at).toISOString(),
		};
	});
}

function lowScore(quality: QualityResult | undefined): string {
	if (!quality) return 'A person is asked to look at it';
	return [`Quality ${quality.score} of at least ${quality.threshold}`, ...quality.reasons].join('. ');
}
