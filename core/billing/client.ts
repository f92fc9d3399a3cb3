/** Stripe's SDK for one account: asked with patience, cancelled at once, and its failures in our own words. */
import { globalAgent as httpAgent } from 'node:http';
import { globalAgent as httpsAgent } from 'node:https';

import { raceAbort } from '../abort';
import { invalidRequest, type YtempireError } from '../errors';
import { retry, type RetryOptions } from '../retry';
import { accountName } from '../routing/candidate';
import { waitForTurn } from '../routing/rate-limit';
import rateLimits from '../routing/rate-limits.json';
import type { Store } from '../store/store';
import type { Stripe } from '../vendor/stripe';

import { stripeError } from './errors';
import { keyMode } from './mode';

export const STRIPE_BASE_URL = 'https://api.stripe.com';

const TIMEOUT_MS = 60_000;

export interface StripeConnection {
	/** Its beginning tells the mode: `sk_test_`, `rk_test_`, `sk_live_`, `rk_live_`. */
	secretKey: string;
	/** Scheme, host and port; the SDK knows no path before its own. */
	baseUrl?: string;
	/** Price IDs or lookup keys by `tier_interval`, e.g. `growth_monthly`; empty ones are found by that very name. */
	prices?: Record<string, string>;
	/** Requests that the account may send in a second; the owner's 100 when left out. */
	perSecond?: number;
}

/** What every operation takes beside its own fields. */
export interface StripeCall {
	connection: StripeConnection;
	/** Where the account's requests are counted, so that more of them than it may send wait for their turn. */
	store?: Store;
	signal?: AbortSignal;
	retry?: Pick<RetryOptions, 'attempts' | 'baseMs' | 'maxMs'>;
}

/**
 * The SDK itself, which tries nothing again: that is for {@link askStripe}.
 * @throws YtempireError `auth` for a key that is none of the server's, `invalid-request` for an address that is none
 */
export async function connectStripe({ secretKey, baseUrl }: StripeConnection): Promise<Stripe> {
	keyMode(secretKey);
	const address = baseUrl?.trim() || STRIPE_BASE_URL;
	const url = URL.canParse(address) ? new URL(address) : undefined;
	const protocol = url?.protocol === 'https:' ? 'https' : url?.protocol === 'http:' ? 'http' : undefined;
	if (!url || !protocol) {
		throw invalidRequest('The address of Stripe is not an http or https URL', {
			provider: 'stripe',
			cure: 'Check the base URL in the Stripe credential.',
		});
	}
	const { Stripe } = await import('../vendor/stripe');
	return new Stripe(secretKey.trim(), {
		protocol,
		host: url.hostname,
		port: url.port || (protocol === 'https' ? 443 : 80),
		timeout: TIMEOUT_MS,
		maxNetworkRetries: 0,
		telemetry: false,
		// the host decides about proxies by its global agents
		httpAgent: protocol === 'https' ? httpsAgent : httpAgent,
	});
}

/**
 * Asks Stripe, again where it may help: `request` must carry the same idempotency key each time.
 * @throws YtempireError of every class; never with a key or a client secret in it
 */
export async function askStripe<T>(call: StripeCall, request: (stripe: Stripe) => Promise<T>): Promise<T> {
	const { connection, signal } = call;
	const stripe = await connectStripe(connection);
	return await retry(
		async () => {
			await turnOf(call);
			try {
				return await raceAbort(request(stripe), signal);
			} catch (error) {
				throw toldBy(call, error);
			}
		},
		{ ...call.retry, signal },
	);
}

async function turnOf({ connection, store, signal }: StripeCall): Promise<void> {
	if (!store) return;
	const { secretKey, baseUrl, perSecond = rateLimits.requests_per_second.stripe } = connection;
	const account = accountName('stripe', { baseUrl, apiKey: secretKey.trim() });
	await waitForTurn(store, account, perSecond, signal, { windowS: 1 });
}

/** What the SDK threw, in our own words. */
export function toldBy({ connection }: StripeCall, error: unknown): YtempireError {
	return stripeError(error, connection.secretKey, TIMEOUT_MS);
}

/** Every object of a list, page by page, up to `limit`. */
export async function listAll<T extends { id: string }>(
	call: StripeCall,
	limit: number | undefined,
	list: (stripe: Stripe, page: { limit: number; starting_after?: string }) => Promise<Stripe.ApiList<T>>,
): Promise<T[]> {
	const found: T[] = [];
	for (;;) {
		const left = limit === undefined ? PAGE : Math.min(PAGE, limit - found.length);
		if (left <= 0) return found;
		const last = found.at(-1)?.id;
		const { data, has_more: more } = await askStripe(
			call,
			async (stripe) => await list(stripe, { limit: left, ...(last === undefined ? {} : { starting_after: last }) }),
		);
		found.push(...data);
		if (!more || data.length === 0) return found;
	}
}

/** Stripe's most in one answer. */
const PAGE = 100;
