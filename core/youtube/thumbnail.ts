/** The picture shown before a video is played. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

import { invalidRequest } from '../errors';
import { fileHash } from '../hash';

import { callYouTube, type ApiContext } from './api';
import { contextFor, ownerOf, type PoolDeps } from './owner';
import { once } from './steps';

/** thumbnails.set takes up to 50 MB since 2026-09-14. */
export const MOST_THUMBNAIL_BYTES = 52_428_800;

const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface Thumbnail {
	path: string;
	mime: 'image/jpeg' | 'image/png';
	/** Hex. */
	sha256: string;
}

/** A video has one. */
export const THUMBNAIL_STEP = 'thumbnail';

/**
 * Looks at the file's own first bytes, whatever its name says.
 * @throws YtempireError `invalid-request` before anything is spent
 */
export async function readThumbnail(path: string): Promise<Thumbnail> {
	const { size, head } = await peek(path);
	if (size > MOST_THUMBNAIL_BYTES) throw wrong(`has ${size} bytes, at most ${MOST_THUMBNAIL_BYTES} are allowed`);
	const mime = head.subarray(0, JPEG.length).equals(JPEG) ? 'image/jpeg' : head.equals(PNG) ? 'image/png' : undefined;
	if (!mime) throw wrong('is neither JPEG nor PNG');
	return { path, mime, sha256: await fileHash(path) };
}

/** @returns where YouTube shows it; empty when it doesn't say */
export async function setThumbnail(context: ApiContext, youtubeId: string, thumbnail: Thumbnail): Promise<string> {
	const { items } = await callYouTube(context, 'thumbnails.set', async (api, options) => {
		const body = createReadStream(thumbnail.path);
		try {
			return await api.thumbnails.set({ videoId: youtubeId, media: { mimeType: thumbnail.mime, body } }, options);
		} finally {
			body.destroy();
		}
	});
	const sizes = items?.[0];
	return (sizes?.maxres ?? sizes?.high ?? sizes?.default)?.url ?? '';
}

/** What passes on in items. */
export interface ThumbnailResult {
	youtube_id: string;
	account_id: string;
	channel_id: string;
	mime: string;
	/** Where YouTube shows it; empty when it doesn't say. */
	url: string;
}

/** Sets the picture of a video that is there: 50 units, none when it isn't a picture or is set already. */
export async function replaceThumbnail(
	{ youtubeId, path, asked, again }: { youtubeId: string; path: string; asked?: string; again?: boolean },
	deps: PoolDeps,
): Promise<ThumbnailResult> {
	const thumbnail = await readThumbnail(path);
	const account = await ownerOf(deps, youtubeId, asked);
	const context = await contextFor(deps, account);
	const step = { youtubeId, name: THUMBNAIL_STEP, content: thumbnail.sha256, origin: 'call' as const, again };
	const { url } = await once(step, deps, async () => ({ url: await setThumbnail(context, youtubeId, thumbnail) }));
	return {
		youtube_id: youtubeId,
		account_id: account.accountId,
		channel_id: account.channelId,
		mime: thumbnail.mime,
		url,
	};
}

async function peek(path: string): Promise<{ size: number; head: Buffer }> {
	try {
		const file = await open(path);
		try {
			const head = Buffer.alloc(PNG.length);
			await file.read(head, 0, PNG.length, 0);
			return { size: (await file.stat()).size, head };
		} finally {
			await file.close();
		}
	} catch (error) {
		throw wrong("can't be read", error);
	}
}

function wrong(what: string, cause?: unknown) {
	return invalidRequest(`The thumbnail ${what}`, {
		cure: 'Give the path of a JPEG or PNG picture, best 1280x720 and under 2 MB.',
		reason: 'thumbnail',
		issues: [{ field: 'thumbnail', reason: what }],
		cause,
	});
}
