/** What every library of footage offers: search, and bringing a chosen file to this machine. */
import type { MediaFile } from '../../documents';

export type Orientation = 'landscape' | 'portrait' | 'square';

export interface FootageSearch {
	orientation: Orientation;
	/** Pixels of the output; a library may use it to leave out what is smaller. */
	minWidth: number;
	/** Results wanted; 15 when left out. */
	perPage?: number;
	signal?: AbortSignal;
}

/** One file of a clip, in one size. */
export interface FootageRendition {
	url: string;
	width: number;
	height: number;
	/** Frames a second; 0 when the library does not tell. */
	fps: number;
}

/** A clip that a search found. */
export interface FootageCandidate {
	provider: string;
	/** Unique within its provider. */
	id: string;
	durationS: number;
	width: number;
	height: number;
	/** Words of its title, tags or address, in lower case. */
	words: string[];
	/** Place in the provider's own order, from 0. */
	rank: number;
	renditions: FootageRendition[];
	pageUrl: string;
	author: string;
	authorUrl: string;
	license: string;
}

export interface FootageProvider {
	/** e.g. `pexels` */
	readonly name: string;
	/** Best first. An empty list when nothing fits; errors by class as of any service. */
	searchVideos(query: string, search: FootageSearch): Promise<FootageCandidate[]>;
	/**
	 * Brings a rendition to this machine; asked again, it gives the file it kept.
	 * @throws YtempireError `invalid-request` when the file is refused, so that the next candidate can be taken
	 */
	obtain(
		candidate: FootageCandidate,
		rendition: FootageRendition,
		options: { signal?: AbortSignal },
	): Promise<MediaFile>;
}

export function orientationOf(width: number, height: number): Orientation {
	if (width === height) return 'square';
	return width > height ? 'landscape' : 'portrait';
}
