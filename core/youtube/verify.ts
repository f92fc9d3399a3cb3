/** Looks at the video after the upload: does YouTube keep it, and as private as was asked? */
import { YtempireError } from '../errors';

import { callYouTube, type ApiContext } from './api';
import { PROVIDER } from './errors';
import type { Privacy } from './metadata';

export interface VideoState {
	/** ISO 8601. */
	publishedAt: string;
	privacyStatus: string;
	uploadStatus: string;
	/** Empty while YouTube says nothing. */
	processingStatus: string;
}

/** YouTube's words for why it doesn't keep a video. */
const REJECTIONS: Readonly<Record<string, string>> = {
	duplicate: 'The same video is already on the channel: make another one.',
	length: 'The video is longer than this channel may upload: verify the channel by phone, or make it shorter.',
	copyright: 'Replace the footage or music that the claim in YouTube Studio names.',
	claim: 'Replace the footage or music that the claim in YouTube Studio names.',
	codec: 'Render it again as H.264 with AAC in MP4.',
	conversion: 'Render it again as H.264 with AAC in MP4.',
	transcodeFailed: 'Render it again as H.264 with AAC in MP4.',
	invalidFile: 'The file is not a video that YouTube can read: render it again.',
	emptyFile: 'The file is empty: render it again.',
	tooSmall: 'The file is too small to be a video: render it again.',
};

/** What a person can do about a video that YouTube failed or rejected. */
export function rejectionCure(reason: string): string {
	const known = Object.hasOwn(REJECTIONS, reason) ? REJECTIONS[reason] : undefined;
	return known ?? 'Look at the video in YouTube Studio, where YouTube names the rule; delete it there before another is made.';
}

/** What YouTube has said of a video: it is not to be watched, and stays so. */
const rejections = new WeakSet<YtempireError>();

/** True for the error of a video that YouTube failed, rejected or deleted: nothing of it is in another one's way. */
export function isRejection(error: unknown): boolean {
	return error instanceof YtempireError && rejections.has(error);
}

function rejected(message: string, reason: string): YtempireError {
	const error = new YtempireError('refused', message, { provider: PROVIDER, reason, cure: rejectionCure(reason) });
	rejections.add(error);
	return error;
}

/** In one word; undefined while the video is there. */
function goneBy({ uploadStatus, processingStatus }: VideoState): string | undefined {
	if (['failed', 'rejected', 'deleted'].includes(uploadStatus)) return uploadStatus;
	return processingStatus === 'failed' ? 'could not process' : undefined;
}

/** YouTube is still at it: how it ends can't be told yet. */
export function isProcessing(state: VideoState | undefined): boolean {
	return state === undefined || (state.uploadStatus === 'uploaded' && ['', 'processing'].includes(state.processingStatus));
}

/** Milliseconds to wait for the end of YouTube's processing, unless another time is set. */
export const DEFAULT_PROCESSING_MS = 60_000;

/** Milliseconds before each further look, the last one again and again: seven in the default time, a unit each. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

/** However long a wait is asked for: milliseconds. */
const LONGEST_PROCESSING_MS = 3_600_000;

/** The pauses that fit into a time, in their order. */
export function pausesWithin(totalMs: number): number[] {
	const pauses: number[] = [];
	for (let left = Math.min(totalMs, LONGEST_PROCESSING_MS); left > 0; ) {
		const pause = Math.min(left, PAUSES_MS[Math.min(pauses.length, PAUSES_MS.length - 1)] ?? left);
		pauses.push(pause);
		left -= pause;
	}
	return pauses;
}

export interface Seen {
	/** Undefined while YouTube doesn't list the video. */
	state: VideoState | undefined;
	warnings: string[];
}

/**
 * Reads the video's state once.
 * @throws YtempireError `refused` (see `isRejection`) when YouTube failed, rejected or deleted the video
 */
export async function verifyVideo(
	context: ApiContext,
	youtubeId: string,
	asked: { privacy: Privacy; channelId: string },
): Promise<Seen> {
	const { items } = await callYouTube(
		context,
		'videos.list',
		async (api, options) =>
			await api.videos.list({ part: ['snippet', 'status', 'processingDetails'], id: [youtubeId] }, options),
	);
	const video = items?.[0];
	if (!video?.status) {
		return { state: undefined, warnings: ['YouTube does not list the video yet; look at it in YouTube Studio'] };
	}
	const { uploadStatus, failureReason, rejectionReason, privacyStatus } = video.status;
	const state: VideoState = {
		publishedAt: video.snippet?.publishedAt ?? '',
		privacyStatus: privacyStatus ?? '',
		uploadStatus: uploadStatus ?? '',
		processingStatus: video.processingDetails?.processingStatus ?? '',
	};
	const gone = goneBy(state);
	if (gone) {
		const reason = rejectionReason ?? failureReason ?? video.processingDetails?.processingFailureReason ?? gone;
		throw rejected(`YouTube ${gone} the uploaded video ${youtubeId}: ${reason}`, reason);
	}
	const warnings: string[] = [];
	if (state.privacyStatus !== asked.privacy) {
		warnings.push(`The video is ${state.privacyStatus} although ${asked.privacy} was asked; change it in YouTube Studio`);
	}
	const channelId = video.snippet?.channelId;
	if (channelId && channelId !== asked.channelId) {
		warnings.push(`The video is on channel ${channelId}, not on ${asked.channelId}: correct the channel ID in the credential, or connect the account again`);
	}
	return { state, warnings };
}
