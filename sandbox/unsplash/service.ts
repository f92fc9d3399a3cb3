/** Unsplash's stand-in: photos searched, told that they are used, and served by an image server that scales them. */
import { serveFile } from '../files';
import { PAGE_HEADERS } from '../html';
import { KEYS } from '../keys';
import { RefusedRequest, type Service } from '../service';
import { type Motif, motifs, type Orientation } from '../stock/catalogue';
import { creditPage } from '../stock/page';
import { oneOf, wholeNumber } from '../stock/query';
import { HOUR_MS, rateLimited } from '../stock/rate';
import { Studio } from '../stock/studio';
import { photoAnswer, photoDimensions, wholeAnswer, type Photo } from './answers';

const ORIENTATIONS: Record<string, Orientation> = { landscape: 'landscape', portrait: 'portrait', squarish: 'square' };

/** Pixels: wider than this is not drawn. */
const MAX_SIDE = 4096;

function errorBody(status: number, _reason?: string, message = 'Something went wrong'): unknown {
	return status === 403 ? Buffer.from('Rate Limit Exceeded') : { errors: [message] };
}

export const unsplash: Service = {
	name: 'unsplash',
	errorBody,
	authenticate(request) {
		if (request.header('authorization') === `Client-ID ${KEYS.unsplash.apiKey}`) return undefined;
		return { status: 401, body: errorBody(401, '', 'OAuth error: The access token is invalid') };
	},
	mount(router, context) {
		const studio = new Studio(context.dataDir, context.seed, context.random);
		const known = context.table<Photo>('photos');
		const downloads = context.table<{ photo: string; times: number }>('downloads');
		const base = () => context.baseUrl('unsplash');
		const photoOf = (id: string | undefined): Photo => {
			const photo = known.get(id ?? '');
			if (!photo) throw new RefusedRequest(404, 'not_found', "Couldn't find Photo");
			return photo;
		};
		const asPhoto = (motif: Motif): Photo => {
			const id = context.random(`id:${motif.id}`).id(11, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_');
			const photo = { id, motif };
			known.set(id, photo);
			return photo;
		};
		const limited = rateLimited(context, {
			// of an application that isn't approved
			requests: 50,
			windowMs: HOUR_MS,
			refusal: ({ limit }) => ({ status: 403, headers: limits(limit, 0), body: errorBody(403) }),
			headers: ({ limit, remaining }) => limits(limit, remaining),
		});

		router.on('GET', '/search/photos', limited(({ query }) => {
			const words = query.get('query') ?? '';
			if (words.trim() === '') throw new RefusedRequest(400, 'query', 'query is missing');
			const wanted = ORIENTATIONS[oneOf(query, 'orientation', Object.keys(ORIENTATIONS)) ?? ''];
			oneOf(query, 'content_filter', ['low', 'high']);
			const page = wholeNumber(query, 'page', 1, 1000);
			// more are not refused there, but not given either
			const perPage = Math.min(30, wholeNumber(query, 'per_page', 10, 1000));
			const found = motifs(words, context.random).filter(({ orientation }) => !wanted || orientation === wanted);
			const shown = found.slice((page - 1) * perPage, page * perPage).map(asPhoto);
			return {
				status: 200,
				body: {
					total: found.length,
					total_pages: Math.ceil(found.length / perPage),
					results: shown.map((photo) => photoAnswer(base(), photo)),
				},
			};
		}));
		router.on('GET', '/photos/:id', limited(({ params }) => ({ status: 200, body: wholeAnswer(base(), photoOf(params.id)) })));
		router.on('GET', '/photos/:id/download', limited(({ params }) => {
			const { id } = photoOf(params.id);
			downloads.set(id, { photo: id, times: (downloads.get(id)?.times ?? 0) + 1 });
			return { status: 200, body: { url: `${base()}/image/photo-${id}` } };
		}));

		const open = { open: true };
		router.on(['GET', 'HEAD'], '/image/:name', async (request) => {
			const { motif } = photoOf(/^photo-([\w-]{11})$/.exec(request.params.name ?? '')?.[1]);
			const [width, height] = photoDimensions(motif);
			// `fit=max`: never enlarged
			const wide = Math.min(width, wholeNumber(request.query, 'w', width, 10_000, 16), MAX_SIDE);
			const even = (side: number) => Math.max(2, Math.round(side / 2) * 2);
			return serveFile(request, await studio.picture(motif, even(wide), even((height * wide) / width)), 'image/jpeg');
		}, open);
		router.on('GET', '/page/:slug', ({ params }) => {
			const { motif } = photoOf((params.slug ?? '').slice(-11));
			return { status: 200, headers: PAGE_HEADERS, body: creditPage('Unsplash', motif.query, '<p>Drawn by the sandbox.</p>') };
		}, open);
	},
};

function limits(limit: number, remaining: number): Record<string, string> {
	return { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining) };
}
