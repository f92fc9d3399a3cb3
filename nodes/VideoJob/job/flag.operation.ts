/** Job: Flag: holds a video back, with the reason. */
import { flagJob } from '../../../core/jobs/flag';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { holderOf, storeOf } from '../../shared/store';

import { readVideoId, videoIdField } from './fields';
import { jobItem } from './item';

export const flagJobOperation: Operation = {
	name: 'Flag',
	value: 'flag',
	action: 'Flag a job',
	description: 'Hold a video back, with the reason; a published one stays published and is marked for a person',
	properties: [
		videoIdField,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'Cure',
					name: 'cure',
					type: 'string',
					default: '',
					description: 'What can be done about it',
				},
				{
					displayName: 'Leave to a Person',
					name: 'person',
					type: 'boolean',
					default: false,
					description: 'Whether a person has to look at it: then no run makes it again by itself',
				},
				{
					displayName: 'Reason',
					name: 'reason',
					type: 'string',
					default: '',
					description: 'What is wrong; when empty, what was said of a video that is flagged already, else what the kept quality check says',
				},
			],
		},
	],
	async execute(context, itemIndex) {
		const videoId = readVideoId(context, itemIndex);
		const options = context.getNodeParameter('options', itemIndex, {}) as { cure?: string; person?: boolean; reason?: string };
		const job = await flagJob(await storeOf(context), videoId, options, holderOf(context));
		return [stageItem(context, itemIndex, jobItem(job))];
	},
};
