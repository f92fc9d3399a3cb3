/** Job: Fail Execution: for an error workflow, which knows the execution and not the video. */
import { failJobsOf, isInterruption } from '../../../core/jobs/fail-execution';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';

export const failExecutionOperation: Operation = {
	name: 'Fail Execution',
	value: 'failExecution',
	action: 'Mark the jobs of a failed execution',
	description:
		'Mark what a failed execution was making with stage, reason and cure; adds the fields jobs and resumes. What a step has written down already stays, and so does what goes on by itself because n8n was interrupted.',
	properties: [
		{
			displayName: 'Execution ID',
			name: 'executionId',
			type: 'string',
			required: true,
			default: "={{ $json.execution?.id ?? '' }}",
			description: 'As the Error Trigger gives it',
		},
		{
			displayName: 'Stage',
			name: 'stage',
			type: 'string',
			default: "={{ $json.execution?.lastNodeExecuted ?? '' }}",
			description: 'Where it ended, for a video that no step had begun on',
		},
		{
			displayName: 'Reason',
			name: 'reason',
			type: 'string',
			default: "={{ $json.execution?.error?.message ?? '' }}",
			description: 'What happened',
		},
		{
			displayName: 'Cure',
			name: 'cure',
			type: 'string',
			default: "={{ $json.execution?.error?.description ?? '' }}",
			description: 'What a person can do about it',
		},
	],
	async execute(context, itemIndex) {
		const text = (name: string) => textParameter(context, name, itemIndex);
		const execution = text('executionId');
		const jobs = execution
			? await failJobsOf(await storeOf(context), {
					holder: `${context.getInstanceId()}:${execution}`,
					stage: text('stage'),
					reason: text('reason') || 'The execution ended without saying why',
					cure: text('cure') || 'Look at the execution in n8n, then send the same request again: finished steps are kept.',
				})
			: [];
		const told = jobs.map(({ video_id, status, stage, failure }) => ({ video_id, status, stage, failure }));
		return [stageItem(context, itemIndex, { jobs: told, resumes: isInterruption(text('reason')) })];
	},
};
