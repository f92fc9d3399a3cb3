/** The library's motifs in the shape of Unsplash's API. */
import { dimensions, type Motif } from '../stock/catalogue';

/** A motif under the id that Unsplash gives it. */
export interface Photo {
	id: string;
	motif: Motif;
}

/** Parameters of the image server for the sizes that an answer names. */
const SIZES = { full: { q: 85 }, regular: { w: 1080, q: 80 }, small: { w: 400, q: 80 }, thumb: { w: 200, q: 80 } } as const;

const slug = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');

export function photoDimensions({ orientation, sizes }: Motif): [number, number] {
	return dimensions(orientation, Math.max(1080, ...sizes));
}

export function photoAnswer(baseUrl: string, { id, motif }: Photo) {
	const [width, height] = photoDimensions(motif);
	const { author, query } = motif;
	const username = author.name.toLowerCase().replace(/\W/g, '');
	const ixid = Buffer.from(`sandbox|${id}`).toString('base64url');
	const raw = `${baseUrl}/image/photo-${id}?ixid=${ixid}&ixlib=rb-4.1.0`;
	const url = (size: Record<string, number>) =>
		Object.entries({ ...size, fm: 'jpg', fit: 'max' }).reduce((link, [name, value]) => `${link}&${name}=${value}`, raw);
	const date = '2026-01-01T00:00:00Z';
	return {
		id,
		slug: `${slug(query)}-${id}`,
		created_at: date,
		updated_at: date,
		promoted_at: null,
		width,
		height,
		color: '#26405a',
		blur_hash: null,
		description: null,
		alt_description: query,
		urls: { raw, ...Object.fromEntries(Object.entries(SIZES).map(([name, size]) => [name, url(size)])) },
		links: {
			self: `${baseUrl}/photos/${id}`,
			html: `${baseUrl}/page/${encodeURIComponent(slug(query))}-${id}`,
			download: `${baseUrl}/image/photo-${id}?ixid=${ixid}`,
			download_location: `${baseUrl}/photos/${id}/download?ixid=${ixid}`,
		},
		likes: motif.id % 900,
		liked_by_user: false,
		current_user_collections: [],
		user: {
			id: String(author.id),
			username,
			name: author.name,
			links: { self: `${baseUrl}/users/${username}`, html: `${baseUrl}/@${username}`, photos: `${baseUrl}/users/${username}/photos` },
		},
	};
}

/** With what only the answer about one photo has. */
export function wholeAnswer(baseUrl: string, photo: Photo) {
	return {
		...photoAnswer(baseUrl, photo),
		downloads: photo.motif.id % 5000,
		public_domain: false,
		exif: { name: null, make: null, model: null, exposure_time: null, aperture: null, focal_length: null, iso: null },
		location: { city: null, country: null, name: null, position: { latitude: null, longitude: null } },
		tags: photo.motif.query.split(' ').map((title) => ({ type: 'search', title })),
	};
}
