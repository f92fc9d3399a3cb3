/** Addresses as people write them: separated by commas, semicolons or line breaks. */
import { invalidRequest } from '../errors';
import { z } from '../vendor/zod';

/** SendGrid takes at most 1,000 recipients in a request. */
const MOST = 1000;

const address = z.email().max(254);

/** @throws YtempireError `invalid-request` naming each address that isn't one */
export function parseRecipients(text: string): string[] {
	const given = [...new Set(text.split(/[,;\n]/).map((part) => part.trim()).filter(Boolean))];
	const wrong = given.filter((part) => !address.safeParse(part).success);
	if (given.length === 0 || wrong.length > 0 || given.length > MOST) {
		throw invalidRequest('The mail has no valid list of recipients', {
			cure: 'Fill in To with one or more addresses, separated by commas.',
			reason: 'invalid-recipients',
			issues: wrong.map((part) => ({ field: 'to', reason: `not an e-mail address: ${part.slice(0, 80)}` })),
		});
	}
	return given;
}
