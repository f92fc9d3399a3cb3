/** Jobs that a real n8n would have made, without the time that it takes to make them. */
import type { Store } from '../../core/store/store';

export interface CopyOptions {
	/** Those that have been run; others are left out. */
	stages: string[];
	status: string;
	/** Milliseconds since 1970. */
	uploadedAt?: number;
	/** Put into the results, by stage. */
	results?: Record<string, object>;
}

/** A job like one that is there, in another state. */
export async function copyJob(store: Store, id: string, copy: string, { stages, status, uploadedAt, results = {} }: CopyOptions): Promise<void> {
	await store.transaction(async (trx) => {
		const job = await trx.selectFrom('jobs').selectAll().where('video_id', '=', id).executeTakeFirstOrThrow();
		const asked = JSON.parse(job.request) as object;
		await trx.insertInto('jobs').values({ ...job, video_id: copy, status, request: JSON.stringify({ ...asked, video_id: copy }) }).execute();
		const rows = await trx.selectFrom('stages').selectAll().where('video_id', '=', id).where('stage', 'in', stages).execute();
		for (const row of rows) {
			const kept = JSON.parse(row.result ?? '{}') as object;
			await trx
				.insertInto('stages')
				.values({
					...{ ...row, video_id: copy, result: JSON.stringify({ ...kept, ...results[row.stage] }) },
					...(row.stage === 'upload' && uploadedAt ? { finished_at: uploadedAt } : {}),
				})
				.execute();
		}
	});
}
