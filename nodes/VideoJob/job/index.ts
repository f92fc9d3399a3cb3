/** What can be done with a job. */
import type { Resource } from '../../shared/operation';

import { failExecutionOperation } from './fail-execution.operation';
import { flagJobOperation } from './flag.operation';
import { getJobOperation } from './get.operation';
import { getFinishedJobOperation } from './get-finished.operation';
import { getManyJobsOperation } from './getMany.operation';
import { planJobsOperation } from './plan.operation';
import { queueJobOperation } from './queue.operation';
import { recordViewersOperation } from './recordViewers.operation';
import { regenerateJobOperation } from './regenerate.operation';
import { resumeJobOperation } from './resume.operation';
import { updateJobOperation } from './update.operation';
import { validateJobOperation } from './validate.operation';

export const job: Resource = {
	name: 'Job',
	value: 'job',
	operations: [
		failExecutionOperation,
		flagJobOperation,
		getJobOperation,
		getFinishedJobOperation,
		getManyJobsOperation,
		planJobsOperation,
		queueJobOperation,
		recordViewersOperation,
		regenerateJobOperation,
		resumeJobOperation,
		updateJobOperation,
		validateJobOperation,
	],
};
