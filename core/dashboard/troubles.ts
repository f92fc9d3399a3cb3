/** The last videos that failed, were held back or wait for a person, with what happened and what can be done. */
import type { QualityResult } from '../documents';
import { qualityReason } from '../jobs/flag';
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
	/** Nothing more happens by itself. */
	for_person: boolean;
	/** ISO 8601. */
	at: string;
}

const SHOWN = 20;

const LOOK_AT_IT = 'Watch it. Job: Regenerate makes it again from the stage to blame; nothing has to be done to leave it as it is.';

export async function troublesOf(store: Store): Promise<Trouble[]> {
	const rows = await store.db
		.selectFrom('jobs')
		.leftJoin('stages', (join) =>
			join
				.onRef('stages.video_id', '=', 'jobs.video_id')
				.on('stages.stage', '=', 'quality')
				.on('jobs.status', '=', 'flagged'),
		)
		.leftJoin('reviews', (join) => join.onRef('reviews.video_id', '=', 'jobs.video_id').on('reviews.person', '!=', ''))
		.select(['jobs.video_id', 'jobs.status', 'jobs.stage', 'jobs.request', 'jobs.failure', 'stages.result', 'reviews.person'])
		.select((eb) => eb.fn.coalesce('reviews.person_at', 'jobs.updated_at').as('at'))
		.where((eb) => eb.or([eb('jobs.status', 'in', ['failed', 'flagged']), eb('jobs.failure', 'is not', null), eb('reviews.person', 'is not', null)]))
		.orderBy('at', 'desc')
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
			reason: row.person ?? failure?.reason ?? (quality ? qualityReason(quality) : 'Held back'),
			cure: failure?.cure ?? LOOK_AT_IT,
			for_person: row.person !== null,
			at: failure?.at ?? new Date(row.at).toISOString(),
		};
	});
}
