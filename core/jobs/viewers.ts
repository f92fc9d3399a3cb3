/** How long people watch published videos: kept for each, and compared with its channel. */
import type { VideoResult } from '../documents';
import { invalidRequest, type FieldIssue } from '../errors';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Transaction } from '../vendor/kysely';
import { momentOf } from '../youtube/moment';

import type { VideoRequest } from './request';

export interface ViewerFigures {
	youtubeId: string;
	averageViewS: number;
	views: number;
}

/** Far under the channel: less than this share of its median. */
export const FAR_UNDER = 0.5;

/** Hours from publication (a planned one included) until the figures say something: YouTube's come two days late. */
export const JUDGED_AFTER_HOURS = 48;

/** With fewer viewers an average is chance. */
export const LEAST_VIEWS = 100;

/** With fewer videos a median is chance. */
export const LEAST_VIDEOS = 5;

/**
 * The newest figures take the place of older ones.
 * @returns share of the video that is watched, 0 to 1; undefined for a video that no job of this store made
 */
export async function recordViewers(
	store: Store,
	{ youtubeId, averageViewS, views }: ViewerFigures,
): Promise<{ video_id: string; retention: number } | undefined> {
	const issues: FieldIssue[] = [];
	// an upload that isn't whole has none either
	if (youtubeId === '') issues.push({ field: 'youtubeId', reason: "the video's ID on YouTube" });
	if (!(averageViewS >= 0)) issues.push({ field: 'averageViewDuration', reason: 'seconds' });
	if (!(views >= 0)) issues.push({ field: 'views', reason: 'a count' });
	if (issues.length > 0) {
		throw invalidRequest(`The row ${youtubeId ? `of video ${youtubeId} ` : ''}has not the figures of a video`, {
			reason: 'invalid-figures',
			cure: 'Give the rows of YouTube Pool, Channel: Get Analytics, rows by video.',
			issues,
		});
	}
	return await store.transaction(async (trx) => {
		const upload = await trx
			.selectFrom('uploads')
			.select(['key', 'channel_id'])
			.where('youtube_id', '=', youtubeId)
			.where('key', 'like', 'job:%')
			.executeTakeFirst();
		const id = upload?.key.slice('job:'.length) ?? '';
		const video = await trx.selectFrom('stages').select('result').where('video_id', '=', id).where('stage', '=', 'video').executeTakeFirst();
		if (!upload || !video?.result) return undefined;
		const { duration_s: lengthS } = JSON.parse(video.result) as VideoResult;
		const retention = Math.min(1, averageViewS / Math.max(lengthS, 0.001));
		const row = { channel_id: upload.channel_id, retention, views, at: store.clock.now() };
		await trx
			.insertInto('viewers')
			.values({ video_id: id, ...row })
			.onConflict((conflict) => conflict.column('video_id').doUpdateSet(row))
			.execute();
		return { video_id: id, retention };
	});
}

/**
 * Published videos far under the median of their channel, long enough public and not yet judged by this, and why.
 * @returns reason by video ID
 */
export async function badlyWatched(trx: Transaction<Database>, now: number): Promise<Map<string, string>> {
	const rows = await trx
		.selectFrom('viewers')
		.innerJoin('jobs', 'jobs.video_id', 'viewers.video_id')
		.innerJoin('stages', (join) => join.onRef('stages.video_id', '=', 'jobs.video_id').on('stages.stage', '=', 'upload'))
		.leftJoin('reviews', 'reviews.video_id', 'jobs.video_id')
		.select(['viewers.video_id', 'viewers.channel_id', 'retention', 'views', 'jobs.request', 'stages.finished_at', 'reviews.viewers_at'])
		.where('jobs.status', '=', 'published')
		.where('views', '>=', LEAST_VIEWS)
		.execute();
	const until = now - JUDGED_AFTER_HOURS * 3_600_000;
	const channels = new Map<string, number[]>();
	for (const { channel_id: channel, retention } of rows) channels.set(channel, [...(channels.get(channel) ?? []), retention]);
	const found = new Map<string, string>();
	for (const { video_id: id, channel_id: channel, retention, request, finished_at: uploadedAt, viewers_at: judged } of rows) {
		const all = channels.get(channel) ?? [];
		const median = medianOf(all);
		const isDue = uploadedAt !== null && publicAt(request, uploadedAt) <= until && !judged;
		if (!isDue || all.length < LEAST_VIDEOS || retention >= FAR_UNDER * median) continue;
		found.set(
			id,
			`Viewers stay for ${percent(retention)} of it; the median of the ${all.length} videos of its channel is ${percent(median)}. The script did not hold them.`,
		);
	}
	return found;
}

/** Uploaded before its planned publication, it has been private until then. */
function publicAt(request: string, uploadedAt: number): number {
	const { publish_at: planned } = JSON.parse(request) as VideoRequest;
	return Math.max(uploadedAt, (planned === undefined ? undefined : momentOf(planned)) ?? 0);
}

function medianOf(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? 0;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

const percent = (share: number) => `${Math.round(share * 100)} %`;
