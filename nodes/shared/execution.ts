/** Where a person looks at this execution in n8n's editor. */
import type { IExecuteFunctions } from 'n8n-workflow';

/** Empty where n8n tells no address, or keeps no such execution. */
export function executionLink(context: IExecuteFunctions): string {
	const base = context.getInstanceBaseUrl();
	const { id: workflow } = context.getWorkflow();
	const execution = context.getExecutionId();
	if (!base || !workflow || !execution) return '';
	const path = `workflow/${encodeURIComponent(workflow)}/executions/${encodeURIComponent(execution)}`;
	return `${base.replace(/\/+$/, '')}/${path}`;
}
