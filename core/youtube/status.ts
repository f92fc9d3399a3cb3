/** Where a video stands on YouTube: who sees it, what became of its processing, how often it was watched. */
import type { YouTubeVideo } from '../vendor/googleapis';

import { callYouTube } from './api';
import { contextFor, ownerOf, videoMissing, type PoolDeps } from './owner';
import { rejectionCure } from './verify';

/** What passes on in items; a text is empty and a number null where YouTube says nothing. */
export interface VideoStatus {
	youtube_id: string;
	youtube_url: string;
	account_id: string;
	channel_id: string;
	title: string;
	/** ISO 8601. */
	published_at: string;
	/** private, unlisted or public. */
	privacy_status: string;
	/** ISO 8601: when it becomes public. */
	publish_at: string;
	/** uploaded, processed, failed, rejected or deleted. */
	upload_status: string;
	failure_reason: string;
	rejection_reason: string;
	/** processing, succeeded, failed or terminated. */
	processing_status: string;
	processing_failure_reason: string;
	/** 0 to 100 while it is processed. */
	processing_percent: number | null;
	/** Whether people can watch it as far as YouTube's own work goes. */
	ready: boolean;
	/** What a person can do about a failure; empty when there is none. */
	cure: string;
	statistics: {
		views: number | null;
		likes: number | null;
		comments: number | null;
		favorites: number | null;
	};
}

const PARTS = ['snippet', 'status', 'processingDetails', 'statistics'];

/** Reads the video once: one unit. */
export async function videoStatus(
	{ youtubeId, asked }: { youtubeId: string; asked?: string },
	deps: PoolDeps,
): Promise<VideoStatus> {
	const account = await ownerOf(deps, youtubeId, asked);
	const { items } = await callYouTube(
		await contextFor(deps, account),
		'videos.list',
		async (api, options) => await api.videos.list({ part: PARTS, id: [youtubeId] }, options),
	);
	const video = items?.[0] ?? videoMissing(youtubeId, account);
	return {
		youtube_id: youtubeId,
		youtube_url: `https://www.youtube.com/watch?v=${youtubeId}`,
		account_id: account.accountId,
		...told(video, account.channelId),
	};
}

function told({ snippet, status, processingDetails, statistics }: YouTubeVideo, channelId: string) {
	const uploadStatus = status?.uploadStatus ?? '';
	const processing = processingDetails?.processingStatus ?? '';
	const reason = status?.rejectionReason ?? status?.failureReason ?? processingDetails?.processingFailureReason ?? '';
	const failed = uploadStatus === 'failed' || uploadStatus === 'rejected' || processing === 'failed';
	return {
		channel_id: snippet?.channelId ?? channelId,
		title: snippet?.title ?? '',
		published_at: snippet?.publishedAt ?? '',
		privacy_status: status?.privacyStatus ?? '',
		publish_at: status?.publishAt ?? '',
		upload_status: uploadStatus,
		failure_reason: status?.failureReason ?? '',
		rejection_reason: status?.rejectionReason ?? '',
		processing_status: processing,
		processing_failure_reason: processingDetails?.processingFailureReason ?? '',
		processing_percent: percentOf(processingDetails?.processingProgress),
		ready: uploadStatus === 'processed',
		cure: failed ? rejectionCure(reason) : '',
		statistics: {
			views: count(statistics?.viewCount),
			likes: count(statistics?.likeCount),
			comments: count(statistics?.commentCount),
			favorites: count(statistics?.favoriteCount),
		},
	};
}

type Progress = NonNullable<YouTubeVideo['processingDetails']>['processingProgress'];

function percentOf(progress: Progress): number | null {
	const total = count(progress?.partsTotal);
	const done = count(progress?.partsProcessed);
	if (!total || done === null) return null;
	return Math.min(100, Math.round((100 * done) / total));
}

/** YouTube writes counts as text; a hidden one is missing. */
function count(text: string | null | undefined): number | null {
	return text && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
