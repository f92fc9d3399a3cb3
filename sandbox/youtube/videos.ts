/** videos.list, videos.update and channels.list. */
import type { Reply, Router, SandboxRequest } from '../service';
import { refusal } from './errors';
import { checkMetadata, WRITABLE_PARTS } from './metadata';
import { metered } from './quota';
import { etag, parseParts, privacyOf, thumbnails, videoResource } from './resource';
import type { Account, YouTubeState } from './state';

const MAX_IDS = 50;

/** Only a video's owner may see them. */
const OWNERS_PARTS = ['processingDetails', 'fileDetails', 'suggestions'];

const CHANNEL_PARTS = [
	...['id', 'snippet', 'contentDetails', 'statistics', 'status', 'brandingSettings', 'topicDetails'],
	...['localizations', 'auditDetails', 'contentOwnerDetails'],
];

export function mountVideos(router: Router, state: YouTubeState): void {
	router.on('GET', '/youtube/v3/videos', metered(state, 'videos.list', (...args) => list(state, ...args)));
	router.on('PUT', '/youtube/v3/videos', metered(state, 'videos.update', (...args) => update(state, ...args)));
	router.on('GET', '/youtube/v3/channels', metered(state, 'channels.list', (...args) => channels(state, ...args)));
}

function listResponse(kind: string, items: unknown[]): Reply {
	const pageInfo = { totalResults: items.length, resultsPerPage: items.length };
	return { status: 200, body: { kind, etag: etag(items), items, pageInfo } };
}

function list(state: YouTubeState, { query }: SandboxRequest, account: Account): Reply {
	const parts = parseParts(query);
	const ids = query.getAll('id').flatMap((text) => text.split(',')).filter(Boolean);
	if (ids.length === 0) {
		throw refusal('missingRequiredParameter', 'No filter selected. Expected one of: id, myRating, chart');
	}
	if (ids.length > MAX_IDS) throw refusal('invalidParameter', `At most ${MAX_IDS} ids`);
	const now = state.context.clock.now();
	const seen = ids.flatMap((id) => {
		const video = state.videos.get(id);
		const isHidden = video?.accountId !== account.id && video && privacyOf(video, now) === 'private';
		return video && !isHidden ? [video] : [];
	});
	const isForeign = seen.some((video) => video.accountId !== account.id);
	if (isForeign && parts.some((part) => OWNERS_PARTS.includes(part))) throw refusal('forbidden');
	return listResponse(
		'youtube#videoListResponse',
		seen.map((video) => {
			const resource = videoResource(state, video, parts);
			if (video.accountId === account.id) video.polls += 1;
			return resource;
		}),
	);
}

/** What the body leaves out of a part that it names is gone. */
async function update(state: YouTubeState, request: SandboxRequest, account: Account): Promise<Reply> {
	const parts = parseParts(request.query);
	const body = await request.json();
	const id = (body as { id?: unknown } | null)?.id;
	const video = typeof id === 'string' ? state.videos.get(id) : undefined;
	if (!video) throw refusal('videoNotFound');
	if (video.accountId !== account.id) throw refusal('forbidden');
	const metadata = checkMetadata(body, parts, state.context.clock.now());
	if (metadata.snippet && metadata.snippet.categoryId === undefined) throw refusal('invalidCategoryId');
	const written = parts.filter((part) => (WRITABLE_PARTS as readonly string[]).includes(part));
	video.metadata = { ...video.metadata, ...Object.fromEntries(written.map((part) => [part, undefined])), ...metadata };
	return { status: 200, body: videoResource(state, video, parts) };
}

function channels(state: YouTubeState, { query }: SandboxRequest, account: Account): Reply {
	const parts = parseParts(query, CHANNEL_PARTS);
	const ids = query.getAll('id').flatMap((text) => text.split(','));
	if (query.get('mine') !== 'true' && ids.length === 0) {
		throw refusal('missingRequiredParameter', 'No filter selected. Expected one of: id, mine');
	}
	const found = [...state.accounts().values()].filter(
		(one) =>
			one.standing !== 'no-channel' &&
			(query.get('mine') === 'true' ? one.id === account.id : ids.includes(one.channelId)),
	);
	return listResponse(
		'youtube#channelListResponse',
		found.map((one) => channelResource(state, one, parts)),
	);
}

function channelResource(state: YouTubeState, account: Account, parts: string[]) {
	const { channelId, channelTitle } = account;
	const count = [...state.videos.values()].filter(({ accountId }) => accountId === account.id).length;
	const known: Record<string, unknown> = {
		snippet: {
			title: channelTitle,
			description: 'A channel of the sandbox.',
			publishedAt: '2025-01-01T00:00:00Z',
			thumbnails: thumbnails(state.context.baseUrl('youtube'), channelId),
			localized: { title: channelTitle, description: 'A channel of the sandbox.' },
		},
		contentDetails: { relatedPlaylists: { likes: '', uploads: channelId.replace(/^UC/, 'UU') } },
		statistics: { viewCount: '0', subscriberCount: '0', hiddenSubscriberCount: false, videoCount: String(count) },
		status: { privacyStatus: 'public', isLinked: true, longUploadsStatus: 'allowed', madeForKids: false },
	};
	const named = Object.fromEntries(parts.flatMap((part) => (part in known ? [[part, known[part]]] : [])));
	return { kind: 'youtube#channel', etag: etag([channelId, named]), id: channelId, ...named };
}
