/** Playlists that a video is added to once it is there. */
import { invalidRequest, type FieldIssue } from '../errors';
import type { YouTubePool } from '../pool/accounts';
import { retry } from '../retry';

import { callYouTube, type ApiContext } from './api';

export interface PlaylistWish {
	/** ID or address; several are separated by commas. */
	playlist: string;
	/** Account ID or channel ID whose playlist it is: only its uploads are added. Empty: whoever uploads. */
	account?: string;
}

export interface Playlist {
	id: string;
	/** Channel ID; undefined: whoever uploads. */
	channelId: string | undefined;
}

/** Playlists that people make; YouTube fills all others by itself. */
const PLAYLIST_ID = /^(?:PL|FL)[\w-]{8,62}$/;

/** Each costs 50 units. */
const MOST_PLAYLISTS = 20;

/** @throws YtempireError `invalid-request` when one is no playlist, or its account is not in the pool */
export function playlistsOf(wishes: readonly PlaylistWish[], { accounts }: YouTubePool): Playlist[] {
	const issues: FieldIssue[] = [];
	const refuse = (reason: string) => issues.push({ field: 'playlists', reason });
	const found = new Map<string, Playlist>();
	for (const { playlist, account = '' } of wishes) {
		const owner = accounts.find(({ accountId, channelId }) => account === accountId || account === channelId);
		if (account && !owner) refuse(`"${account}" is no account of the pool`);
		for (const text of playlist.split(/[\s,]+/).filter(Boolean)) {
			const id = /[?&]list=([\w-]+)/.exec(text)?.[1] ?? text;
			if (!PLAYLIST_ID.test(id)) refuse(`"${text.slice(0, 80)}" is not the ID of a playlist, e.g. PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf`);
			found.set(`${id} ${owner?.channelId ?? ''}`, { id, channelId: owner?.channelId });
		}
	}
	if (found.size > MOST_PLAYLISTS) refuse(`${found.size} playlists, at most ${MOST_PLAYLISTS}`);
	if (issues.length === 0) return [...found.values()];
	throw invalidRequest('The playlists are not all of use', {
		cure: 'Correct the named playlists and run it again; no quota has been used.',
		reason: 'invalid-playlist',
		issues,
	});
}

/**
 * Adds the video: 50 units. YouTube would take it twice, so after a try whose end was not heard the
 * playlist is looked at first: one unit.
 * @param unsure such a try has been made before
 */
export async function addToPlaylist(
	context: ApiContext,
	youtubeId: string,
	playlistId: string,
	unsure: boolean,
): Promise<{ playlist_id: string }> {
	const single: ApiContext = { ...context, retry: { ...context.retry, attempts: 1 } };
	await retry(
		async (attempt) => {
			if ((unsure || attempt > 1) && (await isIn(single, youtubeId, playlistId))) return;
			const snippet = { playlistId, resourceId: { kind: 'youtube#video', videoId: youtubeId } };
			await callYouTube(
				single,
				'playlistItems.insert',
				async (api, options) => await api.playlistItems.insert({ part: ['snippet'], requestBody: { snippet } }, options),
			);
		},
		{ signal: context.signal, ...context.retry },
	);
	return { playlist_id: playlistId };
}

async function isIn(context: ApiContext, videoId: string, playlistId: string): Promise<boolean> {
	const { items } = await callYouTube(
		context,
		'playlistItems.list',
		async (api, options) => await api.playlistItems.list({ part: ['id'], playlistId, videoId, maxResults: 1 }, options),
	);
	return (items ?? []).length > 0;
}
