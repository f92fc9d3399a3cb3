/** playlistItems.list, for the one playlist that every channel has: its uploads, the newest first. */
import type { Reply, Router, SandboxRequest } from '../service';
import { refusal } from './errors';
import { metered } from './quota';
import { etag, parseParts, privacyOf } from './resource';
import type { Account, Video, YouTubeState } from './state';

const PARTS = ['id', 'snippet', 'contentDetails', 'status'];

const DEFAULT_RESULTS = 5;

const MAX_RESULTS = 50;

export function mountPlaylists(router: Router, state: YouTubeState): void {
	router.on(
		'GET',
		'/youtube/v3/playlistItems',
		metered(state, 'playlistItems.list', (request, account) => list(state, request, account)),
	);
}

function list(state: YouTubeState, { query }: SandboxRequest, account: Account): Reply {
	const parts = parseParts(query, PARTS);
	const playlistId = query.get('playlistId');
	if (!playlistId) throw refusal('missingRequiredParameter', 'No filter selected. Expected one of: id, playlistId');
	const maxResults = Number(query.get('maxResults') ?? DEFAULT_RESULTS);
	if (!Number.isInteger(maxResults) || maxResults < 0 || maxResults > MAX_RESULTS) throw refusal('invalidParameter');
	const owner = [...state.accounts().values()].find(({ channelId }) => channelId.replace(/^UC/, 'UU') === playlistId);
	if (!owner) throw refusal('playlistNotFound');
	const now = state.context.clock.now();
	const visible = [...state.videos.values()]
		.filter((video) => video.accountId === owner.id && (owner.id === account.id || privacyOf(video, now) === 'public'))
		.reverse();
	const items = visible.slice(0, maxResults).map((video) => playlistItem(state, owner, playlistId, video, parts));
	const pageInfo = { totalResults: visible.length, resultsPerPage: maxResults };
	return {
		status: 200,
		body: { kind: 'youtube#playlistItemListResponse', etag: etag(items), items, pageInfo },
	};
}

function playlistItem(state: YouTubeState, owner: Account, playlistId: string, video: Video, parts: string[]) {
	const publishedAt = new Date(video.uploadedAt).toISOString();
	const known: Record<string, unknown> = {
		snippet: {
			publishedAt,
			channelId: owner.channelId,
			title: video.metadata.snippet?.title,
			description: video.metadata.snippet?.description ?? '',
			channelTitle: owner.channelTitle,
			playlistId,
			resourceId: { kind: 'youtube#video', videoId: video.id },
		},
		contentDetails: { videoId: video.id, videoPublishedAt: publishedAt },
		status: { privacyStatus: privacyOf(video, state.context.clock.now()) },
	};
	const named = Object.fromEntries(parts.flatMap((part) => (part in known ? [[part, known[part]]] : [])));
	const id = Buffer.from(`${playlistId}.${video.id}`).toString('base64url');
	return { kind: 'youtube#playlistItem', etag: etag([id, named]), id, ...named };
}
