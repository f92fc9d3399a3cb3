/** What `import … from 'n8n-nodes-ytempire'` gives: a client for the workflows, without n8n. */
export { YtempireClient } from './client';
export { WEBHOOK_HEADER, WORKFLOWS, type WorkflowName } from './workflows';
export { ERROR_CLASSES, isYtempireError, YtempireError, type ErrorClass, type FieldIssue } from '../errors';
export { EXECUTION_STATES } from './types';
export type {
	CallOptions,
	ClientOptions,
	ExecutionState,
	ExecutionStatus,
	RetryPolicy,
	TriggerOptions,
	TriggerResult,
	VideoFailure,
	VideoOrder,
	VideoOrderOptions,
	VideoStage,
	VideoState,
	VideoStatus,
	WebhookAuth,
	WorkflowEntry,
} from './types';
