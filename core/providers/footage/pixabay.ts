/** Pixabay: free stock videos and photos. Limits: 100 requests a minute; searches are kept for 24 hours by its terms. */
import type { HttpFailure, ProviderVerdict } from '../../http-errors';
import { z } from '../../vendor/zod';
import type { FootageCandidate, FootageConnection, FootageKind, FootageProvider, FootageRendition, Orientation } from './footage';
import { searchWords } from './rank';
import { baseOf, checkedId, footageUnknown, getFootage, ownAddresses } from './request';
import { FOOTAGE_TERMS } from './terms';

export const PIXABAY_URL = 'https://pixabay.com';

const ID = 'pixabay';

/** Longer queries are refused. */
const LONGEST_QUERY = 100;

/** Pixels of the long side of `largeImageURL`. */
const LARGE_IMAGE = 1280;

const renditionSchema = z.object({
	url: z.string(),
	width: z.number(),
	height: z.number(),
	thumbnail: z.string().nullish(),
});

const author = { pageURL: z.string(), tags: z.string(), user: z.string(), user_id: z.number().nullish() };

const videoSchema = z.object({
	...author,
	id: z.number().int(),
	duration: z.number(),
	videos: z.record(z.string(), renditionSchema.nullish()),
});

const imageSchema = z.object({
	...author,
	id: z.number().int(),
	previewURL: z.string().nullish(),
	webformatURL: z.string(),
	largeImageURL: z.string(),
	imageWidth: z.number(),
	imageHeight: z.number(),
	/** Only for keys with full access. */
	imageURL: z.string().nullish(),
});

export function pixabay({ apiKey, baseUrl }: FootageConnection): FootageProvider {
	const base = baseOf(baseUrl, PIXABAY_URL);

	async function ask(kind: FootageKind, query: Record<string, number | string | undefined>, signal?: AbortSignal) {
		const common = { provider: ID, readVerdict, query: { key: apiKey, safesearch: 'true', ...query }, signal };
		if (kind === 'photo') {
			const schema = z.object({ hits: z.array(imageSchema) });
			const asked = { ...common, query: { ...common.query, image_type: 'photo' } };
			return (await getFootage({ ...asked, url: `${base}/api/`, schema })).hits.map(photoCandidate);
		}
		const schema = z.object({ hits: z.array(videoSchema) });
		return (await getFootage({ ...common, url: `${base}/api/videos/`, schema })).hits.map(videoCandidate);
	}

	return {
		id: ID,
		kinds: ['video', 'photo'],
		largestPage: 200,

		async search({ kind, query, orientation, minWidth = 0, minSide = 0, perPage, page, signal }) {
			const least = { min_width: Math.max(minWidth, minSide) || undefined, min_height: minSide || undefined };
			const asked = { q: cutQuery(query), ...least, per_page: Math.min(200, Math.max(3, perPage)), page };
			return await ask(
				kind,
				// videos can't be asked for by their orientation
				kind === 'photo' ? { ...asked, orientation: ORIENTATIONS[orientation ?? 'square'] } : asked,
				signal,
			).catch(nothingBehindTheEnd);
		},

		async find(kind, id, signal) {
			const [found] = await ask(kind, { id: checkedId(ID, id, /^\d{1,15}$/) }, signal);
			if (found?.id !== id) throw footageUnknown(ID, id);
			return found;
		},

		isOwn: ownAddresses(base, /^(?:[a-z0-9-]+\.)*pixabay\.com$/),
	};
}

const ORIENTATIONS: Record<Orientation, 'all' | 'horizontal' | 'vertical'> = {
	landscape: 'horizontal',
	portrait: 'vertical',
	square: 'all',
};

/** At most 100 characters, cut between words. */
function cutQuery(query: string): string {
	const characters = [...query];
	if (characters.length <= LONGEST_QUERY) return query;
	const cut = characters.slice(0, LONGEST_QUERY + 1).join('');
	return cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : characters.slice(0, LONGEST_QUERY).join('');
}

/** A page behind the last is an error there. */
function nothingBehindTheEnd(error: unknown): FootageCandidate[] {
	if (error instanceof Error && /"page" is out of valid range/.test(error.message)) return [];
	throw error;
}

/** Errors are plain text: `[ERROR 400] Invalid or missing API key`. */
function readVerdict({ status, headers, body }: HttpFailure): ProviderVerdict {
	const said = typeof body === 'string' ? body : '';
	if (/invalid or missing api key/i.test(said)) return { errorClass: 'auth', reason: 'invalid-key' };
	if (status !== 429 && !/rate limit exceeded/i.test(said)) return {};
	const seconds = Number(headers['x-ratelimit-reset']);
	return { errorClass: 'rate-limited', ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}) };
}

function videoCandidate(video: z.infer<typeof videoSchema>, rank: number): FootageCandidate {
	// the largest may have an empty address
	const files = Object.values(video.videos).flatMap((file) => (file?.url && file.width > 0 && file.height > 0 ? [file] : []));
	const largest = files.toSorted((a, b) => b.width - a.width)[0];
	return {
		...commonOf(video),
		kind: 'video',
		durationS: video.duration,
		width: largest?.width ?? 0,
		height: largest?.height ?? 0,
		rank,
		renditions: files.map(({ url, width, height }) => ({ url, width, height, fps: 0 })),
		previewUrl: files.find(({ thumbnail }) => thumbnail)?.thumbnail ?? '',
	};
}

function photoCandidate(image: z.infer<typeof imageSchema>, rank: number): FootageCandidate {
	const { imageWidth: width, imageHeight: height, imageURL } = image;
	const scale = Math.min(1, LARGE_IMAGE / Math.max(width, height, 1));
	const large: FootageRendition = {
		url: image.largeImageURL,
		width: Math.round(width * scale),
		height: Math.round(height * scale),
		fps: 0,
	};
	return {
		...commonOf(image),
		kind: 'photo',
		durationS: 0,
		width,
		height,
		rank,
		renditions: imageURL ? [large, { url: imageURL, width, height, fps: 0 }] : [large],
		previewUrl: image.webformatURL,
	};
}

function commonOf({ id, pageURL, tags, user, user_id: userId }: z.infer<typeof imageSchema> | z.infer<typeof videoSchema>) {
	return {
		provider: ID,
		id: String(id),
		title: tags,
		words: searchWords(tags),
		pageUrl: pageURL,
		author: user,
		authorUrl: userId ? `${PIXABAY_URL}/users/${encodeURIComponent(user)}-${userId}/` : PIXABAY_URL,
		license: FOOTAGE_TERMS.pixabay.license,
	};
}
