/** Job: Resume: takes over jobs whose execution died with its n8n. */
import { resumeInterrupted } from '../../../core/jobs/resume';
import type { Operation } from '../../shared/operation';
import { holderOf, storeOf } from '../../shared/store';

import { jobItem } from './item';

export const resumeJobOperation: Operation = {
	name: 'Resume',
	value: 'resume',
	action: 'Resume interrupted jobs',
	description:
		'Take over jobs whose execution died: each becomes an item to go on with; finished steps are kept',
	properties: [
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
		},
	],
	async execute(context, itemIndex) {
		const limit = context.getNodeParameter('limit', itemIndex);
		const jobs = await resumeInterrupted(await storeOf(context), holderOf(context), limit);
		return jobs.map((job) => ({ json: { ...jobItem(job), disposition: 'resumed' } }));
	},
};
