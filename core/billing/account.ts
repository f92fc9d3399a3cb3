/** Whose Stripe it is: an account has many keys, and what was made belongs to the account and its mode. */
import { raceAbort } from '../abort';
import { isYtempireError } from '../errors';
import { contentHash } from '../hash';

import { askStripe, type StripeCall } from './client';
import { keyMode } from './mode';

/** An account's ID never changes: asked for once in a process. */
const accounts = new Map<string, Promise<string>>();

/**
 * e.g. `acct_1Pgc6rB7WZ01zgkW test`. A restricted key that may not read its account stands for itself: what was made
 * with another key is then not known.
 * @throws YtempireError of every class, as {@link askStripe}
 */
export async function accountOf(call: StripeCall): Promise<string> {
	const { secretKey, baseUrl = '' } = call.connection;
	const place = contentHash([secretKey.trim(), baseUrl.trim()]);
	const asking = accounts.get(place) ?? ask(call);
	accounts.set(place, asking);
	// a line that is down is no answer
	asking.catch(() => accounts.delete(place));
	return await raceAbort(asking, call.signal);
}

async function ask(call: StripeCall): Promise<string> {
	const { secretKey } = call.connection;
	const mode = keyMode(secretKey);
	// many executions wait for this answer: none of them ends it for the others
	const { id } = await askStripe({ ...call, signal: undefined }, async (stripe) => await stripe.accounts.retrieveCurrent()).catch(
		(error: unknown) => {
			if (!isYtempireError(error) || error.httpStatus !== FORBIDDEN) throw error;
			return { id: `key ${contentHash(secretKey.trim()).slice(0, 40)}` };
		},
	);
	return `${id} ${mode}`;
}

const FORBIDDEN = 403;
