/** What every library of footage offers: search, one motif by its id, and which addresses are its own. */

export type FootageKind = 'photo' | 'video';

export type Orientation = 'landscape' | 'portrait' | 'square';

export interface FootageSearch {
	kind: FootageKind;
	query: string;
	/** Any when left out. */
	orientation?: Orientation;
	/** Pixels; a library may leave out what is smaller. */
	minWidth?: number;
	/** Pixels of the shorter side, whatever the orientation; likewise. */
	minSide?: number;
	/** Results wanted; a library may give fewer on a page. */
	perPage: number;
	/** From 1. */
	page: number;
	signal?: AbortSignal;
}

/** One file of a motif, in one size. */
export interface FootageRendition {
	url: string;
	width: number;
	height: number;
	/** Frames a second; 0 for a photo, or when the library does not tell. */
	fps: number;
}

/** A clip or photo that a search found. */
export interface FootageCandidate {
	provider: string;
	kind: FootageKind;
	/** Unique within its provider and kind. */
	id: string;
	/** In the library's own words; empty when it has none. */
	title: string;
	/** Seconds; 0 for a photo. */
	durationS: number;
	width: number;
	height: number;
	/** Words of its title, tags or address, in lower case. */
	words: string[];
	/** Place in the provider's own order, from 0. */
	rank: number;
	renditions: FootageRendition[];
	/** A small picture of it; empty when there is none. */
	previewUrl: string;
	pageUrl: string;
	author: string;
	authorUrl: string;
	license: string;
}

export interface FootageProvider {
	/** e.g. `pexels` */
	readonly id: string;
	readonly kinds: readonly FootageKind[];
	/** Results on one page at most. */
	readonly largestPage: number;
	/**
	 * One request, not repeated. Best first; an empty list when nothing fits or the page is behind the last.
	 * @throws YtempireError of every class
	 */
	search(search: FootageSearch): Promise<FootageCandidate[]>;
	/**
	 * One request, not repeated.
	 * @throws YtempireError `invalid-request`, reason `footage-unknown`, when there is none of that id
	 */
	find(kind: FootageKind, id: string, signal?: AbortSignal): Promise<FootageCandidate>;
	/** Whether files may be fetched from there; asked for every redirect, too. */
	isOwn(url: URL): boolean;
	/** Tells the library that one of its motifs is used, where its terms ask for that; one request. */
	announceUse?(candidate: FootageCandidate, signal?: AbortSignal): Promise<void>;
}

export interface FootageConnection {
	apiKey: string;
	/** The provider's own address when empty. */
	baseUrl?: string;
}

export function orientationOf(width: number, height: number): Orientation {
	if (width === height) return 'square';
	return width > height ? 'landscape' : 'portrait';
}
