/** Jobs by what is wanted of them: a state, a channel, a time, or that somebody should look at them. */
import type { QualityResult } from '../documents';
import type { Store } from '../store/store';
import type { Database } from '../store/schema';
import type { ExpressionBuilder, Transaction } from '../vendor/kysely';

import { claimReview, leaveToPerson, MOST_LOOKS } from './claims';
import { qualityReason } from './flag';
import { getJobs, type Job, type JobFailure, type JobStatus, type WantedResults } from './job';
import { MAX_ATTEMPTS } from './resume';
import { badlyWatched } from './viewers';

/** Why a video is pending. */
export type Pending =
	/** Rendered, and its quality isn't measured. */
	| 'unjudged'
	/** Measured, and under its line. */
	| 'low'
	/** Published, and far under the viewers of its channel. */
	| 'published';

export interface JobFilter {
	statuses?: readonly JobStatus[];
	/** As the request names it. */
	channelId?: string;
	/** Milliseconds since 1970: taken in then or later. */
	since?: number;
	/** Only those that a person has to look at. */
	person?: boolean;
	/** Only those whose turn hasn't come. */
	waiting?: boolean;
	/** All when left out. */
	limit?: number;
}

/** The newest first; of what waits, the oldest. */
export async function listJobs(store: Store, filter: JobFilter = {}, results: WantedResults = 'all'): Promise<Job[]> {
	const { statuses, channelId, since, person, waiting, limit } = filter;
	let query = store.db.selectFrom('jobs').select(['video_id', 'request']);
	if (statuses) query = query.where('status', 'in', statuses);
	if (since !== undefined) query = query.where('created_at', '>=', since);
	if (person) query = query.where('video_id', 'in', (eb) => eb.selectFrom('reviews').select('reviews.video_id').where('person', '!=', ''));
	if (waiting) query = query.where('status', '=', 'queued').where('holder', '=', '');
	if (limit !== undefined && !channelId) query = query.limit(limit);
	const rows = await query.orderBy('created_at', waiting ? 'asc' : 'desc').orderBy('video_id').execute();
	return await getJobs(store, firstOf(rows, channelId, limit), results);
}

/** The channel stands in the request's JSON, which the databases read each in their own way. */
function firstOf(rows: ReadonlyArray<{ video_id: string; request: string }>, channelId: string | undefined, limit = Infinity): string[] {
	const ids: string[] = [];
	for (const { video_id: id, request } of rows) {
		if (ids.length >= limit) break;
		if (!channelId || (JSON.parse(request) as { channel_id?: string }).channel_id === channelId) ids.push(id);
	}
	return ids;
}

export interface PendingFilter {
	channelId?: string;
	since?: number;
	limit?: number;
	/** Whether published videos are looked at too, once each, by the figures that `recordViewers` kept. */
	viewers?: boolean;
}

export interface PendingJob {
	job: Job;
	pending: Pending;
	/** In words. */
	reason: string;
}

/**
 * Takes the videos that somebody should look at, first those that were not looked at for the longest time: no other run
 * gets them until they are decided about or `CLAIM_MS` has passed. Those about which `MOST_LOOKS` runs decided nothing are
 * left to a person. None of them is what is being made, what a person has flagged or looks at, what somebody has stopped,
 * and what has brought n8n down too often.
 */
export async function takePending(store: Store, filter: PendingFilter, holder: string): Promise<PendingJob[]> {
	const { channelId, since = 0, limit, viewers = false } = filter;
	const taken = await store.transaction(async (trx) => {
		const now = store.clock.now();
		const rows = await pendingRows(trx, { now, since, viewers });
		const open: typeof rows = [];
		for (const row of rows) {
			const { video_id: id, looks } = row;
			if (looks >= MOST_LOOKS) await leaveToPerson(trx, id, `${looks} runs looked at it and came to no decision`, now);
			else open.push(row);
		}
		const ids = new Set(firstOf(open, channelId, limit));
		for (const id of ids) await claimReview(trx, id, holder, now);
		return open.filter(({ video_id: id }) => ids.has(id));
	});
	const kinds = new Map(taken.map((row) => [row.video_id, row]));
	const jobs = await getJobs(store, [...kinds.keys()]);
	return jobs.flatMap((job) => {
		const row = kinds.get(job.video_id);
		if (!row) return [];
		return [{ job, pending: row.pending, reason: row.reason || reasonOf(row.pending, job) }];
	});
}

