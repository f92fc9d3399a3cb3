/** A job as people see it: its state, its stages, what it cost, and what went wrong. */
import type { Blame } from '../documents';
import { isYtempireError, type ErrorClass } from '../errors';
import { redact } from '../redact';
import type { Store } from '../store/store';
import type { Selectable } from '../vendor/kysely';

import type { VideoRequest } from './request';
import type { JobTables } from './tables';

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
	/** Each time that it was sent to be made again, and what was wrong; the oldest first. */
	regenerations: JobRegeneration[];
	/** Set when a person has to look at it. */
	person: { why: string; since: string } | null;
	created_at: string;
	updated_at: string;
}

export interface JobRegeneration {
	round: number;
	part: Blame;
	instruction: string;
	/** ISO 8601 */
	at: string;
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
	const [job] = await getJobs(store, [videoId]);
	return job;
}

/** Video IDs in one question: databases take a limited number of parameters. */
const AT_ONCE = 500;

/** Which stages' results come along: a list has no use for the texts and word times of thousands of videos. */
export type WantedResults = 'all' | 'upload';

/** Those that there are, in the order asked for. */
export async function getJobs(store: Store, videoIds: readonly string[], wanted: WantedResults = 'all'): Promise<Job[]> {
	const jobs: Job[] = [];
	for (let from = 0; from < videoIds.length; from += AT_ONCE) jobs.push(...(await load(store, videoIds.slice(from, from + AT_ONCE), wanted)));
	return jobs;
}

async function load({ db }: Store, videoIds: readonly string[], wanted: WantedResults): Promise<Job[]> {
	const [rows, stages, costs, rounds, reviews] = await Promise.all([
		db.selectFrom('jobs').selectAll().where('video_id', 'in', videoIds).execute(),
		db
			.selectFrom('stages')
			.select(['video_id', 'stage', 'status', 'progress', 'note', 'started_at', 'finished_at'])
			.select((eb) =>
				(wanted === 'all' ? eb.ref('result') : eb.case().when('stage', '=', wanted).then(eb.ref('result')).else(null).end()).as('result'),
			)
			.where('video_id', 'in', videoIds)
			.orderBy('started_at')
			.execute(),
		db.selectFrom('costs').select(['video_id', 'stage', 'provider', 'micro_usd']).where('video_id', 'in', videoIds).execute(),
		db
			.selectFrom('regenerations')
			.select(['video_id', 'round', 'part', 'instruction', 'at'])
			.where('video_id', 'in', videoIds)
			.orderBy('round')
			.orderBy('part')
			.execute(),
		db.selectFrom('reviews').select(['video_id', 'person', 'person_at']).where('video_id', 'in', videoIds).where('person', '!=', '').execute(),
	]);
	const [rowOf, stagesOf, costsOf, roundsOf, reviewOf] = [byVideo(rows), byVideo(stages), byVideo(costs), byVideo(rounds), byVideo(reviews)];
	return videoIds.flatMap((id) =>
		rowOf(id).map((row) => jobOf(row, { stages: stagesOf(id), costs: costsOf(id), rounds: roundsOf(id), review: reviewOf(id)[0] })),
	);
}

function byVideo<T extends { video_id: string }>(rows: readonly T[]): (videoId: string) => T[] {
	const found = new Map<string, T[]>();
	for (const row of rows) {
		const own = found.get(row.video_id);
		if (own) own.push(row);
		else found.set(row.video_id, [row]);
	}
	return (videoId) => found.get(videoId) ?? [];
}

type StageRow = Pick<
	Selectable<JobTables['stages']>,
	'video_id' | 'stage' | 'status' | 'progress' | 'note' | 'started_at' | 'finished_at' | 'result'
>;

interface Parts {
	stages: StageRow[];
	costs: Array<{ stage: string; provider: string; micro_usd: number }>;
	rounds: Array<{ round: number; part: string; instruction: string; at: number }>;
	review: { person: string; person_at: number } | undefined;
}

const usdOf = (micro: number) => micro / 1_000_000;

function jobOf(row: Selectable<JobTables['jobs']>, { stages, costs, rounds, review }: Parts): Job {
	return {
		video_id: row.video_id,
		status: row.status as JobStatus,
		stage: row.stage,
		request: JSON.parse(row.request) as VideoRequest,
		attempt: row.attempt,
		failure: row.failure === null ? null : (JSON.parse(row.failure) as JobFailure),
		stages: stages.map((stage) => stageOf(stage, costs)),
		results: Object.fromEntries(
			stages.flatMap((stage) =>
				stage.result === null ? [] : [[stage.stage, JSON.parse(stage.result) as unknown]],
			),
		),
		cost_usd: usdOf(costs.reduce((sum, cost) => sum + cost.micro_usd, 0)),
		regenerations: rounds.map(({ round, part, instruction, at }) => ({ round, part: part as Blame, instruction, at: iso(at) })),
		person: review ? { why: review.person, since: iso(review.person_at) } : null,
		created_at: iso(row.created_at),
		updated_at: iso(row.updated_at),
	};
}

function stageOf(stage: StageRow, costs: Parts['costs']): JobStage {
	const own = costs.filter((cost) => cost.stage === stage.stage);
	return {
		stage: stage.stage,
		status: stage.status as JobStage['status'],
		progress: stage.progress,
		note: stage.note,
		started_at: iso(stage.started_at),
		seconds: stage.finished_at === null ? null : (stage.finished_at - stage.started_at) / 1000,
		providers: [...new Set(own.map((cost) => cost.provider))],
		cost_usd: usdOf(own.reduce((sum, cost) => sum + cost.micro_usd, 0)),
	};
}
