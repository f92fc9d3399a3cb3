/** Stripe keeps two worlds apart: test mode, where no money moves, and live mode. The key says which one is meant. */
import { YtempireError } from '../errors';

export type StripeMode = 'live' | 'test';

/** @throws YtempireError `auth` for what can't be a server's key */
export function keyMode(secretKey: string): StripeMode {
	const mode = /^(?:sk|rk)_(test|live)_\w/.exec(secretKey.trim())?.[1];
	if (mode === 'test' || mode === 'live') return mode;
	const publishable = secretKey.trim().startsWith('pk_');
	throw new YtempireError(
		'auth',
		publishable ? 'The Stripe credential holds a publishable key' : 'The Stripe credential holds no secret key',
		{
			cure: 'Fill in a key that begins with sk_test_ or rk_test_ (no money moves), or sk_live_ or rk_live_. Stripe shows them under Developers, API keys.',
			provider: 'stripe',
			reason: 'wrong-kind-of-key',
		},
	);
}
