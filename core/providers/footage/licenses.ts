/** The terms under which each library gives its footage, as read on the date beside them. */

export interface FootageLicense {
	/** Stored with every clip that is used. */
	text: string;
	/** What the terms ask of whoever publishes it. */
	asks: string;
	/** ISO date on which the terms were read. */
	readOn: string;
}

export const FOOTAGE_LICENSES = {
	pexels: {
		text: 'Pexels License (https://www.pexels.com/license/)',
		asks: 'A link to Pexels and, where possible, credit to the photographer',
		readOn: '2026-11-22',
	},
} as const satisfies Record<string, FootageLicense>;
