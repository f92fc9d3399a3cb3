/** Pexels' stand-in: searches for clips and pictures, and the files themselves, made here. */
import { serveFile } from '../files';
import { escapeHtml, PAGE_HEADERS } from '../html';
import { KEYS } from '../keys';
import { RefusedRequest, type Service } from '../service';
import { dimensions, type Motif } from '../stock/catalogue';
import { creditPage } from '../stock/page';
import { wholeNumber } from '../stock/query';
import { HOUR_MS, rateLimited } from '../stock/rate';
import { Studio } from '../stock/studio';
import { clipLink, photoAnswer, pictureLink, videoAnswer } from './answers';
import { search } from './search';

const CODE_BY_STATUS: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	429: 'Too Many Requests',
};

/** Longer sides in pixels are not drawn. */
const MAX_SIDE = 4096;

function errorBody(status: number, reason?: string, message?: string): unknown {
	const code = CODE_BY_STATUS[status] ?? 'Internal Server Error';
	return { status, code: reason ?? code, ...(message && { message }) };
}

export const pexels: Service = {
	name: 'pexels',
	errorBody,
	authenticate(request) {
		if (request.header('authorization') === KEYS.pexels.apiKey) return undefined;
		return { status: 401, body: errorBody(401) };
	},
	mount(router, context) {
		const studio = new Studio(context.dataDir, context.seed, context.random);
		const base = () => context.baseUrl('pexels');
		const known = (id: string | undefined): Motif => {
			const motif = context.table<Motif>('motifs').get(id ?? '');
			if (!motif) throw new RefusedRequest(404, 'Not Found', 'No search has found this');
			return motif;
		};
		const video = (motif: Motif) => videoAnswer(base(), motif);
		const photo = (motif: Motif) => photoAnswer(base(), motif);
		const limited = rateLimited(context, {
			// Pexels' default for a new key
			requests: 200,
			windowMs: HOUR_MS,
			// without the headers, as Pexels does
			refusal: () => ({ status: 429, body: errorBody(429) }),
			headers: ({ limit, remaining, endsAt }) => ({
				'x-ratelimit-limit': String(limit),
				'x-ratelimit-remaining': String(remaining),
				'x-ratelimit-reset': String(Math.ceil(endsAt / 1000)),
			}),
		});

		// the older addresses without /v1 still work
		for (const prefix of ['', '/v1']) {
			router.on('GET', `${prefix}/videos/search`, limited((request) => search(request, context, 'videos', video)));
			router.on('GET', `${prefix}/videos/videos/:id`, limited(({ params }) => ({ status: 200, body: video(known(params.id)) })));
		}
		router.on('GET', '/v1/search', limited((request) => search(request, context, 'photos', photo)));
		router.on('GET', '/v1/photos/:id', limited(({ params }) => ({ status: 200, body: photo(known(params.id)) })));

		const open = { open: true };
		router.on(['GET', 'HEAD'], '/files/videos/:name', async (request) => {
			const [, id, width, height] = /^(\d+)-[a-z]+_(\d+)_(\d+)_\d+fps\.mp4$/.exec(request.params.name ?? '') ?? [];
			const motif = known(id);
			const size = motif.sizes
				.map((side) => dimensions(motif.orientation, side))
				.find(([w, h]) => w === Number(width) && h === Number(height));
			if (!size) throw new RefusedRequest(404, 'Not Found', 'The clip has no file of this size');
			return serveFile(request, await studio.clip(motif, ...size), 'video/mp4');
		}, open);
		router.on(['GET', 'HEAD'], '/files/photos/:name', async (request) => {
			const [, id] = /^pexels-photo-(\d+)\.jpeg$/.exec(request.params.name ?? '') ?? [];
			const motif = known(id);
			const width = wholeNumber(request.query, 'w', 1920, MAX_SIDE);
			// without a height the picture keeps its shape
			const [shapeWidth, shapeHeight] = dimensions(motif.orientation, 1080);
			const height = wholeNumber(request.query, 'h', Math.max(2, Math.round((width * shapeHeight) / shapeWidth / 2) * 2), MAX_SIDE);
			return serveFile(request, await studio.picture(motif, width, height), 'image/jpeg');
		}, open);
		const page = (title: string, content: string) => ({ status: 200, headers: PAGE_HEADERS, body: creditPage('Pexels', title, content) });
		const shown = (slug: string | undefined) => {
			const motif = known(/-(\d+)$/.exec(slug ?? '')?.[1]);
			const [width, height] = dimensions(motif.orientation, 720);
			const credit = `<p>By ${escapeHtml(motif.author.name)}, drawn by the sandbox.</p>`;
			const picture = escapeHtml(pictureLink(base(), motif, width, height));
			return { motif, credit, picture, clip: escapeHtml(clipLink(base(), motif, width, height)) };
		};
		router.on('GET', '/video/:slug', ({ params }) => {
			const { motif, credit, picture, clip } = shown(params.slug);
			return page(motif.query, `<video controls loop playsinline src="${clip}" poster="${picture}"></video>${credit}`);
		}, open);
		router.on('GET', '/photo/:slug', ({ params }) => {
			const { motif, credit, picture } = shown(params.slug);
			return page(motif.query, `<img src="${picture}" alt="">${credit}`);
		}, open);
		router.on('GET', '/@:author', ({ params }) => {
			const name = (params.author ?? '').replace(/-\d+$/, '').replaceAll('-', ' ');
			return page(name, '<p>An author of the sandbox.</p>');
		}, open);
	},
};
