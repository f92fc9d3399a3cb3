/** Job: Resume: takes jobs whose turn has come, and those whose execution died with its n8n. */
import { resumeInterrupted } from '../../../core/jobs/resume';
import type { Operation } from '../../shared/operation';
import { holderOf, storeOf } from '../../shared/store';

import { atOnceField } from './fields';
import { jobItem } from './item';

export const resumeJobOperation: Operation = {
	name: 'Resume',
	value: 'resume',
	action: 'Resume waiting and interrupted jobs',
	description:
		'Take jobs whose turn has come or whose execution died: each becomes an item to go on with; finished steps are kept',
	properties: [
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [atOnceField],
		},
	],
	async execute(context, itemIndex) {
		const limit = context.getNodeParameter('limit', itemIndex);
		const atOnce = Number(context.getNodeParameter('options.atOnce', itemIndex, 0));
		const jobs = await resumeInterrupted(await storeOf(context), holderOf(context), limit, atOnce);
		return jobs.map((job) => ({ json: { ...jobItem(job), disposition: 'resumed' } }));
	},
};
