/** A job as people see it: its state, its stages, what it cost, and what went wrong. */
import { isYtempireError, type ErrorClass } from '../errors';
import { redact } from '../redact';
import type { Store } from '../store/store';

import type { VideoRequest } from './request';

export const JOB_STATUSES = ['queued', 'running', 'published', 'flagged', 'failed'] as const;

export type JobStatus = (typeof JOB_STATUSES)[number];

/** No stage runs after these unless somebody asks for it. */
export const FINAL_STATUSES: readonly JobStatus[] = ['published', 'flagged'];

export interface JobFailure {
	stage: string;
	error_class: ErrorClass | 'unknown';
	reason: string;
	cure: string;
	provider?: string;
	/** ISO 8601 */
	at: string;
}

export interface JobStage {
	stage: string;
	status: 'running' | 'done' | 'failed';
	/** 0 to 1 */
	progress: number;
	note: string;
	/** ISO 8601 */
	started_at: string;
	seconds: number | null;
	providers: string[];
	cost_usd: number;
}

export interface Job {
	video_id: string;
	status: JobStatus;
	stage: string;
	request: VideoRequest;
	attempt: number;
	failure: JobFailure | null;
	stages: JobStage[];
	/** What each finished stage produced, by stage. */
	results: Record<string, unknown>;
	cost_usd: number;
	created_at: string;
	updated_at: string;
}

const iso = (ms: number) => new Date(ms).toISOString();

export function failureOf(stage: string, error: unknown, now: number): JobFailure {
	const known = isYtempireError(error);
	return {
		stage,
		error_class: known ? error.errorClass : 'unknown',
		reason: redact(error instanceof Error ? error.message : String(error)),
		cure: known && error.cure ? error.cure : 'Look at the execution in n8n, then send the same request again: finished stages are kept.',
		...(known && error.provider ? { provider: error.provider } : {}),
		at: iso(now),
	};
}

export async function getJob(store: Store, videoId: string): Promise<Job | undefined> {
	const row = await store.db
		.selectFrom('jobs')
		.selectAll()
		.where('video_id', '=', videoId)
		.executeTakeFirst();
	if (!row) return undefined;
	const stages = await store.db
		.selectFrom('stages')
		.selectAll()
		.where('video_id', '=', videoId)
		.orderBy('started_at')
		.execute();
	const costs = await store.db
		.selectFrom('costs')
		.select(['stage', 'provider', 'micro_usd'])
		.where('video_id', '=', videoId)
		.execute();
	const usdOf = (micro: number) => micro / 1_000_000;
	return {
		video_id: row.video_id,
		status: row.status as JobStatus,
		stage: row.stage,
		request: JSON.parse(row.request) as VideoRequest,
		attempt: row.attempt,
		failure: row.failure === null ? null : (JSON.parse(row.failure) as JobFailure),
		stages: stages.map((stage) => {
			const own = costs.filter((cost) => cost.stage === stage.stage);
			return {
				stage: stage.stage,
				status: stage.status as JobStage['status'],
				progress: stage.progress,
				note: stage.note,
				started_at: iso(stage.started_at),
				seconds:
					stage.finished_at === null ? null : (stage.finished_at - stage.started_at) / 1000,
				providers: [...new Set(own.map((cost) => cost.provider))],
				cost_usd: usdOf(own.reduce((sum, cost) => sum + cost.micro_usd, 0)),
			};
		}),
		results: Object.fromEntries(
			stages.flatMap((stage) =>
				stage.result === null ? [] : [[stage.stage, JSON.parse(stage.result) as unknown]],
			),
		),
		cost_usd: usdOf(costs.reduce((sum, cost) => sum + cost.micro_usd, 0)),
		created_at: iso(row.created_at),
		updated_at: iso(row.updated_at),
	};
}
