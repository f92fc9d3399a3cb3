/**
 * playlistItems.list and playlistItems.insert: every channel has its uploads, the newest first, and one
 * playlist of its own. https://developers.google.com/youtube/v3/docs/playlistItems
 */
import type { Reply, Router, SandboxRequest } from '../service';
import { refusal } from './errors';
import { metered } from './quota';
import { etag, parseParts, privacyOf } from './resource';
import { type Account, nextId, type PlaylistEntry, type Video, type YouTubeState } from './state';

const PARTS = ['id', 'snippet', 'contentDetails', 'status'];

const DEFAULT_RESULTS = 5;

const MAX_RESULTS = 50;

/** Videos of a playlist at most. */
const MAX_VIDEOS = 5000;

type Fields = Record<string, unknown>;

/** A playlist as the caller sees it; YouTube fills the uploads by itself. */
interface Playlist {
	id: string;
	owner: Account;
	isUploads: boolean;
}

export function mountPlaylists(router: Router, state: YouTubeState): void {
	const path = '/youtube/v3/playlistItems';
	router.on('GET', path, metered(state, 'playlistItems.list', (...args) => list(state, ...args)));
	router.on('POST', path, metered(state, 'playlistItems.insert', (...args) => insert(state, ...args)));
}

/** The one playlist that a channel's owner has made. */
export const ownPlaylist = ({ id }: Pick<Account, 'id'>): string => `PLsandbox-${id}`;

function playlistNamed(state: YouTubeState, id: string): Playlist {
	for (const owner of state.accounts().values()) {
		if (id === owner.channelId.replace(/^UC/, 'UU')) return { id, owner, isUploads: true };
		if (id === ownPlaylist(owner)) return { id, owner, isUploads: false };
	}
	throw refusal('playlistNotFound');
}

function list(state: YouTubeState, { query }: SandboxRequest, account: Account): Reply {
	const parts = parseParts(query, PARTS);
	const playlistId = query.get('playlistId');
	if (!playlistId) throw refusal('missingRequiredParameter', 'No filter selected. Expected one of: id, playlistId');
	const maxResults = Number(query.get('maxResults') ?? DEFAULT_RESULTS);
	if (!Number.isInteger(maxResults) || maxResults < 0 || maxResults > MAX_RESULTS) throw refusal('invalidParameter');
	const playlist = playlistNamed(state, playlistId);
	const now = state.context.clock.now();
	const videoId = query.get('videoId');
	const visible = entriesOf(state, playlist).filter(({ video }) => {
		const isSeen = video.accountId === account.id || privacyOf(video, now) === 'public';
		return isSeen && (videoId === null || video.id === videoId);
	});
	const start = startOf(query.get('pageToken'));
	const end = start + maxResults;
	const items = visible.slice(start, end).map((entry) => resource(state, playlist, entry, parts));
	const pageInfo = { totalResults: visible.length, resultsPerPage: maxResults };
	const tokens = {
		...(end < visible.length && { nextPageToken: tokenOf(end) }),
		...(start > 0 && { prevPageToken: tokenOf(Math.max(0, start - maxResults)) }),
	};
	return {
		status: 200,
		body: { kind: 'youtube#playlistItemListResponse', etag: etag(items), ...tokens, items, pageInfo },
	};
}

/** A page's name holds the place that it begins at. */
const tokenOf = (place: number): string => Buffer.from(`at:${place}`).toString('base64url');

/** @throws RefusedRequest 400 */
function startOf(token: string | null): number {
	if (token === null || token === '') return 0;
	const place = /^at:(\d{1,6})$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
	if (place === undefined) throw refusal('invalidPageToken');
	return Number(place);
}

interface Entry {
	id: string;
	video: Video;
	/** Milliseconds since 1970. */
	addedAt: number;
	position: number;
}

function entriesOf(state: YouTubeState, { id, owner, isUploads }: Playlist): Entry[] {
	if (isUploads) {
		return [...state.videos.values()]
			.filter(({ accountId }) => accountId === owner.id)
			.reverse()
			.map((video, position) => ({
				id: Buffer.from(`${id}.${video.id}`).toString('base64url'),
				video,
				addedAt: video.uploadedAt,
				position,
			}));
	}
	return [...state.playlistEntries.values()]
		.filter(({ playlistId }) => playlistId === id)
		.flatMap(({ id: entryId, videoId, addedAt }, position) => {
			const video = state.videos.get(videoId);
			return video ? [{ id: entryId, video, addedAt, position }] : [];
		});
}

/** The same video may be in a playlist twice: YouTube adds what it is told to. */
async function insert(state: YouTubeState, request: SandboxRequest, account: Account): Promise<Reply> {
	const parts = parseParts(request.query, PARTS);
	const body = (await request.json()) as { snippet?: Fields } | null;
	const { playlistId, resourceId } = body?.snippet ?? {};
	if (!parts.includes('snippet') || typeof playlistId !== 'string' || !playlistId) throw refusal('playlistIdRequired');
	const { kind, videoId } = (resourceId ?? {}) as Fields;
	if (kind !== 'youtube#video' || typeof videoId !== 'string') throw refusal('resourceIdRequired');
	const playlist = playlistNamed(state, playlistId);
	if (playlist.owner.id !== account.id) throw refusal('playlistItemsNotAccessible');
	if (playlist.isUploads) throw refusal('playlistOperationUnsupported');
	const video = state.videos.get(videoId);
	const now = state.context.clock.now();
	if (!video || (video.accountId !== account.id && privacyOf(video, now) === 'private')) {
		throw refusal('videoNotFound', 'The video that you are trying to add to the playlist cannot be found.');
	}
	const before = entriesOf(state, playlist).length;
	if (before >= MAX_VIDEOS) throw refusal('playlistContainsMaximumNumberOfVideos');
	const entry: PlaylistEntry = {
		id: nextId(state, 'playlist-item', state.playlistEntries.size, 48),
		playlistId,
		videoId,
		addedAt: now,
	};
	state.playlistEntries.set(entry.id, entry);
	return { status: 200, body: resource(state, playlist, { id: entry.id, video, addedAt: now, position: before }, parts) };
}

function resource(state: YouTubeState, playlist: Playlist, { id, video, addedAt, position }: Entry, parts: string[]) {
	const owner = state.accounts().get(video.accountId);
	const known: Fields = {
		snippet: {
			publishedAt: new Date(addedAt).toISOString(),
			channelId: playlist.owner.channelId,
			title: video.metadata.snippet?.title,
			description: video.metadata.snippet?.description ?? '',
			channelTitle: playlist.owner.channelTitle,
			playlistId: playlist.id,
			position,
			resourceId: { kind: 'youtube#video', videoId: video.id },
			videoOwnerChannelId: owner?.channelId,
			videoOwnerChannelTitle: owner?.channelTitle,
		},
		contentDetails: { videoId: video.id, videoPublishedAt: new Date(video.uploadedAt).toISOString() },
		status: { privacyStatus: privacyOf(video, state.context.clock.now()) },
	};
	const named = Object.fromEntries(parts.flatMap((part) => (part in known ? [[part, known[part]]] : [])));
	return { kind: 'youtube#playlistItem', etag: etag([id, named]), id, ...named };
}
