/** Changes what YouTube says of a video: reads it, merges the given fields, writes. What isn't given stays. */
import { invalidRequest } from '../errors';
import type { YouTubeVideo } from '../vendor/googleapis';

import { callYouTube, type ApiContext } from './api';
import { videoInsert, type VideoMetadata } from './metadata';
import { momentOf } from './moment';
import { contextFor, ownerOf, videoMissing, type PoolDeps } from './owner';

/** A field that is given and empty is cleared, where YouTube allows it; one that isn't given is left alone. */
export type MetadataChange = Partial<Omit<VideoMetadata, 'notifySubscribers' | 'translations'>>;

export interface UpdateInput {
	youtubeId: string;
	change: MetadataChange;
	/** Account ID or channel ID, for a video that the store doesn't know. */
	asked?: string;
}

/** What passes on in items. */
export interface UpdateResult {
	youtube_id: string;
	account_id: string;
	channel_id: string;
	title: string;
	privacy_status: string;
	/** Fields whose value is another one now, in YouTube's words, e.g. `snippet.title`. */
	changed: string[];
	warnings: string[];
}

type Part = 'snippet' | 'status' | 'recordingDetails' | 'paidProductPlacementDetails';

/** Where each field stands in YouTube's resource. */
const PART_OF = {
	title: 'snippet',
	description: 'snippet',
	tags: 'snippet',
	categoryId: 'snippet',
	defaultLanguage: 'snippet',
	defaultAudioLanguage: 'snippet',
	privacyStatus: 'status',
	publishAt: 'status',
	selfDeclaredMadeForKids: 'status',
	containsSyntheticMedia: 'status',
	embeddable: 'status',
	license: 'status',
	publicStatsViewable: 'status',
	recordingDate: 'recordingDetails',
	hasPaidProductPlacement: 'paidProductPlacementDetails',
} as const satisfies Record<keyof MetadataChange, Part>;

/** Fields of a part that may be written; a part is written whole, so all of them are sent again. */
const WRITABLE: Record<Part, string[]> = {
	snippet: namesIn('snippet'),
	status: namesIn('status'),
	recordingDetails: [...namesIn('recordingDetails'), 'location', 'locationDescription'],
	paidProductPlacementDetails: namesIn('paidProductPlacementDetails'),
};

/** Stands for the title in the check of a change that has none. */
const UNCHANGED = 'Unchanged';

/**
 * @throws YtempireError `invalid-request` with one issue per field, before anything is spent; only a
 * publishing time for a video that isn't private shows after it was read
 */
export async function updateMetadata(input: UpdateInput, deps: PoolDeps): Promise<UpdateResult> {
	const { youtubeId, change } = input;
	const names = Object.keys(PART_OF).filter((name) => change[name as keyof MetadataChange] !== undefined);
	if (names.length === 0) {
		throw invalidRequest('No field to change was given', {
			cure: 'Add at least one field to change.',
			reason: 'nothing-to-change',
		});
	}
	const now = deps.store.clock.now();
	const wanted = wantedParts(change, names, now);
	const account = await ownerOf(deps, youtubeId, input.asked);
	const context = await contextFor(deps, account);
	const parts = Object.keys(wanted) as Part[];
	const video = await readVideo(context, youtubeId, [...new Set<Part>(['snippet', 'status', ...parts])]);
	const { body, changed, warnings } = merged(video, wanted, now);
	const written = changed.length === 0 ? video : await writeVideo(context, youtubeId, body);
	return {
		youtube_id: youtubeId,
		account_id: account.accountId,
		channel_id: account.channelId,
		title: written.snippet?.title ?? video.snippet?.title ?? '',
		privacy_status: written.status?.privacyStatus ?? video.status?.privacyStatus ?? '',
		changed,
		warnings,
	};
}

type Fields = Record<string, unknown>;

type Parts = Partial<Record<Part, Fields>>;

/** The given fields as YouTube takes them, `undefined` for those that are to be cleared. */
function wantedParts(change: MetadataChange, names: string[], now: number): Parts {
	// Whether the video is private shows when it is read
	const privacy = change.privacyStatus ?? (change.publishAt ? 'private' : undefined);
	const { body } = videoInsert({ ...change, privacyStatus: privacy, title: change.title ?? UNCHANGED }, now);
	const wanted: Parts = {};
	for (const name of names) {
		const part = PART_OF[name as keyof MetadataChange];
		wanted[part] = { ...wanted[part], [name]: body[part]?.[name] };
	}
	return wanted;
}

function merged(video: YouTubeVideo, wanted: Parts, now: number): { body: Parts; changed: string[]; warnings: string[] } {
	const body: Parts = {};
	const changed: string[] = [];
	const warnings: string[] = [];
	for (const [part, fields] of Object.entries(wanted) as Array<[Part, Fields]>) {
		const there = (video[part] ?? {}) as Fields;
		const kept = Object.fromEntries(WRITABLE[part].flatMap((name) => (name in there ? [[name, there[name]]] : [])));
		for (const name of Object.keys(fields)) {
			if (!same(kept[name], fields[name])) changed.push(`${part}.${name}`);
		}
		body[part] = { ...kept, ...fields };
	}
	const { status } = body;
	if (status?.publishAt !== undefined) {
		const isGiven = wanted.status?.publishAt !== undefined;
		if (status.privacyStatus !== 'private' && isGiven) throw notPrivate();
		if (status.privacyStatus !== 'private' || (momentOf(textOf(status.publishAt)) ?? 0) <= now) {
			// YouTube takes it with a private video and in the future only
			status.publishAt = undefined;
			warnings.push('The planned publishing time is gone: the video is not private any more, or the time has come');
		}
	}
	return { body, changed, warnings };
}

async function readVideo(context: ApiContext, youtubeId: string, part: Part[]): Promise<YouTubeVideo> {
	const { items } = await callYouTube(
		context,
		'videos.list',
		async (api, options) => await api.videos.list({ part, id: [youtubeId] }, options),
	);
	return items?.[0] ?? videoMissing(youtubeId, context.account);
}

async function writeVideo(context: ApiContext, youtubeId: string, body: Parts): Promise<YouTubeVideo> {
	return await callYouTube(
		context,
		'videos.update',
		async (api, options) =>
			await api.videos.update({ part: Object.keys(body), requestBody: { id: youtubeId, ...body } }, options),
	);
}

/** Times are the same in every way of writing them; an empty text or list is none. */
function same(one: unknown, other: unknown): boolean {
	const plain = (value: unknown) => {
		if (value === '' || value === null || (Array.isArray(value) && value.length === 0)) return undefined;
		const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
		return isTime ? Date.parse(value) : value;
	};
	return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

function namesIn(part: Part): string[] {
	return Object.entries(PART_OF).flatMap(([name, its]) => (its === part ? [name] : []));
}

function notPrivate() {
	return invalidRequest('A publishing time needs a private video, and this one is not private', {
		cure: 'Set the privacy to private together with the publishing time.',
		reason: 'invalid-metadata',
		issues: [{ field: 'publishAt', reason: 'needs the privacy private until then' }],
	});
}
