/** The library's motifs in the shape of Pixabay's API. */
import { dimensions, type Motif } from '../stock/catalogue';

/** Short sides in pixels of its named sizes; `large` is often missing. */
export const VIDEO_SIZES = { large: 2160, medium: 1080, small: 720, tiny: 360 } as const;

export type VideoSize = keyof typeof VIDEO_SIZES;

/** Pixels of the long side. */
export const IMAGE_SIZES = { preview: 150, webformat: 640, large: 1280 } as const;

export type ImageSize = keyof typeof IMAGE_SIZES;

/** Even sides, as the studio draws them. */
export function imageDimensions({ orientation }: Motif, size: ImageSize): [number, number] {
	const [width, height] = dimensions(orientation, 1080);
	const scale = IMAGE_SIZES[size] / Math.max(width, height);
	const even = (side: number) => Math.round((side * scale) / 2) * 2;
	return [even(width), even(height)];
}

const slug = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');

function common(baseUrl: string, { id, author, query }: Motif) {
	return {
		id,
		tags: query.split(' ').join(', '),
		views: id % 9000,
		downloads: id % 700,
		likes: id % 90,
		comments: id % 12,
		user_id: author.id,
		user: author.name.split(' ')[0] ?? '',
		userImageURL: `${baseUrl}/user/${author.id}_250x250.jpg`,
	};
}

interface Rendition {
	url: string;
	width: number;
	height: number;
	size: number;
	thumbnail: string;
}

export function videoAnswer(baseUrl: string, motif: Motif) {
	const videos = Object.entries(VIDEO_SIZES).map(([name, side]): [string, Rendition] => {
		if (!motif.sizes.includes(side)) return [name, { url: '', width: 0, height: 0, size: 0, thumbnail: '' }];
		const [width, height] = dimensions(motif.orientation, side);
		const path = `${baseUrl}/video/${motif.id}_${name}`;
		return [name, { url: `${path}.mp4`, width, height, size: width * height, thumbnail: `${path}.jpg` }];
	});
	return {
		...common(baseUrl, motif),
		pageURL: `${baseUrl}/videos/${encodeURIComponent(slug(motif.query))}-${motif.id}/`,
		type: 'film',
		duration: motif.duration,
		videos: Object.fromEntries(videos),
	};
}

export function imageAnswer(baseUrl: string, motif: Motif) {
	const [imageWidth, imageHeight] = dimensions(motif.orientation, 1080);
	const [previewWidth, previewHeight] = imageDimensions(motif, 'preview');
	const [webformatWidth, webformatHeight] = imageDimensions(motif, 'webformat');
	const link = (size: ImageSize) => `${baseUrl}/get/${motif.id}_${size}.jpg`;
	return {
		...common(baseUrl, motif),
		pageURL: `${baseUrl}/photos/${encodeURIComponent(slug(motif.query))}-${motif.id}/`,
		type: 'photo',
		previewURL: link('preview'),
		previewWidth,
		previewHeight,
		webformatURL: link('webformat'),
		webformatWidth,
		webformatHeight,
		largeImageURL: link('large'),
		imageWidth,
		imageHeight,
		imageSize: imageWidth * imageHeight,
		collections: 0,
	};
}
