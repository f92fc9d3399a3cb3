/** Looks whether a video is already on its channel, when an upload's end was never heard. */
import { sleep } from '../abort';
import { YtempireError } from '../errors';

import { callYouTube, type ApiContext } from './api';
import { PROVIDER } from './errors';
import type { InsertedVideo } from './session';

/** YouTube lists a new video after some seconds: milliseconds before each look. */
export const LOOKS_MS = [0, 5_000, 15_000];

/** Two machines' clocks may differ: milliseconds. */
const CLOCK_DIFFERENCE_MS = 600_000;

export interface Sought {
	title: string;
	bytes: number;
	/** Milliseconds since 1970: the video isn't older. */
	openedAt: number;
}

/**
 * The channel's newest uploads that have this title and size and are not older than the session.
 * @throws YtempireError when YouTube can't be asked: then nobody knows, and nothing new may be inserted
 */
export async function findVideo(
	context: ApiContext,
	sought: Sought,
	looksMs: readonly number[] = LOOKS_MS,
): Promise<InsertedVideo | undefined> {
	for (const pauseMs of looksMs) {
		await sleep(pauseMs, context.signal);
		const found = await lookOnce(context, sought);
		if (found) return found;
	}
	return undefined;
}

async function lookOnce(context: ApiContext, sought: Sought): Promise<InsertedVideo | undefined> {
	const channels = await callYouTube(
		context,
		'channels.list',
		async (api, options) =>
			await api.channels.list({ part: ['contentDetails'], id: [context.account.channelId] }, options),
	);
	const playlistId = channels.items?.[0]?.contentDetails?.relatedPlaylists?.uploads;
	if (!playlistId) throw cannotLook(context.account.channelId);
	const uploads = await callYouTube(
		context,
		'playlistItems.list',
		async (api, options) =>
			await api.playlistItems.list({ part: ['contentDetails'], playlistId, maxResults: 50 }, options),
	);
	const ids = (uploads.items ?? []).flatMap(({ contentDetails }) => contentDetails?.videoId ?? []);
	if (ids.length === 0) return undefined;
	const videos = await callYouTube(
		context,
		'videos.list',
		async (api, options) => await api.videos.list({ part: ['snippet', 'status', 'fileDetails'], id: ids }, options),
	);
	const found = videos.items?.find(
		({ snippet, fileDetails }) =>
			snippet?.title === sought.title &&
			Date.parse(snippet.publishedAt ?? '') >= sought.openedAt - CLOCK_DIFFERENCE_MS &&
			// The size is known a while after the title
			(!fileDetails?.fileSize || Number(fileDetails.fileSize) === sought.bytes),
	);
	return found?.id ? (found as InsertedVideo) : undefined;
}

function cannotLook(channelId: string): YtempireError {
	return new YtempireError('unavailable', `YouTube shows no uploads of channel ${channelId}, so nobody knows whether the video is there`, {
		provider: PROVIDER,
		reason: 'outcome-unknown',
		cure: 'Look in YouTube Studio. When the video is there, nothing is left to do; when it is not, correct the channel ID in the YouTube Pool credential and run it again.',
	});
}
