/** What SendGrid refuses of a mail's options, said before it is asked. */
import { invalidRequest } from '../errors';

/** SendGrid: at most 10 of 255 characters each. */
const MOST_CATEGORIES = 10;
const LONGEST_CATEGORY = 255;

/** @throws YtempireError `invalid-request` */
export function categoriesOf(own: string[], given: string): string[] {
	const categories = [...new Set([...own, ...given.split(/[,;\n]/).map((one) => one.trim()).filter(Boolean)])];
	const long = categories.find((one) => one.length > LONGEST_CATEGORY);
	if (categories.length > MOST_CATEGORIES || long) {
		throw invalidRequest('The mail has too many or too long categories', {
			cure: `Give at most ${MOST_CATEGORIES - own.length} of at most ${LONGEST_CATEGORY} characters; ${own.join(' and ')} are added.`,
			reason: 'invalid-categories',
			issues: [{ field: 'categories', reason: `${categories.length} categories${long ? `, one of ${long.length} characters` : ''}` }],
		});
	}
	return categories;
}

/** @throws YtempireError `invalid-request` for the ID of an old, static template: it can't show what we send */
export function templateIdOf(given: string): string | undefined {
	if (!given) return undefined;
	if (/^d-[\w-]{1,64}$/.test(given)) return given;
	throw invalidRequest('The template ID is not that of a dynamic template', {
		cure: 'Copy the ID in SendGrid under Email API, Dynamic Templates; it begins with "d-".',
		reason: 'invalid-template',
		issues: [{ field: 'templateId', reason: 'does not begin with "d-"' }],
	});
}
