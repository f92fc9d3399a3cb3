/** Caption tracks of a video: SRT or WebVTT, one track for each language and name. */
import { readFile, stat } from 'node:fs/promises';

import { invalidRequest, isYtempireError, type FieldIssue } from '../errors';

import { callYouTube, type ApiContext } from './api';
import { contextFor, ownerOf, type PoolDeps } from './owner';
import { keepingRoomFor } from './room';
import { once } from './steps';

export interface CaptionText {
	/** SRT or WebVTT. */
	text: string;
	/** BCP 47, e.g. `pt-BR`. */
	language: string;
	/** Shown beside the language; tracks of one language differ by it. Default empty. */
	name?: string;
}

export interface CaptionsInput extends CaptionText {
	youtubeId: string;
	/** Account ID or channel ID, for a video that the store doesn't know. */
	asked?: string;
	/** Send it although the same was sent before: somebody else may have changed the track. */
	again?: boolean;
}

/** What passes on in items. */
export interface CaptionsResult {
	youtube_id: string;
	account_id: string;
	channel_id: string;
	caption_id: string;
	language: string;
	name: string;
	format: CaptionFormat;
	/** False when a track of this language and name was there and has the new text now. */
	added: boolean;
	/** YouTube's word: serving, syncing or failed. */
	status: string;
	warnings: string[];
}

export type CaptionFormat = 'srt' | 'vtt';

/** Bytes of a caption file at most. YouTube takes 100 MB; a whole day of speech is under 2. */
export const MOST_CAPTION_BYTES = 5 * 1024 * 1024;

/** Characters (developers.google.com/youtube/v3/docs/captions, snippet.name). */
const MOST_NAME = 150;

const LANGUAGE = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;

const MIME = { srt: 'application/octet-stream', vtt: 'text/vtt' } as const;

/** A track that YouTube will take. */
export interface CaptionTrack {
	language: string;
	name: string;
	format: CaptionFormat;
	text: string;
}

/** What is kept of a track that was sent. */
export type SentTrack = Omit<CaptionsResult, 'account_id' | 'channel_id' | 'youtube_id'>;

/**
 * Adds the track for 400 units, or gives the one that is there the new text for 450, with the look for
 * it 501 when it isn't this store's own. The same text again costs nothing.
 * @throws YtempireError `invalid-request` with one issue per field, before anything is spent
 */
export async function addCaptions(input: CaptionsInput, deps: PoolDeps): Promise<CaptionsResult> {
	const { youtubeId, again } = input;
	const track = captionTrack(input);
	const account = await ownerOf(deps, youtubeId, input.asked);
	const context = await contextFor(deps, account);
	const step = { youtubeId, name: captionStep(track), content: track.text, origin: 'call' as const, again };
	const sent = await once<SentTrack>(step, deps, async ({ result }) => await putCaptions(context, youtubeId, track, result));
	return { youtube_id: youtubeId, account_id: account.accountId, channel_id: account.channelId, ...sent };
}

/** @throws YtempireError `invalid-request` with one issue per field */
export function captionTrack(input: CaptionText): CaptionTrack {
	const { language } = input;
	const name = (input.name ?? '').trim();
	const text = input.text.replace(/^\uFEFF/, '');
	return { language, name, format: check({ text, language, name }), text };
}

/** One track for each language and name: YouTube doesn't tell `en` from `EN`. */
export function captionStep({ language, name }: CaptionTrack): string {
	return ['captions', language.toLowerCase(), name].filter(Boolean).join(' ');
}

/** @param earlier what this store sent of that language and name before */
export async function putCaptions(
	context: ApiContext,
	youtubeId: string,
	{ language, name, format, text }: CaptionTrack,
	earlier: SentTrack | undefined,
): Promise<SentTrack> {
	const track = { youtubeId, language, name, media: { mimeType: MIME[format], body: text } };
	const { id, status, failure, added } = await put(context, track, earlier?.caption_id);
	return {
		caption_id: id,
		language,
		name,
		format,
		added,
		status,
		warnings: failure ? [`YouTube could not use the captions: ${failure}; look at them in YouTube Studio`] : [],
	};
}

/**
 * Reads a caption file.
 * @throws YtempireError `invalid-request` when it can't be read, is too large or no UTF-8
 */
export async function readCaptions(path: string): Promise<string> {
	const wrong = (reason: string, cause?: unknown) =>
		invalidRequest(`The caption file ${reason}`, {
			cure: 'Give an SRT or WebVTT file in UTF-8.',
			reason: 'invalid-captions',
			issues: [{ field: 'captions', reason }],
			cause,
		});
	const { size } = await stat(path).catch((cause: unknown) => {
		throw wrong("can't be read", cause);
	});
	if (size > MOST_CAPTION_BYTES) throw wrong(`has ${size} bytes, at most ${MOST_CAPTION_BYTES} are taken`);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
	} catch (cause) {
		throw wrong('is no text in UTF-8', cause);
	}
}

