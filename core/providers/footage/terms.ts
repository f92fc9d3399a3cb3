/** Under which terms each library gives its footage, and how often it may be asked; as read on the date beside them. */

export interface Allowance {
	requests: number;
	windowS: number;
}

export interface FootageTerms {
	/** e.g. `Pexels` */
	title: string;
	/** Stored with every clip or picture that is used. */
	license: string;
	/** What the terms ask of whoever publishes it. */
	asks: string;
	/** Of a key as everybody gets it. */
	allowance: Allowance;
	/** Requests in a month beside it. */
	monthly?: number;
	/** Answers of a search must be kept so long and not be asked for again. */
	keepSearchesMs?: number;
	/** ISO date on which the terms were read. */
	readOn: string;
}

const HOUR_S = 3600;

export const FOOTAGE_TERMS = {
	pexels: {
		title: 'Pexels',
		license: 'Pexels License (https://www.pexels.com/license/)',
		asks: 'A link to Pexels and, where possible, credit to the photographer',
		allowance: { requests: 200, windowS: HOUR_S },
		monthly: 20_000,
		readOn: '2026-11-22',
	},
	pixabay: {
		title: 'Pixabay',
		license: 'Pixabay Content License (https://pixabay.com/service/license-summary/)',
		asks: 'Searches are kept for 24 hours, files are stored and not linked to, and the source is shown',
		allowance: { requests: 100, windowS: 60 },
		keepSearchesMs: 24 * HOUR_S * 1000,
		readOn: '2026-11-22',
	},
	unsplash: {
		title: 'Unsplash',
		license: 'Unsplash License (https://unsplash.com/license)',
		asks: 'Credit to the photographer and Unsplash with links that name the referrer, and a call to the download address for each use',
		allowance: { requests: 50, windowS: HOUR_S },
		readOn: '2026-11-22',
	},
} as const satisfies Record<string, FootageTerms>;

export type FootageProviderId = keyof typeof FOOTAGE_TERMS;

/** The provider's name as it writes it itself; an unknown one as it is. */
export function footageTitle(provider: string): string {
	return (FOOTAGE_TERMS as Record<string, FootageTerms | undefined>)[provider]?.title ?? provider;
}
