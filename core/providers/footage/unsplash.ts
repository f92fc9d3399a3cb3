/** Unsplash: free stock photos, no videos. Limits: 50 requests an hour until it approves the application. */
import type { HttpFailure, ProviderVerdict } from '../../http-errors';
import { z } from '../../vendor/zod';
import type { FootageCandidate, FootageConnection, FootageProvider, FootageRendition } from './footage';
import { searchWords } from './rank';
import { baseOf, checkedId, getFootage, orUnknown, ownAddresses } from './request';
import { FOOTAGE_TERMS } from './terms';

export const UNSPLASH_URL = 'https://api.unsplash.com';

const ID = 'unsplash';

/** Its guidelines want the referrer named in every link of a credit. */
const REFERRER = { utm_source: 'ytempire', utm_medium: 'referral' };

/** Widths that its image server is asked for, in pixels. */
const WIDTHS = [1280, 1920, 2560, 3840];

const photoSchema = z.object({
	id: z.string(),
	width: z.number(),
	height: z.number(),
	description: z.string().nullish(),
	alt_description: z.string().nullish(),
	tags: z.array(z.object({ title: z.string().nullish() })).nullish(),
	urls: z.object({ raw: z.string(), small: z.string().nullish() }),
	links: z.object({ html: z.string() }),
	user: z.object({ name: z.string().nullish(), username: z.string(), links: z.object({ html: z.string() }) }),
});

const ORIENTATIONS = { landscape: 'landscape', portrait: 'portrait', square: 'squarish' } as const;

export function unsplash({ apiKey, baseUrl }: FootageConnection): FootageProvider {
	const base = baseOf(baseUrl, UNSPLASH_URL);
	const common = {
		provider: ID,
		headers: { Authorization: `Client-ID ${apiKey}`, 'Accept-Version': 'v1' },
		readVerdict,
	};
	return {
		id: ID,
		kinds: ['photo'],
		largestPage: 30,

		async search({ query, orientation, perPage, page, signal }) {
			const { results } = await getFootage({
				...common,
				url: `${base}/search/photos`,
				query: {
					query,
					orientation: orientation && ORIENTATIONS[orientation],
					content_filter: 'high',
					per_page: Math.min(30, perPage),
					page,
				},
				schema: z.object({ results: z.array(photoSchema) }),
				signal,
			});
			return results.map(asCandidate);
		},

		async find(_kind, id, signal) {
			const url = `${base}/photos/${checkedId(ID, id, ID_SHAPE)}`;
			return asCandidate(await getFootage({ ...common, url, schema: photoSchema, signal }).catch(orUnknown(ID, id)), 0);
		},

		/** The answer names an address of its own, which isn't needed: the file comes from its image server in the size that is wanted. */
		async announceUse({ id, renditions }, signal) {
			const url = `${base}/photos/${checkedId(ID, id, ID_SHAPE)}/download`;
			const [first] = renditions;
			const ixid = first && URL.canParse(first.url) ? (new URL(first.url).searchParams.get('ixid') ?? undefined) : undefined;
			await getFootage({ ...common, url, query: { ixid }, schema: z.object({ url: z.string() }), signal }).catch(orUnknown(ID, id));
		},

		isOwn: ownAddresses(base, /^(?:images|plus)\.unsplash\.com$/),
	};
}

const ID_SHAPE = /^[A-Za-z0-9_-]{1,64}$/;

/** An empty allowance is told as 403, and so is a key without the right. */
function readVerdict({ status, body }: HttpFailure): ProviderVerdict {
	const said = typeof body === 'string' ? body : JSON.stringify(body ?? '');
	if ((status === 403 || status === 429) && /rate limit exceeded/i.test(said)) {
		return { errorClass: 'rate-limited', reason: 'rate-limit-exceeded', retryAfterMs: 3_600_000 };
	}
	return {};
}

function asCandidate(photo: z.infer<typeof photoSchema>, rank: number): FootageCandidate {
	const { id, width, height, urls, links, user } = photo;
	const title = photo.description || photo.alt_description || '';
	const tags = (photo.tags ?? []).map((tag) => tag.title ?? '').join(' ');
	return {
		provider: ID,
		kind: 'photo',
		id,
		title,
		durationS: 0,
		width,
		height,
		words: searchWords(`${title} ${photo.alt_description ?? ''} ${tags}`),
		rank,
		renditions: renditionsOf(urls.raw, width, height),
		previewUrl: urls.small ?? '',
		pageUrl: referred(links.html),
		author: user.name || user.username,
		authorUrl: referred(user.links.html),
		license: FOOTAGE_TERMS.unsplash.license,
	};
}

/** What its image server makes of the raw file; the parameters that are there stay, as its terms ask. */
function renditionsOf(raw: string, width: number, height: number): FootageRendition[] {
	if (!URL.canParse(raw) || width <= 0 || height <= 0) return [];
	const widths = [...WIDTHS.filter((one) => one < width), Math.min(width, 5120)];
	return widths.map((wanted) => {
		const url = new URL(raw);
		for (const [name, value] of Object.entries({ w: String(wanted), fit: 'max', fm: 'jpg', q: '85' })) {
			url.searchParams.set(name, value);
		}
		return { url: url.href, width: wanted, height: Math.round((height * wanted) / width), fps: 0 };
	});
}

function referred(link: string): string {
	if (!URL.canParse(link)) return link;
	const url = new URL(link);
	for (const [name, value] of Object.entries(REFERRER)) url.searchParams.set(name, value);
	return url.href;
}
