/** The library's motifs in the shape of Pexels' API. */
import { dimensions, type Motif } from '../stock/catalogue';

const QUALITY_BY_SIDE: Record<number, string> = { 360: 'sd', 720: 'hd', 1080: 'hd', 2160: 'uhd' };

const slug = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');

/** Pictures of a photo by name: size of the box in pixels. */
const PHOTO_SIZES = {
	large2x: [1880, 1300],
	large: [940, 650],
	portrait: [800, 1200],
	landscape: [1200, 628],
	tiny: [280, 200],
} as const;

/** Pictures of a photo by name that keep its shape: height in pixels. */
const PHOTO_HEIGHTS = { medium: 350, small: 130 } as const;

export function pictureLink(baseUrl: string, motif: Motif, width: number, height: number): string {
	return `${baseUrl}/files/photos/pexels-photo-${motif.id}.jpeg?w=${width}&h=${height}`;
}

export function clipLink(baseUrl: string, { id, fps }: Motif, width: number, height: number): string {
	const quality = QUALITY_BY_SIDE[Math.min(width, height)] ?? 'hd';
	return `${baseUrl}/files/videos/${id}-${quality}_${width}_${height}_${fps}fps.mp4`;
}

export function videoAnswer(baseUrl: string, motif: Motif) {
	const { id, author, orientation, fps, duration, sizes, query } = motif;
	const [width, height] = dimensions(orientation, Math.max(...sizes));
	const [previewWidth, previewHeight] = dimensions(orientation, 360);
	const picture = pictureLink(baseUrl, motif, previewWidth, previewHeight);
	return {
		id,
		width,
		height,
		duration,
		url: `${baseUrl}/video/${encodeURIComponent(slug(query))}-${id}/`,
		image: picture,
		user: { id: author.id, name: author.name, url: `${baseUrl}/@${slug(author.name)}-${author.id}` },
		video_files: sizes.map((side, index) => {
			const [fileWidth, fileHeight] = dimensions(orientation, side);
			return {
				id: id * 10 + index,
				quality: QUALITY_BY_SIDE[side],
				file_type: 'video/mp4',
				width: fileWidth,
				height: fileHeight,
				fps,
				link: clipLink(baseUrl, motif, fileWidth, fileHeight),
			};
		}),
		video_pictures: [{ id: id * 10, picture, nr: 0 }],
	};
}

export function photoAnswer(baseUrl: string, motif: Motif) {
	const { id, author, orientation, query } = motif;
	const [width, height] = dimensions(orientation, 1080);
	const boxed = Object.entries(PHOTO_SIZES).map(([name, [w, h]]) => [name, pictureLink(baseUrl, motif, w, h)] as const);
	const shaped = Object.entries(PHOTO_HEIGHTS).map(([name, h]) => {
		const w = Math.round((h * width) / height / 2) * 2;
		return [name, pictureLink(baseUrl, motif, w, h)] as const;
	});
	return {
		id,
		width,
		height,
		url: `${baseUrl}/photo/${encodeURIComponent(slug(query))}-${id}/`,
		photographer: author.name,
		photographer_url: `${baseUrl}/@${slug(author.name)}-${author.id}`,
		photographer_id: author.id,
		avg_color: null,
		src: {
			original: pictureLink(baseUrl, motif, width, height),
			...Object.fromEntries([...boxed, ...shaped]),
		},
		liked: false,
		alt: query,
	};
}
