/** Searching the library, with the checks and the pages of Pexels' API. */
import { RefusedRequest, type Reply, type SandboxRequest, type ServiceContext } from '../service';
import { type Motif, motifs, type Orientation, SIDE_BY_SIZE } from '../stock/catalogue';
import { oneOf, wholeNumber } from '../stock/query';

/** One page of what a search finds, in Pexels' envelope. */
export function search(
	request: SandboxRequest,
	context: ServiceContext,
	name: 'videos' | 'photos',
	shape: (motif: Motif) => unknown,
): Reply {
	const { query, path } = request;
	const words = query.get('query') ?? '';
	if (words.trim() === '') throw new RefusedRequest(400, 'Bad Request', 'query is missing');
	const orientation = oneOf(query, 'orientation', ['landscape', 'portrait', 'square'] satisfies Orientation[]);
	const side = SIDE_BY_SIZE[oneOf(query, 'size', Object.keys(SIDE_BY_SIZE)) ?? 'small'] ?? 0;
	const page = wholeNumber(query, 'page', 1, 1000);
	const perPage = wholeNumber(query, 'per_page', 15, 80);

	const found = motifs(words, context.random).filter(
		(motif) =>
			(orientation === undefined || motif.orientation === orientation) &&
			Math.max(...motif.sizes) >= side,
	);
	const shown = found.slice((page - 1) * perPage, page * perPage);
	const known = context.table<Motif>('motifs');
	for (const motif of shown) known.set(String(motif.id), motif);

	const pageAt = (number: number): string => {
		const params = new URLSearchParams(query);
		params.set('page', String(number));
		params.set('per_page', String(perPage));
		return `${context.baseUrl('pexels')}${path}?${params}`;
	};
	return {
		status: 200,
		body: {
			page,
			per_page: perPage,
			[name]: shown.map(shape),
			total_results: found.length,
			...(page * perPage < found.length && { next_page: pageAt(page + 1) }),
			...(page > 1 && { prev_page: pageAt(page - 1) }),
		},
	};
}
