/** What is known of a video: from its job, with what the node's own fields say instead. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidRequest } from '../../core/errors';
import { getJob } from '../../core/jobs/job';
import { summaryOf, type VideoSummary } from '../../core/jobs/summary';

import { storeOf } from './store';
import { textParameter } from './text';

export const detailsField: INodeProperties = {
	displayName: 'Details',
	name: 'details',
	type: 'collection',
	placeholder: 'Add detail',
	default: {},
	description: 'What is told instead of what the job says; needed only for videos without a job',
	options: [
		{
			displayName: 'Channel ID',
			name: 'channel_id',
			type: 'string',
			default: '',
		},
		{
			displayName: 'Cost (USD)',
			name: 'cost_usd',
			type: 'number',
			typeOptions: { numberPrecision: 6, minValue: 0 },
			default: 0,
		},
		{
			displayName: 'Duration (Seconds)',
			name: 'duration_s',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
		},
		{
			displayName: 'Link',
			name: 'link',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://www.youtube.com/watch?v=…',
		},
		{
			displayName: 'Quality (0 to 1)',
			name: 'quality_score',
			type: 'number',
			typeOptions: { numberPrecision: 2, minValue: 0, maxValue: 1 },
			default: 0,
		},
		{
			displayName: 'Style',
			name: 'style',
			type: 'string',
			default: '',
		},
		{
			displayName: 'Title',
			name: 'title',
			type: 'string',
			default: '',
		},
	],
};

/** @throws YtempireError `invalid-request` when there is neither a job nor a title */
export async function videoSummaryOf(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<VideoSummary> {
	const videoId = textParameter(context, 'videoId', itemIndex);
	const details = context.getNodeParameter('details', itemIndex, {}) as Partial<VideoSummary>;
	const job = videoId ? await getJob(await storeOf(context), videoId) : undefined;
	if (job) return { ...summaryOf(job), ...details };
	if (!details.title) {
		throw invalidRequest(`Nothing is known of the video "${videoId}"`, {
			cure: 'Give the Video ID of a job, or fill in Details with at least a title.',
			reason: 'job-unknown',
		});
	}
	return { ...UNKNOWN, at: new Date().toISOString(), video_id: videoId, ...details };
}

const UNKNOWN = {
	title: '',
	topic: '',
	style: '',
	channel_id: '',
	duration_s: 0,
	quality_score: null,
	quality_threshold: null,
	quality_reasons: [],
	cost_usd: 0,
	link: '',
	failure: null,
	attempt: 1,
} satisfies Partial<VideoSummary>;
