/** What goes into the client and what comes out: plain types, so that a caller's compiler needs no other package. */

/** How a webhook of n8n knows its callers; as chosen in the workflow's webhook node. */
export type WebhookAuth =
	/** n8n's Header Auth. `name` defaults to `X-YTEMPIRE-Key`. */
	| { type: 'header'; name?: string; value: string }
	/** n8n's Basic Auth. */
	| { type: 'basic'; user: string; password: string }
	| { type: 'none' };

export interface ClientOptions {
	/** Of n8n, e.g. `https://n8n.example.com`; with its path when it has one. */
	url: string;
	/** Where webhooks answer when that is another place, without the last slash. Default: `<url>/webhook`. */
	webhookUrl?: string;
	/** Default: none. */
	webhookAuth?: WebhookAuth;
	/** Of n8n's public API, with the scope `execution:read`; only `getExecutionStatus` needs it. */
	apiKey?: string;
	/** In place of the owner's table, or beside it. */
	workflows?: Record<string, WorkflowEntry>;
	/** For one request, in ms. Default: the workflow's own, 30 s for n8n's API. */
	timeoutMs?: number;
	retries?: RetryPolicy;
}

export interface RetryPolicy {
	/** Requests in all, the first included. Default 3; 1 for never again. */
	attempts?: number;
	/** Wait before the second one, in ms; doubles from there. Default 1,000. */
	baseMs?: number;
	/** No computed wait is longer, in ms. Default 10,000. */
	maxMs?: number;
}

/** A workflow that can be triggered by its name. */
export interface WorkflowEntry {
	/** Path of its webhook, e.g. `workflow_001`. */
	path: string;
	/** Milliseconds until it must have answered. Default 30,000. */
	timeoutMs?: number;
	/**
	 * Field of the data under which the workflow does a thing only once, however often it is asked: with it, a
	 * request whose answer was lost is sent again.
	 */
	idempotencyField?: string;
	/** Whether it does a thing only once for each value of the header `Idempotency-Key`. Default false: none of ours does. */
	heedsIdempotencyKey?: boolean;
}

export interface CallOptions {
	signal?: AbortSignal;
	/** In ms, in place of the client's and the workflow's. */
	timeoutMs?: number;
}

export interface TriggerOptions extends CallOptions {
	/**
	 * Is put into the workflow's `idempotencyField` when that is empty, and sent as the header `Idempotency-Key`. Of a
	 * workflow that neither has such a field nor `heedsIdempotencyKey`, it makes no request safe to repeat.
	 */
	idempotencyKey?: string;
}

export interface TriggerResult<Body = unknown> {
	/** As it was asked for. */
	workflow: string;
	/** HTTP status: 202 taken in, 200 done or there already. */
	httpStatus: number;
	/** Of n8n; undefined when the workflow doesn't tell it. */
	executionId: string | undefined;
	/** What the workflow answered. */
	body: Body;
}

export const EXECUTION_STATES = ['new', 'running', 'waiting', 'success', 'error', 'crashed', 'canceled', 'unknown'] as const;

/** n8n's own words. */
export type ExecutionState = (typeof EXECUTION_STATES)[number];

export interface ExecutionStatus {
	executionId: string;
	workflowId: string;
	status: ExecutionState;
	/** False while it may still go on. */
	finished: boolean;
	/** ISO 8601; null until it starts. */
	startedAt: string | null;
	/** ISO 8601; null until it stops. */
	stoppedAt: string | null;
	/** What stopped it and at which node, when n8n kept that. */
	error: { message: string; node: string | undefined } | null;
}

/** A video to make; see README, "Ask for a video". */
export interface VideoOrder {
	/** Yours, 1 to 64 letters, digits, `-` or `_`: the same ID is the same video. */
	videoId: string;
	/** 3 to 500 characters. */
	topic: string;
	style?: 'professional' | 'casual' | 'energetic' | 'calm';
	/** Seconds, 15 to 1800. Default 60. */
	duration?: number;
	channelId?: string;
	customerId?: string;
	/** When YouTube makes it public: ISO 8601 with an offset. */
	publishAt?: string;
	notifyEmail?: string;
	options?: VideoOrderOptions;
}

export interface VideoOrderOptions {
	/** e.g. `en`, `pt-BR` */
	language?: string;
	privacy?: 'private' | 'unlisted' | 'public';
	madeForKids?: boolean;
	/** 0 to 1. */
	qualityThreshold?: number;
	format?: '16:9' | '9:16' | '1:1' | '4:5';
	/** e.g. `1920x1080` */
	resolution?: string;
	voiceId?: string;
	/** Fields that later versions of the workflow take, in camelCase. */
	[field: string]: unknown;
}

export type VideoState = 'queued' | 'running' | 'published' | 'flagged' | 'failed';

export interface VideoFailure {
	stage: string;
	/** One of the classes of `YtempireError`, or `unknown`. */
	errorClass: string;
	reason: string;
	/** What a person can do. */
	cure: string;
}

export interface VideoStage {
	stage: string;
	status: 'running' | 'done' | 'failed';
	/** 0 to 1 */
	progress: number;
	/** Null while it runs. */
	seconds: number | null;
	costUsd: number;
}

/** How a video stands, as the workflow answered. */
export interface VideoStatus {
	videoId: string;
	workflowId: string;
	executionId: string;
	status: VideoState;
	/** `created`: new; `resumed`: goes on after a failure; `waiting`: its turn comes; `existing`: is being made, or done. */
	disposition: 'created' | 'resumed' | 'waiting' | 'existing';
	/** The stage that runs or ran last; empty before the first. */
	stage: string;
	stages: VideoStage[];
	costUsd: number;
	failure: VideoFailure | null;
	youtubeUrl: string | null;
}
