/** What can be done with a job. */
import type { Resource } from '../../shared/operation';

import { getJobOperation } from './get.operation';
import { queueJobOperation } from './queue.operation';
import { resumeJobOperation } from './resume.operation';
import { updateJobOperation } from './update.operation';
import { validateJobOperation } from './validate.operation';

export const job: Resource = {
	name: 'Job',
	value: 'job',
	operations: [
		getJobOperation,
		queueJobOperation,
		resumeJobOperation,
		updateJobOperation,
		validateJobOperation,
	],
};
