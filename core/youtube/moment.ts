/** Times as people and n8n write them. */
import { DateTime } from '../vendor/luxon';

/**
 * Milliseconds since 1970 of an ISO 8601 text; undefined when it is none.
 * @param zone whose clock it is when the text has no offset, e.g. `Europe/Berlin`; without it such a text
 * is none, but a date alone is midnight UTC
 */
export function momentOf(text: string, zone?: string): number | undefined {
	const dateAlone = /^\d{4}-\d{2}-\d{2}$/.test(text);
	const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) && !dateAlone;
	if (!hasOffset && !dateAlone && zone === undefined) return undefined;
	const time = DateTime.fromISO(text, { zone: hasOffset ? 'utc' : (zone ?? 'utc') });
	return time.isValid ? time.toMillis() : undefined;
}

/** The same as ISO 8601 in UTC; what can't be read stays as it is, for the check that names the field. */
export function utcText(text: string, zone?: string): string {
	const at = momentOf(text, zone);
	return at === undefined ? text : new Date(at).toISOString();
}
