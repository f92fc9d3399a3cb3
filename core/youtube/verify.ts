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
	invalidFile: 'The file is not a video that YouTube can read: render it again.',
	emptyFile: 'The file is empty: render it again.',
	tooSmall: 'The file is too small to be a video: render it again.',
};

/** What a person can do about a video that YouTube failed or rejected. */
export function rejectionCure(reason: string): string {
	const known = Object.hasOwn(REJECTIONS, reason) ? REJECTIONS[reason] : undefined;
	return known ?? 'Look at the video in YouTube Studio, where YouTube names the rule; delete it there before another is made.';
}

/**
 * Reads the video's state once.
 * @throws YtempireError `refused` when YouTube failed or rejected the video
 */
export async function verifyVideo(
	context: ApiContext,
	youtubeId: string,
	asked: { privacy: Privacy; channelId: string },
): Promise<{ state: VideoState | undefined; warnings: string[] }> {
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
	if (uploadStatus === 'failed' || uploadStatus === 'rejected') {
		const reason = rejectionReason ?? failureReason ?? uploadStatus;
		throw new YtempireError('refused', `YouTube ${uploadStatus} the uploaded video ${youtubeId}: ${reason}`, {
			provider: PROVIDER,
			reason,
			cure: rejectionCure(reason),
		});
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
