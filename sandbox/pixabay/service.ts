/** Pixabay's stand-in: searches with the key in the query, errors as plain text, and the files themselves, made here. */
import { serveFile } from '../files';
import { PAGE_HEADERS } from '../html';
import { KEYS } from '../keys';
import { RefusedRequest, type Handler, type Reply, type Service } from '../service';
import { dimensions, type Motif, motifs, type Orientation } from '../stock/catalogue';
import { creditPage } from '../stock/page';
import { oneOf, wholeNumber } from '../stock/query';
import { rateLimited } from '../stock/rate';
import { Studio } from '../stock/studio';
import { imageAnswer, imageDimensions, IMAGE_SIZES, videoAnswer, VIDEO_SIZES, type ImageSize, type VideoSize } from './answers';

/** Results that can be seen of a search, at most. */
const MOST_HITS = 500;

const LONGEST_QUERY = 100;

/** Its parameters, of images and videos alike. */
const KNOWN = new Set([
	...['key', 'q', 'lang', 'id', 'image_type', 'video_type', 'orientation', 'category', 'min_width', 'min_height', 'colors'],
	...['editors_choice', 'safesearch', 'order', 'page', 'per_page', 'callback', 'pretty'],
]);

const ORIENTATIONS: Record<string, readonly Orientation[]> = {
	all: ['landscape', 'portrait', 'square'],
	horizontal: ['landscape'],
	vertical: ['portrait'],
};

function errorBody(status: number, _reason?: string, message = 'The request could not be served'): Buffer {
	return Buffer.from(status === 429 ? 'API rate limit exceeded' : `[ERROR ${status}] ${message}`);
}

export const pixabay: Service = {
	name: 'pixabay',
	errorBody,
	authenticate({ query }) {
		if (query.get('key') === KEYS.pixabay.apiKey) return undefined;
		return { status: 400, body: errorBody(400, '', 'Invalid or missing API key (https://pixabay.com/api/docs/#api_rate_limit).') };
	},
	mount(router, context) {
		const studio = new Studio(context.dataDir, context.seed, context.random);
		const known = context.table<Motif>('motifs');
		const motifOf = (id: string | undefined): Motif => {
			const motif = known.get(id ?? '');
			if (!motif) throw new RefusedRequest(404, 'not_found', 'No search has found this');
			return motif;
		};
		const limited = rateLimited(context, {
			requests: 100,
			windowMs: 60_000,
			refusal: ({ limit, endsInMs }) => ({
				status: 429,
				headers: limits(limit, 0, endsInMs),
				body: errorBody(429),
			}),
			headers: ({ limit, remaining, endsInMs }) => limits(limit, remaining, endsInMs),
		});
		const search =
			(shape: (baseUrl: string, motif: Motif) => unknown): Handler =>
			({ query }): Reply => {
				for (const name of query.keys()) {
					if (!KNOWN.has(name)) throw new RefusedRequest(400, 'unknown', `"${name}" is not a valid parameter.`);
				}
				const words = query.get('q') ?? '';
				if ([...words].length > LONGEST_QUERY) throw new RefusedRequest(400, 'q', '"q" is out of valid range.');
				const orientation = oneOf(query, 'orientation', Object.keys(ORIENTATIONS)) ?? 'all';
				const page = wholeNumber(query, 'page', 1, 1000);
				const perPage = wholeNumber(query, 'per_page', 20, 200, 3);
				const id = query.get('id');
				const byId = id === null ? undefined : known.get(id);
				const all = id === null ? motifs(words, context.random) : byId ? [byId] : [];
				const least = wholeNumber(query, 'min_width', 0, 20_000, 0);
				const lowest = wholeNumber(query, 'min_height', 0, 20_000, 0);
				const found = all.filter(
					({ orientation: own, sizes }) => {
						const [width, height] = dimensions(own, Math.max(...sizes));
						return ORIENTATIONS[orientation]?.includes(own) && width >= least && height >= lowest;
					},
				);
				if (page > 1 && (page - 1) * perPage >= found.length) {
					throw new RefusedRequest(400, 'page', '"page" is out of valid range.');
				}
				const shown = found.slice((page - 1) * perPage, page * perPage);
				for (const motif of shown) known.set(String(motif.id), motif);
				const hits = shown.map((motif) => shape(context.baseUrl('pixabay'), motif));
				return { status: 200, body: { total: found.length, totalHits: Math.min(found.length, MOST_HITS), hits } };
			};
		router.on('GET', '/api/', limited(search(imageAnswer)));
		router.on('GET', '/api/videos/', limited(search(videoAnswer)));

		const open = { open: true };
		router.on(['GET', 'HEAD'], '/video/:name', async (request) => {
			const [, id, size, kind] = /^(\d+)_([a-z]+)\.(mp4|jpg)$/.exec(request.params.name ?? '') ?? [];
			const motif = motifOf(id);
			const side = VIDEO_SIZES[size as VideoSize];
			if (!side || !motif.sizes.includes(side)) throw new RefusedRequest(404, 'not_found', 'There is no file of this size');
			if (kind === 'jpg') {
				return serveFile(request, await studio.picture(motif, ...dimensions(motif.orientation, VIDEO_SIZES.tiny)), 'image/jpeg');
			}
			return serveFile(request, await studio.clip(motif, ...dimensions(motif.orientation, side)), 'video/mp4');
		}, open);
		router.on(['GET', 'HEAD'], '/get/:name', async (request) => {
			const [, id, size = ''] = /^(\d+)_([a-z]+)\.jpg$/.exec(request.params.name ?? '') ?? [];
			if (!(size in IMAGE_SIZES)) throw new RefusedRequest(404, 'not_found', 'There is no picture of this size');
			const motif = motifOf(id);
			return serveFile(request, await studio.picture(motif, ...imageDimensions(motif, size as ImageSize)), 'image/jpeg');
		}, open);
		for (const kind of ['videos', 'photos']) {
			router.on('GET', `/${kind}/:slug`, ({ params }) => {
				const { query } = motifOf(/-(\d+)$/.exec(params.slug ?? '')?.[1]);
				return { status: 200, headers: PAGE_HEADERS, body: creditPage('Pixabay', query, '<p>Drawn by the sandbox.</p>') };
			}, open);
		}
	},
};

function limits(limit: number, remaining: number, endsInMs: number): Record<string, string> {
	return {
		'x-ratelimit-limit': String(limit),
		'x-ratelimit-remaining': String(remaining),
		'x-ratelimit-reset': String(Math.ceil(endsInMs / 1000)),
	};
}
