/** What follows an upload: thumbnail, playlists, captions. Checked with the video's fields, done once each. */
import { isYtempireError } from '../errors';
import { contentHash } from '../hash';
import type { YouTubePool } from '../pool/accounts';

import type { ApiContext } from './api';
import { captionStep, captionTrack, putCaptions, type CaptionText, type SentTrack } from './captions';
import { addToPlaylist, playlistsOf, type PlaylistWish } from './playlists';
import type { Earlier } from './steps';
import { readThumbnail, setThumbnail, THUMBNAIL_STEP } from './thumbnail';

const NO_THUMBNAIL = 'The thumbnail was not set';

export interface AfterInput {
	/** Path of a JPEG or PNG. */
	thumbnail?: string;
	playlists?: readonly PlaylistWish[];
	captions?: readonly CaptionText[];
}

export interface AfterStep {
	/** One of its kind on a video, e.g. `captions en`. */
	name: string;
	/** Tells one content from another; JSON. */
	content: unknown;
	/** Only for a video on this channel; undefined: on any. */
	channelId?: string;
	/** What is said when it can't be done. */
	failure: string;
	run(context: ApiContext, youtubeId: string, earlier: Earlier<StepResult>): Promise<StepResult>;
}

/** Kept as JSON; its warnings are the upload's. */
export type StepResult = object & { warnings?: string[] };

/**
 * @param isUp the video is there already: what YouTube would reject becomes a step that fails, and the others are done
 * @throws YtempireError `invalid-request` for what YouTube would reject, before any unit is spent
 */
export async function afterSteps(
	{ thumbnail, playlists = [], captions = [] }: AfterInput,
	pool: YouTubePool,
	isUp = false,
): Promise<AfterStep[]> {
	const planned = async (name: string, failure: string, plan: () => AfterStep[] | Promise<AfterStep[]>) => {
		try {
			return await plan();
		} catch (error) {
			if (isUp && isYtempireError(error)) return [{ name, content: null, failure, run: async () => await Promise.reject(error) }];
			throw error;
		}
	};
	const steps: AfterStep[] = [];
	if (thumbnail) steps.push(...(await planned(THUMBNAIL_STEP, NO_THUMBNAIL, async () => [await thumbnailStep(thumbnail)])));
	steps.push(
		...(await planned('playlists', 'The video was added to no playlist', () =>
			playlistsOf(playlists, pool).map(({ id, channelId }) => playlistStep(id, channelId)),
		)),
	);
	for (const text of captions) steps.push(...(await planned('captions', 'Captions were not added', () => [captionsStep(text)])));
	// Of two tracks with one language and name the last one stands
	return steps.filter(({ name, channelId }, index) =>
		steps.slice(index + 1).every((later) => later.name !== name || later.channelId !== channelId),
	);
}

/** Tells these steps from others: what a kept upload's result depends on. */
export function hashOfSteps(steps: readonly AfterStep[]): string {
	return contentHash(steps.map(({ name, content, channelId = '' }) => [name, content, channelId]));
}

async function thumbnailStep(path: string): Promise<AfterStep> {
	const thumbnail = await readThumbnail(path);
	return {
		name: THUMBNAIL_STEP,
		content: thumbnail.sha256,
		failure: NO_THUMBNAIL,
		run: async (context, youtubeId) => ({ url: await setThumbnail(context, youtubeId, thumbnail) }),
	};
}

function playlistStep(id: string, channelId: string | undefined): AfterStep {
	return {
		name: `playlist ${id}`,
		content: id,
		channelId,
		failure: `The video was not added to the playlist ${id}`,
		run: async (context, youtubeId, { unsure }) => await addToPlaylist(context, youtubeId, id, unsure),
	};
}

function captionsStep(text: CaptionText): AfterStep {
	const track = captionTrack(text);
	return {
		name: captionStep(track),
		content: track.text,
		failure: `The captions (${[track.language, track.name].filter(Boolean).join(', ')}) were not added`,
		run: async (context, youtubeId, { result }) =>
			await putCaptions(context, youtubeId, track, result as SentTrack | undefined),
	};
}
