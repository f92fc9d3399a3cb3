/** Job: Get: the state of a video, its stages, cost, and what went wrong. */
import { getJob } from '../../../core/jobs/job';
import { unknownJob } from '../../../core/jobs/update';
import type { Operation } from '../../shared/operation';
import { storeOf } from '../../shared/store';

import { readVideoId, videoIdField } from './fields';
import { jobItem } from './item';

export const getJobOperation: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a job',
	description: 'Get the state of a video: its stages, their time and cost, and what went wrong',
	properties: [
		videoIdField,
		{
			displayName: 'Include Results',
			name: 'includeResults',
			type: 'boolean',
			default: false,
			description: 'Whether to add what each finished stage produced (script, voice, video, …)',
		},
	],
	async execute(context, itemIndex) {
		const videoId = readVideoId(context, itemIndex);
		const job = await getJob(await storeOf(context), videoId);
		if (!job) throw unknownJob(videoId);
		const includeResults = context.getNodeParameter('includeResults', itemIndex) === true;
		return [{ json: { ...jobItem(job), ...(includeResults ? { results: job.results } : {}) } }];
	},
};
