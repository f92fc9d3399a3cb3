/** A stored video as the API's resource. */
import { createHash } from 'node:crypto';

import { refusal } from './errors';
import type { Privacy } from './metadata';
import type { FileFacts, Video, YouTubeState } from './state';

/** Parts that `videos.list` knows; those that the stand-in has nothing for are left out of its answer. */
const PARTS = [
	...['id', 'snippet', 'status', 'contentDetails', 'processingDetails', 'statistics', 'player', 'recordingDetails'],
	...['localizations', 'paidProductPlacementDetails', 'fileDetails', 'suggestions', 'topicDetails', 'liveStreamingDetails'],
];

/** Pixels. */
const PLACES = {
	default: [120, 90],
	medium: [320, 180],
	high: [480, 360],
	standard: [640, 480],
	maxres: [1280, 720],
} as const;

const FILE_BY_PLACE = {
	default: 'default',
	medium: 'mqdefault',
	high: 'hqdefault',
	standard: 'sddefault',
	maxres: 'maxresdefault',
} as const;

/**
 * Names of a `part` parameter, given once or several times.
 * @throws RefusedRequest 400
 */
export function parseParts(query: URLSearchParams, known: readonly string[] = PARTS): string[] {
	const parts = query.getAll('part').flatMap((text) => text.split(',')).map((text) => text.trim()).filter(Boolean);
	if (parts.length === 0) throw refusal('missingRequiredParameter', 'Required parameter: part');
	const unknown = parts.find((part) => !known.includes(part));
	if (unknown !== undefined) throw refusal('unknownPart', unknown);
	return parts;
}

export const etag = (value: unknown): string =>
	createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 27);

export function thumbnails(baseUrl: string, id: string) {
	return Object.fromEntries(
		Object.entries(PLACES).map(([place, [width, height]]) => {
			const name = FILE_BY_PLACE[place as keyof typeof PLACES];
			return [place, { url: `${baseUrl}/vi/${id}/${name}.jpg`, width, height }];
		}),
	);
}

/** A scheduled video is public from its hour on; one without a wish is public (since 2026-11-02). */
export function privacyOf({ metadata }: Video, now: number): Privacy {
	const { publishAt, privacyStatus = 'public' } = metadata.status ?? {};
	const isOut = typeof publishAt === 'string' && Date.parse(publishAt) <= now;
	return isOut ? 'public' : (privacyStatus as Privacy);
}

export const isProcessing = (state: YouTubeState, { polls }: Video): boolean => polls < state.settings().processingPolls;

/** ISO 8601, as YouTube writes it: `PT1M5S`; `P0D` until it is known. */
export function isoDuration(facts: FileFacts | undefined): string {
	if (!facts) return 'P0D';
	const seconds = Math.round(facts.seconds);
	const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
	return `PT${h ? `${h}H` : ''}${m ? `${m}M` : ''}${s || seconds === 0 ? `${s}S` : ''}`;
}

function snippet(state: YouTubeState, video: Video) {
	const { title, description = '', tags, categoryId = '22', defaultLanguage, defaultAudioLanguage } = video.metadata.snippet ?? {};
	const account = state.accounts().get(video.accountId);
	return {
		publishedAt: new Date(video.uploadedAt).toISOString(),
		channelId: account?.channelId,
		title,
		description,
		thumbnails: thumbnails(state.context.baseUrl('youtube'), video.id),
		channelTitle: account?.channelTitle,
		tags,
		categoryId,
		liveBroadcastContent: 'none',
		defaultLanguage,
		localized: { title, description },
		defaultAudioLanguage,
	};
}

function status(state: YouTubeState, video: Video) {
	const given = video.metadata.status ?? {};
	const now = state.context.clock.now();
	const privacyStatus = privacyOf(video, now);
	const isDone = !isProcessing(state, video);
	const uploadStatus = !isDone ? 'uploaded' : video.readable ? 'processed' : 'failed';
	const { selfDeclaredMadeForKids, containsSyntheticMedia, license = 'youtube', embeddable = true, publicStatsViewable = true } = given;
	return {
		uploadStatus,
		...(uploadStatus === 'failed' && { failureReason: 'invalidFile' }),
		privacyStatus,
		...(privacyStatus === 'private' && { publishAt: given.publishAt }),
		license,
		embeddable,
		publicStatsViewable,
		madeForKids: selfDeclaredMadeForKids === true,
		selfDeclaredMadeForKids,
		containsSyntheticMedia,
	};
}

function processingDetails(state: YouTubeState, video: Video) {
	const processing = isProcessing(state, video);
	const processingStatus = processing ? 'processing' : video.readable ? 'succeeded' : 'failed';
	return {
		processingStatus,
		...(processing && { processingProgress: { partsTotal: '100', partsProcessed: '50', timeLeftMs: '1000' } }),
		...(processingStatus === 'failed' && { processingFailureReason: 'transcodeFailed' }),
		fileDetailsAvailability: processing ? 'inProgress' : 'available',
		processingIssuesAvailability: 'unavailable',
		tagSuggestionsAvailability: 'unavailable',
		editorSuggestionsAvailability: 'unavailable',
		thumbnailsAvailability: processing ? 'inProgress' : 'available',
	};
}

function contentDetails(state: YouTubeState, video: Video) {
	const facts = isProcessing(state, video) ? undefined : video.facts;
	return {
		duration: isoDuration(facts),
		dimension: '2d',
		definition: facts && Math.min(facts.width, facts.height) >= 720 ? 'hd' : 'sd',
		caption: String([...state.captions.values()].some(({ videoId }) => videoId === video.id)),
		licensedContent: false,
		projection: 'rectangular',
		hasCustomThumbnail: video.thumbnail !== undefined,
	};
}

/** What a part holds; nothing for those that the stand-in doesn't keep. */
function partOf(state: YouTubeState, video: Video, part: string): unknown {
	switch (part) {
		case 'snippet':
			return snippet(state, video);
		case 'status':
			return status(state, video);
		case 'contentDetails':
			return contentDetails(state, video);
		case 'processingDetails':
			return processingDetails(state, video);
		case 'statistics':
			return { viewCount: '0', likeCount: '0', favoriteCount: '0', commentCount: '0' };
		case 'fileDetails':
			return { fileSize: String(video.file.bytes), fileType: video.readable ? 'video' : 'other' };
		case 'player':
			return { embedHtml: `<iframe src="${state.context.baseUrl('youtube')}/watch?v=${video.id}"></iframe>` };
		case 'recordingDetails':
		case 'localizations':
		case 'paidProductPlacementDetails':
			return video.metadata[part];
		default:
			return undefined;
	}
}

/** The resource with the parts that were asked for. */
export function videoResource(state: YouTubeState, video: Video, parts: string[]) {
	const named = Object.fromEntries(
		parts.filter((part) => part !== 'id').map((part) => [part, partOf(state, video, part)]),
	);
	return { kind: 'youtube#video', etag: etag([video.id, named]), id: video.id, ...named };
}
