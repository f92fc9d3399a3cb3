/** Job: Get Many: jobs by state, channel and time; pending ones are taken, so that no other run looks at them too. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { JOB_STATUSES, type Job, type JobStatus } from '../../../core/jobs/job';
import { listJobs, takePending, type JobFilter } from '../../../core/jobs/list';
import { momentOf } from '../../../core/youtube/moment';
import type { Operation } from '../../shared/operation';
import { holderOf, storeOf } from '../../shared/store';

import { jobItem } from './item';

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const WHICH: Record<string, JobFilter> = {
	all: {},
	failed: { statuses: ['failed'] },
	flagged: { statuses: ['flagged'] },
	person: { person: true },
	waiting: { waiting: true },
};

export const getManyJobsOperation: Operation = {
	name: 'Get Many',
	value: 'getMany',
	action: 'Get many jobs',
	description: 'Get videos by their state, channel or age, e.g. those whose quality nobody has judged yet',
	properties: [
		{
			displayName: 'Which',
			name: 'which',
			type: 'options',
			options: [
				{ name: 'All', value: 'all' },
				{ name: 'Failed', value: 'failed', description: 'Something went wrong; sent again, they go on' },
				{ name: 'Flagged', value: 'flagged', description: 'Held back' },
				{ name: 'Left to a Person', value: 'person', description: 'Nothing more is done about them by itself' },
				{
					name: 'Pending',
					value: 'pending',
					description:
						'Rendered and not yet judged, judged low, or far under the viewers of their channel. They are taken: for 55 minutes, or until they are decided about, no other run gets them. After three runs without a decision they are left to a person.',
				},
				{ name: 'Waiting', value: 'waiting', description: 'Taken in, and their turn has not come' },
			],
			default: 'all',
			description: 'Which jobs are wanted',
		},
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			displayOptions: { show: { returnAll: [false] } },
			description: 'Max number of results to return',
		},
		{
			displayName: 'Include Results',
			name: 'includeResults',
			type: 'boolean',
			default: false,
			description: 'Whether to add what each finished stage produced (script, voice, video, …)',
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Channel ID',
					name: 'channelId',
					type: 'string',
					default: '',
					description: 'As the requests name it',
				},
				{
					displayName: 'Look at Viewers',
					name: 'viewers',
					type: 'boolean',
					default: false,
					description:
						'Whether published videos count as pending, once, when far fewer stay than in the median of their channel. Their figures come by Record Viewers.',
				},
				{
					displayName: 'Since',
					name: 'since',
					type: 'dateTime',
					default: '',
					description: 'Taken in then or later',
				},
				{
					displayName: 'Status',
					name: 'status',
					type: 'multiOptions',
					options: JOB_STATUSES.map((value) => ({ name: capital(value), value })),
					default: [],
					description: 'Of all jobs, only these; not for pending ones',
				},
			],
		},
	],
	async execute(context, itemIndex) {
		const store = await storeOf(context);
		const parameter = <T>(name: string, otherwise: T) => context.getNodeParameter(name, itemIndex, otherwise) as T;
		const which = parameter<string>('which', 'all');
		const filter = {
			...filtersOf(context, itemIndex),
			limit: parameter('returnAll', false) ? undefined : parameter('limit', 50),
		};
		const includeResults = parameter('includeResults', false);
		const item = (job: Job, more: IDataObject = {}) => ({
			json: { ...jobItem(job), ...more, ...(includeResults ? { results: job.results as IDataObject } : {}) },
		});
		if (which === 'pending') {
			const taken = await takePending(store, filter, holderOf(context));
			return taken.map(({ job, pending, reason }) => item(job, { pending, pending_reason: reason }));
		}
		const jobs = await listJobs(store, { ...filter, ...WHICH[which] }, includeResults ? 'all' : 'upload');
		return jobs.map((job) => item(job));
	},
};

function filtersOf(context: IExecuteFunctions, itemIndex: number): JobFilter & { viewers: boolean } {
	const { channelId, since, status, viewers }: IDataObject = context.getNodeParameter('filters', itemIndex, {});
	const statuses = Array.isArray(status) ? (status as JobStatus[]) : [];
	return {
		channelId: String(channelId ?? '').trim() || undefined,
		since: since ? momentOf(String(since), context.getTimezone()) : undefined,
		statuses: statuses.length > 0 ? statuses : undefined,
		viewers: viewers === true,
	};
}
