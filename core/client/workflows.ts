/** The owner's table of workflows: which webhook does what. */
import type { WorkflowEntry } from './types';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export const WORKFLOWS = {
	/** Answers as soon as the request is taken in. */
	video_generation: { path: 'workflow_001', timeoutMs: 30 * SECOND, idempotencyField: 'video_id' },
	/** Answers with what was measured. */
	quality_check: { path: 'workflow_002', timeoutMs: 10 * MINUTE, idempotencyField: 'video_id' },
	/** Answers when the video is up; the pool never uploads the same video ID twice. */
	youtube_upload: { path: 'workflow_003', timeoutMs: 30 * MINUTE, idempotencyField: 'video_id' },
	/** Answers with what could be saved; may change the configuration, so that nothing makes it safe to repeat, an idempotency key neither. */
	cost_optimization: { path: 'workflow_004', timeoutMs: 5 * MINUTE },
} as const satisfies Record<string, WorkflowEntry>;

export type WorkflowName = keyof typeof WORKFLOWS;

/** Default name of the header that our workflows ask for. */
export const WEBHOOK_HEADER = 'X-YTEMPIRE-Key';
