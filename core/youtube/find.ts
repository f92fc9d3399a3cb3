/** Looks whether a video is already on its channel, when an upload's end was never heard. */
import { sleep } from '../abort';
import { YtempireError } from '../errors';
import type { YouTubeVideo } from '../vendor/googleapis';

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

/** Pages of fifty: as many as YouTube lists of a channel. */
const MOST_PAGES = 100;

/**
 * The channel's upload that has this title and size, is not older than the session, and is no other upload's of the store.
 * YouTube tells a file's size a while after the title: until the last look only a video of the right size is taken.
 * @throws YtempireError when YouTube can't be asked: then nobody knows, and nothing new may be inserted
 */
export async function findVideo(
	context: ApiContext,
	sought: Sought,
	looksMs: readonly number[] = LOOKS_MS,
): Promise<InsertedVideo | undefined> {
	let found: YouTubeVideo | undefined;
	for (const pauseMs of looksMs) {
		await sleep(pauseMs, context.signal);
		const candidates = await candidatesFor(context, sought);
		const sure = candidates.find(({ fileDetails }) => Number(fileDetails?.fileSize) === sought.bytes);
		found = sure ?? candidates[0];
		if (sure) break;
	}
	return found?.id ? (found as InsertedVideo) : undefined;
}

/** Of the right title and time, and not of another size; the newest first. */
async function candidatesFor(context: ApiContext, sought: Sought): Promise<YouTubeVideo[]> {
	const playlistId = await uploadsOf(context);
	const earliest = sought.openedAt - CLOCK_DIFFERENCE_MS;
	const candidates: YouTubeVideo[] = [];
	let pageToken: string | undefined;
	for (let page = 0; page < MOST_PAGES; page += 1) {
		const { items = [], nextPageToken } = await callYouTube(
			context,
			'playlistItems.list',
			async (api, options) =>
				await api.playlistItems.list({ part: ['contentDetails'], playlistId, maxResults: 50, pageToken }, options),
		);
		const videos = await videosOf(context, items.flatMap(({ contentDetails }) => contentDetails?.videoId ?? []));
		const recent = videos.filter(({ snippet }) => Date.parse(snippet?.publishedAt ?? '') >= earliest);
		candidates.push(...(await unknownAmong(context, recent.filter((video) => fits(video, sought)))));
		// The newest come first: behind a page of older ones there are only older ones
		if (!nextPageToken || recent.length === 0) break;
		pageToken = nextPageToken;
	}
	return candidates;
}

function fits({ snippet, fileDetails }: YouTubeVideo, { title, bytes }: Sought): boolean {
	return snippet?.title === title && (!fileDetails?.fileSize || Number(fileDetails.fileSize) === bytes);
}

async function uploadsOf(context: ApiContext): Promise<string> {
	const channels = await callYouTube(
		context,
		'channels.list',
		async (api, options) =>
			await api.channels.list({ part: ['contentDetails'], id: [context.account.channelId] }, options),
	);
	const playlistId = channels.items?.[0]?.contentDetails?.relatedPlaylists?.uploads;
	if (!playlistId) throw cannotLook(context.account.channelId);
	return playlistId;
}

/** Without the videos that the store knows as another upload's. */
async function unknownAmong({ store }: ApiContext, videos: YouTubeVideo[]): Promise<YouTubeVideo[]> {
	const ids = videos.flatMap(({ id }) => id ?? []);
	if (ids.length === 0) return [];
	const known = await store.db.selectFrom('uploads').select('youtube_id').where('youtube_id', 'in', ids).execute();
	return videos.filter(({ id }) => !known.some(({ youtube_id: theirs }) => theirs === id));
}

/** Of one's own videos YouTube tells the file, too. */
async function videosOf(context: ApiContext, ids: string[]): Promise<YouTubeVideo[]> {
	if (ids.length === 0) return [];
	const { items = [] } = await callYouTube(
		context,
		'videos.list',
		async (api, options) => await api.videos.list({ part: ['snippet', 'status', 'fileDetails'], id: ids }, options),
	);
	return items;
}

function cannotLook(channelId: string): YtempireError {
	return new YtempireError('unavailable', `YouTube shows no uploads of channel ${channelId}, so nobody knows whether the video is there`, {
		provider: PROVIDER,
		reason: 'outcome-unknown',
		cure: 'Look in YouTube Studio. When the video is there, nothing is left to do; when it is not, correct the channel ID in the YouTube Pool credential and run it again.',
	});
}
