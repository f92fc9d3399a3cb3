/** Event: Track Revenue: an event, and the channel's totals, each once per video and period. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { revenueEarned } from '../../../core/analytics/events';
import { invalidRequest } from '../../../core/errors';
import { getJob } from '../../../core/jobs/job';
import { summaryOf } from '../../../core/jobs/summary';
import { videoIdField } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';
import type { TrackOperation } from '../batch';

import { readTime, timeField } from './fields';

export const trackRevenueOperation: TrackOperation = {
	name: 'Track Revenue',
	value: 'trackRevenue',
	action: 'Track revenue of a video',
	description: 'Count what a video earned, and add it to the totals of its channel: total_revenue and videos_monetized',
	properties: [
		{ ...videoIdField, required: true, description: 'Which video earned it' },
		{
			displayName: 'Channel ID',
			name: 'channelId',
			type: 'string',
			default: '={{ $json.channel_id }}',
			description: 'Whose totals it is added to. When empty, the channel of the video’s job.',
		},
		{
			displayName: 'Revenue (USD)',
			name: 'revenueUsd',
			type: 'number',
			typeOptions: { numberPrecision: 6 },
			required: true,
			default: 0,
			description: 'US dollars; below 0 takes back what was counted before',
		},
		{
			displayName: 'Period',
			name: 'period',
			type: 'string',
			default: '={{ $json.period }}',
			placeholder: 'e.g. 2026-11',
			description: 'What it was earned in: of one video and period, revenue is counted once, however often it runs',
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [timeField],
		},
	],
	async read(context, itemIndex) {
		const videoId = textParameter(context, 'videoId', itemIndex);
		if (!videoId) throw invalidRequest('Revenue needs the ID of its video', { cure: 'Give a Video ID: by it, revenue is counted once.' });
		const { time } = context.getNodeParameter('options', itemIndex, {}) as { time?: string };
		const revenue = {
			video_id: videoId,
			channel_id: textParameter(context, 'channelId', itemIndex) || (await channelOf(context, videoId)),
			revenue_usd: readAmount(context.getNodeParameter('revenueUsd', itemIndex)),
			period: textParameter(context, 'period', itemIndex),
			time: readTime(time),
		};
		return { event: revenueEarned(revenue), once: true, totals: revenue };
	},
};

async function channelOf(context: IExecuteFunctions, videoId: string): Promise<string> {
	const job = await getJob(await storeOf(context), videoId);
	const channel = job ? summaryOf(job).channel_id : '';
	if (channel) return channel;
	throw invalidRequest(`Nothing says which channel the revenue of video "${videoId}" belongs to`, {
		cure: 'Give a Channel ID, or the Video ID of a published job.',
		reason: 'channel-unknown',
	});
}

function readAmount(given: unknown): number {
	const usd = typeof given === 'string' && given.trim() === '' ? Number.NaN : Number(given);
	if (given === null || !Number.isFinite(usd)) {
		throw invalidRequest('Revenue is not an amount of US dollars', { cure: 'Give a number such as 12.5.' });
	}
	return usd;
}
