/** A job as an item: the request's fields beside its state, so that later nodes read them plainly. */
import type { IDataObject } from 'n8n-workflow';

import type { Job } from '../../../core/jobs/job';

export function jobItem(job: Job): IDataObject {
	const { request, results, ...state } = job;
	return { ...request, ...state, ...published(results) };
}

function published(results: Record<string, unknown>): { youtube_url?: string } {
	const upload = results.upload as { youtube_url?: string } | undefined;
	return upload?.youtube_url ? { youtube_url: upload.youtube_url } : {};
}