interface Track {
	youtubeId: string;
	language: string;
	name: string;
	media: { mimeType: string; body: string };
}

interface Put {
	id: string;
	status: string;
	failure: string;
	added: boolean;
}

/** Adds first, as mostly nothing is there: a look would cost 50 units, YouTube's refusal costs one. */
async function put(context: ApiContext, track: Track, knownId: string | undefined): Promise<Put> {
	try {
		return knownId ? await replace(context, knownId, track) : await insert(context, track);
	} catch (error) {
		const reason = isYtempireError(error) ? error.reason : undefined;
		// Somebody has deleted ours
		if (knownId && reason === 'captionNotFound') return await put(context, track, undefined);
		// One that isn't ours is there, or the answer to our own try was lost
		if (knownId || reason !== 'captionExists') throw error;
		const other = await keepingRoomFor(context, 'captions.update', async () => await find(context, track));
		if (!other) throw error;
		return await replace(context, other, track);
	}
}

async function find(context: ApiContext, { youtubeId, language, name }: Track): Promise<string | undefined> {
	const { items } = await callYouTube(
		context,
		'captions.list',
		async (api, options) => await api.captions.list({ part: ['id', 'snippet'], videoId: youtubeId }, options),
	);
	const found = items?.find(
		({ snippet }) =>
			snippet?.language?.toLowerCase() === language.toLowerCase() &&
			(snippet.name ?? '') === name &&
			// What YouTube recognised by itself is not ours to change
			snippet.trackKind?.toLowerCase() !== 'asr',
	);
	return found?.id ?? undefined;
}

async function insert(context: ApiContext, { youtubeId, language, name, media }: Track): Promise<Put> {
	const snippet = { videoId: youtubeId, language, name, isDraft: false };
	const { id, snippet: made } = await callYouTube(
		context,
		'captions.insert',
		async (api, options) => await api.captions.insert({ part: ['snippet'], requestBody: { snippet }, media }, options),
	);
	return { id: id ?? '', status: made?.status ?? '', failure: made?.failureReason ?? '', added: true };
}

async function replace(context: ApiContext, id: string, { media }: Track): Promise<Put> {
	const { snippet } = await callYouTube(
		context,
		'captions.update',
		async (api, options) => await api.captions.update({ part: ['id', 'snippet'], requestBody: { id }, media }, options),
	);
	return { id, status: snippet?.status ?? '', failure: snippet?.failureReason ?? '', added: false };
}

function check({ text, language, name }: { text: string; language: string; name: string }): CaptionFormat {
	const issues: FieldIssue[] = [];
	if (!LANGUAGE.test(language)) issues.push({ field: 'language', reason: 'must be a language tag, e.g. en or pt-BR' });
	if (name.length > MOST_NAME) issues.push({ field: 'name', reason: `${name.length} characters, at most ${MOST_NAME}` });
	const format: CaptionFormat = /^WEBVTT(?:[ \t\r\n]|$)/.test(text) ? 'vtt' : 'srt';
	const wrong = wrongIn(text, format);
	if (wrong) issues.push({ field: 'captions', reason: wrong });
	if (issues.length === 0) return format;
	throw invalidRequest('YouTube would reject the captions', {
		cure: 'Correct the named fields and run it again; no quota has been used.',
		reason: 'invalid-captions',
		issues,
	});
}

/** `00:00:01,500 --> 00:00:03,000`; WebVTT writes a dot and may leave the hours out. */
const TIMES = /^\s*(?:(\d+):)?(\d\d):(\d\d)[.,](\d{3})\s+-->\s+(?:(\d+):)?(\d\d):(\d\d)[.,](\d{3})/;

function wrongIn(text: string, format: CaptionFormat): string | undefined {
	if (Buffer.byteLength(text) > MOST_CAPTION_BYTES) return `more than ${MOST_CAPTION_BYTES} bytes`;
	if (text.includes('\u0000')) return 'is not a text';
	let cues = 0;
	for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
		if (!line.includes('-->')) continue;
		const parts = TIMES.exec(line);
		if (!parts) return `line ${index + 1} is no time of the form ${format === 'srt' ? '00:00:01,500' : '00:00:01.500'} --> …`;
		const [begin, end] = [parts.slice(1, 5), parts.slice(5, 9)].map(millisecondsOf);
		if ((end ?? 0) <= (begin ?? 0)) return `line ${index + 1} ends before it begins`;
		cues += 1;
	}
	return cues === 0 ? 'holds no cue: it must be SRT or WebVTT' : undefined;
}

function millisecondsOf([hours, minutes, seconds, milliseconds]: Array<string | undefined>): number {
	return ((Number(hours ?? 0) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(milliseconds);
}
