/** Job: Record Viewers: keeps how long people watch a published video, for the comparison with its channel. */
import { recordViewers } from '../../../core/jobs/viewers';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';

export const recordViewersOperation: Operation = {
	name: 'Record Viewers',
	value: 'recordViewers',
	action: 'Record the viewers of a video',
	description: 'Keep how long people watch a video, as YouTube Pool (Channel: Get Analytics, rows by video) gives it; adds retention',
	properties: [
		{
			displayName: 'YouTube ID',
			name: 'youtubeId',
			type: 'string',
			required: true,
			default: '={{ $json.youtube_id }}',
			placeholder: 'e.g. dQw4w9WgXcQ',
		},
		{
			displayName: 'Average View Duration (Seconds)',
			name: 'averageViewDuration',
			type: 'number',
			required: true,
			default: '={{ $json.average_view_duration }}',
		},
		{
			displayName: 'Views',
			name: 'views',
			type: 'number',
			required: true,
			default: '={{ $json.views }}',
		},
	],
	async execute(context, itemIndex) {
		const number = (name: string) => Number(context.getNodeParameter(name, itemIndex, 0));
		const figures = {
			youtubeId: textParameter(context, 'youtubeId', itemIndex),
			averageViewS: number('averageViewDuration'),
			views: number('views'),
		};
		const recorded = await recordViewers(await storeOf(context), figures);
		return recorded ? [stageItem(context, itemIndex, recorded)] : [];
	},
};