function reasonOf(pending: Pending, { results, failure }: Job): string {
	if (pending === 'unjudged') return 'Rendered, and its quality is not measured';
	const quality = results.quality as QualityResult | undefined;
	return quality ? qualityReason(quality) : (failure?.reason ?? '');
}

type Jobs = ExpressionBuilder<Database, 'jobs'>;

interface Look {
	now: number;
	since: number;
	viewers: boolean;
}

async function pendingRows(trx: Transaction<Database>, { now, since, viewers }: Look) {
	const reasons = viewers ? await badlyWatched(trx, now) : new Map<string, string>();
	const rows = await trx
		.selectFrom('jobs')
		.leftJoin('reviews', 'reviews.video_id', 'jobs.video_id')
		.leftJoin('stages', (join) => join.onRef('stages.video_id', '=', 'jobs.video_id').on('stages.stage', '=', 'quality'))
		.select(['jobs.video_id', 'request', 'jobs.status', 'failure', 'attempt', 'attempts_before', 'stages.result as quality'])
		.select((eb) => [eb.fn.coalesce('looks', eb.val(0)).as('looks'), eb.fn.coalesce('claim_until', eb.val(0)).as('looked')])
		.where('created_at', '>=', since)
		.where('jobs.lease_until', '<=', now)
		.where((eb) => eb.not(eb.exists(reviewOf(eb).where((own) => own.or([own('claim_until', '>', now), own('person', '!=', '')])))))
		.where((eb) =>
			eb.or([
				eb.and([eb('jobs.status', 'in', ['queued', 'running', 'failed']), eb.exists(unjudgedVideo(eb))]),
				eb.and([eb('jobs.status', '=', 'flagged'), eb('stages.status', '=', 'done')]),
				eb('jobs.video_id', 'in', [...reasons.keys()]),
			]),
		)
		.orderBy('looked')
		.orderBy('created_at')
		.orderBy('jobs.video_id')
		.execute();
	return rows.filter(isOpen).map((row) => ({ ...row, pending: pendingOf(row.status), reason: reasons.get(row.video_id) ?? '' }));
}

interface Row {
	status: string;
	failure: string | null;
	attempt: number;
	attempts_before: number;
	/** JSON of what the quality check said last. */
	quality: string | null;
}

/** A video that was flagged although it passed was flagged by a person; one that was stopped waits for who stopped it. */
function isOpen({ status, failure, attempt, attempts_before: before, quality }: Row): boolean {
	if (status === 'flagged') return quality !== null && !(JSON.parse(quality) as QualityResult).passed;
	if (status !== 'failed') return true;
	const isStopped = failure !== null && (JSON.parse(failure) as JobFailure).error_class === 'cancelled';
	return !isStopped && attempt - before < MAX_ATTEMPTS;
}

function pendingOf(status: string): Pending {
	if (status === 'flagged') return 'low';
	return status === 'published' ? 'published' : 'unjudged';
}

const reviewOf = (eb: Jobs) => eb.selectFrom('reviews').select('reviews.video_id').whereRef('reviews.video_id', '=', 'jobs.video_id');

const doneStage = (eb: Jobs, stage: string) =>
	eb
		.selectFrom('stages')
		.select('stages.video_id')
		.whereRef('stages.video_id', '=', 'jobs.video_id')
		.where('stages.stage', '=', stage)
		.where('stages.status', '=', 'done');

/** Its newest video has no judgement that is younger. */
export const unjudgedVideo = (eb: Jobs) =>
	doneStage(eb, 'video').where((video) =>
		video.not(
			video.exists(
				video
					.selectFrom('stages as judged')
					.select('judged.video_id')
					.whereRef('judged.video_id', '=', 'stages.video_id')
					.where('judged.stage', '=', 'quality')
					.where('judged.status', '=', 'done')
					.whereRef('judged.finished_at', '>=', 'stages.finished_at'),
			),
		),
	);
