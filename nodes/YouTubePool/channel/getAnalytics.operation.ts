/** Channel: Get Analytics: a row for each day, month, country or video. */
import { channelAnalytics, type Dimension, type Metric } from '../../../core/youtube/analytics';
import type { Operation } from '../../shared/operation';
import { textParameter } from '../../shared/text';
import { poolDepsOf } from '../video/video-fields';

const CALIFORNIA = "$now.setZone('America/Los_Angeles')";

export const getAnalyticsOperation: Operation = {
	name: 'Get Analytics',
	value: 'getAnalytics',
	action: 'Get the analytics of a channel',
	description: "Get a channel's figures, one item for each row; the newest two or three days come later",
	properties: [
		{
			displayName: 'Account or Channel ID',
			name: 'account',
			type: 'string',
			required: true,
			default: "={{ $json.account_id || $json.channel_id || '' }}",
			placeholder: 'e.g. account-03',
		},
		{
			displayName: 'Start Date',
			name: 'startDate',
			type: 'dateTime',
			required: true,
			default: `={{ ${CALIFORNIA}.minus({ days: 28 }).toISODate() }}`,
			description: 'The first day, by the calendar of California',
		},
		{
			displayName: 'End Date',
			name: 'endDate',
			type: 'dateTime',
			required: true,
			default: `={{ ${CALIFORNIA}.toISODate() }}`,
			description: 'The last day, by the calendar of California',
		},
		{
			displayName: 'Rows By',
			name: 'dimension',
			type: 'options',
			options: [
				{ name: 'Country', value: 'country' },
				{ name: 'Day', value: 'day' },
				{ name: 'Month', value: 'month', description: 'Both dates must be the first day of a month' },
				{ name: 'Total', value: 'total', description: 'One row for the whole range' },
				{ name: 'Video', value: 'video', description: 'The 200 most watched' },
			],
			default: 'day',
		},
		{
			displayName: 'Metrics',
			name: 'metrics',
			type: 'multiOptions',
			options: [
				{ name: 'Average View Duration (Seconds)', value: 'averageViewDuration' },
				{ name: 'Comments', value: 'comments' },
				{ name: 'Estimated Minutes Watched', value: 'estimatedMinutesWatched' },
				{ name: 'Likes', value: 'likes' },
				{ name: 'Shares', value: 'shares' },
				{ name: 'Subscribers Gained', value: 'subscribersGained' },
				{ name: 'Views', value: 'views' },
			],
			default: [],
			description: 'All of them when none is chosen',
		},
		{
			displayName: 'Only This Video',
			name: 'youtubeId',
			type: 'string',
			default: '',
			placeholder: 'e.g. dQw4w9WgXcQ',
			description: 'YouTube ID of a video of the channel; all when empty',
		},
	],
	async execute(context, itemIndex) {
		const deps = await poolDepsOf(context, itemIndex);
		// The date picker adds a time of day
		const day = (name: string) => textParameter(context, name, itemIndex).slice(0, 10);
		const rows = await channelAnalytics(
			{
				account: textParameter(context, 'account', itemIndex),
				startDate: day('startDate'),
				endDate: day('endDate'),
				dimension: context.getNodeParameter('dimension', itemIndex) as Dimension,
				metrics: context.getNodeParameter('metrics', itemIndex) as Metric[],
				youtubeId: textParameter(context, 'youtubeId', itemIndex),
			},
			deps,
		);
		return rows.map((json) => ({ json }));
	},
};
