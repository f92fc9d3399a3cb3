/** Pexels: free stock videos and photos. Limits: 200 requests an hour, 20,000 a month. */
import type { HttpFailure, ProviderVerdict } from '../../http-errors';
import { z } from '../../vendor/zod';
import type { FootageCandidate, FootageConnection, FootageProvider, FootageRendition } from './footage';
import { searchWords } from './rank';
import { baseOf, checkedId, getFootage, lastSegment, orUnknown, ownAddresses } from './request';
import { FOOTAGE_TERMS } from './terms';

export const PEXELS_URL = 'https://api.pexels.com';

const ID = 'pexels';

/** Pixels of the smallest in Pexels' size classes, lying: large is 4K, medium Full HD, small HD. */
const SIZE_CLASSES = [
	{ size: 'large', width: 3840, side: 2160 },
	{ size: 'medium', width: 1920, side: 1080 },
	{ size: 'small', width: 1280, side: 720 },
] as const;

/** Widths that its image server is asked for, in pixels. */
const PHOTO_WIDTHS = [1280, 1920, 2560, 3840];

/** Pixels; larger pictures are refused. */
const LARGEST_SIDE = 8192;

const videoSchema = z.object({
	id: z.number().int(),
	width: z.number(),
	height: z.number(),
	duration: z.number(),
	url: z.string(),
	image: z.string().nullish(),
	user: z.object({ name: z.string(), url: z.string() }),
	video_files: z.array(
		z.object({
			file_type: z.string().nullish(),
			width: z.number().nullish(),
			height: z.number().nullish(),
			fps: z.number().nullish(),
			link: z.string(),
		}),
	),
});

const photoSchema = z.object({
	id: z.number().int(),
	width: z.number(),
	height: z.number(),
	url: z.string(),
	alt: z.string().nullish(),
	photographer: z.string(),
	photographer_url: z.string(),
	src: z.object({ original: z.string(), medium: z.string().nullish() }),
});

export function pexels({ apiKey, baseUrl }: FootageConnection): FootageProvider {
	const base = baseOf(baseUrl, PEXELS_URL);
	const common = { provider: ID, headers: { Authorization: apiKey }, readVerdict };
	return {
		id: ID,
		kinds: ['video', 'photo'],
		largestPage: 80,

		async search({ kind, query, orientation, minWidth = 0, minSide = 0, perPage, page, signal }) {
			const asked = {
				...common,
				query: {
					query,
					orientation,
					size: SIZE_CLASSES.find(({ width, side }) => minWidth >= width || minSide >= side)?.size,
					per_page: Math.min(perPage, 80),
					page,
				},
				signal,
			};
			if (kind === 'photo') {
				const schema = z.object({ photos: z.array(photoSchema) });
				return (await getFootage({ ...asked, url: `${base}/v1/search`, schema })).photos.map(photoCandidate);
			}
			const schema = z.object({ videos: z.array(videoSchema) });
			return (await getFootage({ ...asked, url: `${base}/videos/search`, schema })).videos.map(videoCandidate);
		},

		async find(kind, id, signal) {
			const safe = checkedId(ID, id, /^\d{1,15}$/);
			const isPhoto = kind === 'photo';
			const url = isPhoto ? `${base}/v1/photos/${safe}` : `${base}/videos/videos/${safe}`;
			if (isPhoto) {
				return photoCandidate(await getFootage({ ...common, url, schema: photoSchema, signal }).catch(orUnknown(ID, id)), 0);
			}
			return videoCandidate(await getFootage({ ...common, url, schema: videoSchema, signal }).catch(orUnknown(ID, id)), 0);
		},

		isOwn: ownAddresses(base, /^(?:[a-z0-9-]+\.)*pexels\.com$/),
	};
}

/** Which allowance is used up, the hour's or the month's, its answer doesn't say. */
function readVerdict({ status, headers }: HttpFailure): ProviderVerdict {
	if (status !== 429) return {};
	const reset = Number(headers['x-ratelimit-reset']) * 1000;
	const wait = Number.isFinite(reset) && reset > 0 ? Math.max(1000, reset - Date.now()) : 3_600_000;
	return { retryAfterMs: Math.min(wait, 3_600_000) };
}

function videoCandidate(video: z.infer<typeof videoSchema>, rank: number): FootageCandidate {
	// clips have no title; the page's address ends in one: /video/waves-on-a-shore-1234/
	const title = titleOf(video.url, video.id);
	return {
		provider: ID,
		kind: 'video',
		id: String(video.id),
		title,
		durationS: video.duration,
		width: video.width,
		height: video.height,
		words: searchWords(title),
		rank,
		// playlists (hls) have no size and are no file
		renditions: video.video_files.flatMap(({ file_type, width, height, fps, link }) =>
			file_type === 'video/mp4' && width && height ? [{ url: link, width, height, fps: fps ?? 0 }] : [],
		),
		previewUrl: video.image ?? '',
		pageUrl: video.url,
		author: video.user.name,
		authorUrl: video.user.url,
		license: FOOTAGE_TERMS.pexels.license,
	};
}

function photoCandidate(photo: z.infer<typeof photoSchema>, rank: number): FootageCandidate {
	const { id, width, height, src } = photo;
	const title = photo.alt || titleOf(photo.url, id);
	return {
		provider: ID,
		kind: 'photo',
		id: String(id),
		title,
		durationS: 0,
		width,
		height,
		words: searchWords(`${title} ${titleOf(photo.url, id)}`),
		rank,
		renditions: photoRenditions(src.original, width, height),
		previewUrl: src.medium ?? '',
		pageUrl: photo.url,
		author: photo.photographer,
		authorUrl: photo.photographer_url,
		license: FOOTAGE_TERMS.pexels.license,
	};
}

/** What its image server makes of the original, as the addresses in its own answers ask it to; larger is only the original. */
function photoRenditions(original: string, width: number, height: number): FootageRendition[] {
	const whole = { url: original, width, height, fps: 0 };
	if (!URL.canParse(original) || width <= 0 || height <= 0) return [whole];
	const smaller = PHOTO_WIDTHS.filter((wanted) => wanted < width).map((wanted) => {
		const url = new URL(original);
		url.search = new URLSearchParams({ auto: 'compress', cs: 'tinysrgb', w: String(wanted) }).toString();
		return { url: url.href, width: wanted, height: Math.round((height * wanted) / width), fps: 0 };
	});
	// no larger than what may be decoded
	return Math.max(width, height) > LARGEST_SIDE && smaller.length > 0 ? smaller : [...smaller, whole];
}

function titleOf(pageUrl: string, id: number): string {
	const words = lastSegment(pageUrl).replace(new RegExp(`-?${id}$`), '');
	try {
		return decodeURIComponent(words).replaceAll('-', ' ');
	} catch {
		return words.replaceAll('-', ' ');
	}
}
