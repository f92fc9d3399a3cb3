/** Addresses as people write them: separated by commas, semicolons or line breaks. */
import { invalidRequest, type FieldIssue } from '../errors';
import { z } from '../vendor/zod';

/** SendGrid takes at most 1,000 recipients in a request, To, Cc and Bcc together. */
const MOST = 1000;

const address = z.email().max(254);

export interface Recipients {
	to: string[];
	cc: string[];
	bcc: string[];
}

/**
 * Each address once: who is in To is not in Cc again, as SendGrid refuses that.
 * @throws YtempireError `invalid-request` naming each address that isn't one, by its field
 */
export function parseRecipients(given: { to: string; cc?: string; bcc?: string }): Recipients {
	const seen = new Set<string>();
	const issues: FieldIssue[] = [];
	const addressesOf = (field: keyof Recipients): string[] =>
		(given[field] ?? '')
			.split(/[,;\n]/)
			.map((part) => part.trim())
			.filter((part) => {
				const key = part.toLowerCase();
				if (part === '' || seen.has(key)) return false;
				seen.add(key);
				const valid = address.safeParse(part).success;
				if (!valid) issues.push({ field, reason: `not an e-mail address: ${part.slice(0, 80)}` });
				return valid;
			});
	const recipients = { to: addressesOf('to'), cc: addressesOf('cc'), bcc: addressesOf('bcc') };
	if (seen.size > MOST) issues.push({ field: 'to', reason: `${seen.size} addresses; at most ${MOST} with Cc and Bcc` });
	if (recipients.to.length === 0 || issues.length > 0) {
		throw invalidRequest('The mail has no valid list of recipients', {
			cure: 'Fill in To with one or more addresses, separated by commas.',
			reason: 'invalid-recipients',
			issues,
		});
	}
	return recipients;
}

/**
 * The one address that answers go to.
 * @throws YtempireError `invalid-request`, its field `replyTo`, for what is no address and for several
 */
export function parseReplyTo(given: string): string {
	const one = given.trim();
	if (address.safeParse(one).success) return one;
	throw invalidRequest('Reply To is not an e-mail address', {
		cure: 'Fill in Reply To with one address, or leave it empty.',
		reason: 'invalid-reply-to',
		issues: [{ field: 'replyTo', reason: `not an e-mail address: ${one.slice(0, 80)}` }],
	});
}
