/** A job as an item: the request's fields beside its state, so that later nodes read them plainly. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { BatchEntry } from '../../../core/jobs/batch';
import type { Job } from '../../../core/jobs/job';

export function jobItem(job: Job): IDataObject {
	const { request, results, ...state } = job;
	return { ...request, ...state, ...published(results) };
}

function published(results: Record<string, unknown>): { youtube_url?: string } {
	const upload = results.upload as { youtube_url?: string } | undefined;
	return upload?.youtube_url ? { youtube_url: upload.youtube_url } : {};
}

/** One of a list: `list` tells later nodes that the others are items beside it. */
export function batchItem(entry: BatchEntry): INodeExecutionData {
	if (!entry.accepted) {
		const { errors, ...refused } = entry;
		return { json: { list: true, ...refused, disposition: 'refused', errors: errors.map((issue) => ({ ...issue })) } };
	}
	return { json: { ...jobItem(entry.job), list: true, accepted: true, disposition: entry.disposition } };
}
