/** Job: Get Finished: a video that is made, as its own steps would pass it on. */
import type { IDataObject } from 'n8n-workflow';

import { finishedVideo, type Purpose } from '../../../core/jobs/finished';
import type { Operation } from '../../shared/operation';
import { storeOf } from '../../shared/store';

import { readJson, requestField } from './fields';
import { jobItem } from './item';

export const getFinishedJobOperation: Operation = {
	name: 'Get Finished',
	value: 'getFinished',
	action: 'Get a finished video',
	description:
		'Get a video that is made, with script, voice, video and quality as its own steps pass them on; one that is not fit for the purpose is refused with the reason',
	properties: [
		{
			...requestField,
			default: '={{ $json.body }}',
			description: 'For a check video_id and threshold; for an upload video_id, channel_id, privacy and force',
		},
		{
			displayName: 'Purpose',
			name: 'purpose',
			type: 'options',
			options: [
				{ name: 'Check', value: 'check', description: 'Needs a rendered video' },
				{ name: 'Upload', value: 'upload', description: 'Needs one that passed its quality check, unless the request says force' },
			],
			default: 'check',
			description: 'What is to be done with it',
		},
	],
	async execute(context, itemIndex) {
		const purpose = context.getNodeParameter('purpose', itemIndex) as Purpose;
		const found = await finishedVideo(await storeOf(context), purpose, readJson(context, 'request', itemIndex));
		const { job, script, voice, video, quality, upload, threshold, channelId, privacy, publishAt } = found;
		const { script: scenes, ...about } = script ?? {};
		const { publish_at: _planned, ...item } = jobItem(job);
		const documents: object = { voice, video, quality, ...(job.status === 'published' ? upload : {}) };
		return [
			{
				json: {
					...item,
					channel_id: channelId,
					...(publishAt === undefined ? {} : { publish_at: publishAt }),
					options: { ...(item.options as IDataObject), privacy, quality_threshold: threshold },
					script: { ...scenes, ...about },
					...(documents as IDataObject),
				},
			},
		];
	},
};
