/** captions.list, captions.insert and captions.update: https://developers.google.com/youtube/v3/docs/captions */
import type { Reply, Router, SandboxRequest } from '../service';
import { refusal } from './errors';
import { readMultipart } from './multipart';
import { metered } from './quota';
import { etag, parseParts } from './resource';
import { type Account, type CaptionTrack, nextId, type YouTubeState } from './state';

const PARTS = ['id', 'snippet'];

const UPLOAD = '/upload/youtube/v3/captions';

const MAX_NAME = 150;

const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;

type Fields = Record<string, unknown>;

export function mountCaptions(router: Router, state: YouTubeState): void {
	router.on('GET', '/youtube/v3/captions', metered(state, 'captions.list', (...args) => list(state, ...args)));
	router.on('POST', UPLOAD, metered(state, 'captions.insert', (...args) => insert(state, ...args)));
	router.on('PUT', UPLOAD, metered(state, 'captions.update', (...args) => update(state, ...args)));
}

function checkOwner(state: YouTubeState, videoId: unknown, account: Account): string {
	const video = typeof videoId === 'string' ? state.videos.get(videoId) : undefined;
	if (!video) throw refusal('videoNotFound', 'The video identified by the <code>videoId</code> parameter could not be found.');
	if (video.accountId !== account.id) throw refusal('forbidden');
	return video.id;
}

function list(state: YouTubeState, { query }: SandboxRequest, account: Account): Reply {
	const parts = parseParts(query, PARTS);
	if (!query.get('videoId')) throw refusal('missingRequiredParameter', 'Required parameter: videoId');
	const videoId = checkOwner(state, query.get('videoId'), account);
	const items = [...state.captions.values()]
		.filter((track) => track.videoId === videoId)
		.map((track) => resource(track, parts));
	return { status: 200, body: { kind: 'youtube#captionListResponse', etag: etag(items), items } };
}

async function insert(state: YouTubeState, request: SandboxRequest, account: Account): Promise<Reply> {
	const parts = parseParts(request.query, PARTS);
	const { json, media } = await upload(request);
	const { videoId, language, name = '', isDraft = false, ...rest } = ((json as Fields | null)?.snippet ?? {}) as Fields;
	const isGood =
		typeof language === 'string' && LANGUAGE.test(language) && typeof name === 'string' && typeof isDraft === 'boolean';
	if (!isGood || Object.keys(rest).length > 0) throw refusal('invalidMetadata');
	if (name.length > MAX_NAME) throw refusal('nameTooLong');
	const id = checkOwner(state, videoId, account);
	const isThere = [...state.captions.values()].some(
		(track) => track.videoId === id && track.language === language && track.name === name,
	);
	if (isThere) throw refusal('captionExists');
	const track: CaptionTrack = {
		id: nextId(state, 'caption', state.captions.size, 48),
		videoId: id,
		language,
		name,
		isDraft,
		text: media.body.toString('utf8'),
		contentType: media.contentType,
		updatedAt: state.context.clock.now(),
	};
	state.captions.set(track.id, track);
	return { status: 200, body: resource(track, parts) };
}

async function update(state: YouTubeState, request: SandboxRequest, account: Account): Promise<Reply> {
	const parts = parseParts(request.query, PARTS);
	const { json, media } = await upload(request);
	const { id, snippet } = (json ?? {}) as { id?: unknown; snippet?: Fields };
	const track = typeof id === 'string' ? state.captions.get(id) : undefined;
	if (!track) throw refusal('captionNotFound');
	checkOwner(state, track.videoId, account);
	if (typeof snippet?.isDraft === 'boolean') track.isDraft = snippet.isDraft;
	Object.assign(track, {
		text: media.body.toString('utf8'),
		contentType: media.contentType,
		updatedAt: state.context.clock.now(),
	});
	return { status: 200, body: resource(track, parts) };
}

async function upload(request: SandboxRequest) {
	if (request.query.get('uploadType') !== 'multipart') {
		throw refusal('badRequest', 'The sandbox takes captions by uploadType=multipart only.');
	}
	const parts = await readMultipart(request);
	if (parts.media.body.toString('utf8').trim() === '') throw refusal('contentRequired');
	return parts;
}

/** The track's text is looked at as YouTube does after the upload: what is no SRT or WebVTT fails. */
function resource({ id, videoId, language, name, isDraft, text, updatedAt }: CaptionTrack, parts: string[]) {
	const isReadable = /\d\d:\d\d[.,]\d{3}\s+-->\s/.test(text);
	const snippet = {
		videoId,
		lastUpdated: new Date(updatedAt).toISOString(),
		trackKind: 'standard',
		language,
		name,
		audioTrackType: 'unknown',
		isCC: false,
		isLarge: false,
		isEasyReader: false,
		isDraft,
		isAutoSynced: false,
		status: isReadable ? 'serving' : 'failed',
		...(!isReadable && { failureReason: 'unknownFormat' }),
	};
	return { kind: 'youtube#caption', etag: etag([id, snippet, text]), id, ...(parts.includes('snippet') && { snippet }) };
}
