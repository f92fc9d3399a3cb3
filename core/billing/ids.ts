/** Stripe's IDs as users give them, and as its objects hold them. */
import { invalidRequest } from '../errors';

const KINDS = {
	cus: 'customer',
	sub: 'subscription',
	pi: 'payment intent',
	in: 'invoice',
	price: 'price',
	pm: 'payment method',
} as const;

/**
 * Trimmed.
 * @throws YtempireError `invalid-request` for an empty one, one of another kind, and a client secret in its place
 */
export function checkedId(kind: keyof typeof KINDS, id: string): string {
	const given = id.trim();
	const name = KINDS[kind];
	if (given === '') {
		throw invalidRequest(`No ${name} is named`, { cure: `Give the ID of a ${name}: it begins with ${kind}_.`, reason: 'id-missing' });
	}
	if (!/^[\w-]{1,255}$/.test(given) || !given.startsWith(`${kind}_`) || given.includes('_secret_')) {
		const shown = given.slice(0, 24).replace(/_secret_.*$/, '_secret_…');
		throw invalidRequest(`"${shown}" is not the ID of a ${name}`, {
			cure: `Give the ID of a ${name}: it begins with ${kind}_.`,
			reason: 'id-of-another-kind',
		});
	}
	return given;
}

/** The ID in a field that holds it or the whole object. */
export function idOf(value: string | { id: string } | null | undefined): string | null {
	if (value === null || value === undefined) return null;
	return typeof value === 'string' ? value : value.id;
}
