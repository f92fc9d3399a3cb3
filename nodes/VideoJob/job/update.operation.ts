/** Job: Update: sets the status, for failure branches and for people. */
import type { JobStatus } from '../../../core/jobs/job';
import { updateJob } from '../../../core/jobs/update';
import type { Operation } from '../../shared/operation';
import { holderOf, storeOf } from '../../shared/store';

import { readVideoId, videoIdField } from './fields';
import { jobItem } from './item';

export const updateJobOperation: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update a job',
	description: "Set a job's status; a reason that a stage has already recorded is kept",
	properties: [
		videoIdField,
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			options: [
				{ name: 'As It Is', value: 'unchanged', description: 'Only what the options say is changed' },
				{ name: 'Failed', value: 'failed', description: 'It can be queued again and then goes on' },
				{ name: 'Flagged', value: 'flagged', description: 'A person should look at it' },
				{ name: 'Published', value: 'published' },
				{ name: 'Queued', value: 'queued', description: 'It goes on when its turn comes' },
			],
			default: 'failed',
			description: 'The new status',
		},
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
					description: 'What a person can do about it',
				},
				{
					displayName: 'Person',
					name: 'person',
					type: 'options',
					options: [
						{ name: 'Has Looked', value: 'done', description: 'It may be made again by itself' },
						{ name: 'Must Look', value: 'needed', description: 'With the reason; nothing more is done about it by itself' },
					],
					default: 'needed',
					description: 'Whether it is left to a person',
				},
				{
					displayName: 'Reason',
					name: 'reason',
					type: 'string',
					default: '',
					description: 'What happened',
				},
				{
					displayName: 'Stage',
					name: 'stage',
					type: 'string',
					default: '',
					placeholder: 'e.g. upload',
					description: 'The stage that it happened in',
				},
			],
		},
	],
	async execute(context, itemIndex) {
		const videoId = readVideoId(context, itemIndex);
		const status = context.getNodeParameter('status', itemIndex) as JobStatus | 'unchanged';
		const { reason, cure, stage, person } = context.getNodeParameter('options', itemIndex) as {
			person?: 'done' | 'needed';
			reason?: string;
			cure?: string;
			stage?: string;
		};
		const failure = reason
			? { stage: stage ?? '', error_class: 'unknown' as const, reason, cure: cure ?? '' }
			: undefined;
		const store = await storeOf(context);
		const change = {
			status: status === 'unchanged' ? undefined : status,
			person: person === undefined ? undefined : person === 'done' ? '' : (reason ?? 'Left to a person'),
			failure,
		};
		const job = await updateJob(store, videoId, change, holderOf(context));
		return [{ json: { ...jobItem(job) } }];
	},
};
