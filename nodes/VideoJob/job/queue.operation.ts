/** Job: Queue: takes a request in once, however often it is sent. */
import { queueJob } from '../../../core/jobs/queue';
import type { Operation } from '../../shared/operation';
import { holderOf, storeOf } from '../../shared/store';

import { readRequest, requestField } from './fields';
import { jobItem } from './item';

export const queueJobOperation: Operation = {
	name: 'Queue',
	value: 'queue',
	action: 'Queue a job',
	description:
		'Take a request in: a new video ID makes a job, a failed or interrupted one goes on, any other gives its state',
	properties: [requestField],
	async execute(context, itemIndex) {
		const request = readRequest(context, itemIndex);
		const store = await storeOf(context);
		const { job, disposition } = await queueJob(store, request, holderOf(context));
		return [{ json: { ...jobItem(job), disposition } }];
	},
};
