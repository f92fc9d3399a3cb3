/**
 * Made once, however often it is asked for.
 *
 * What was made is kept in the store, by account, mode and what makes it the same; it holds nothing of the
 * execution, as a retried one has another ID. Each operation says what stands for "the same":
 *
 * | makes        | the same is                                                     | a second one is asked for by |
 * |--------------|-----------------------------------------------------------------|------------------------------|
 * | customer     | user ID; without one all fields                                 | another user ID or own key   |
 * | subscription | customer, price, quantity, trial, while the last one is live    | an own key                   |
 * | payment      | what it is for (a required key, e.g. an order's number)         | another such key             |
 *
 * The place in the store is reserved before Stripe is asked, and the ID written down after. Where the answer was
 * lost between, the same idempotency key gives it again for a day; after that the object is looked for at Stripe.
 * Stripe keeps failures under a key, too (a declined card, its own 500): where nothing was made, the next key is asked.
 * What changes or ends a thing needs no such key: it is looked at first, and nothing is done twice.
 */
import { isYtempireError, type YtempireError } from '../errors';
import { contentHash } from '../hash';
import type { Store } from '../store/store';
import type { Stripe } from '../vendor/stripe';

import { accountOf } from './account';
import { askStripe, listAll, type StripeCall, toldBy } from './client';
import { MadeRow } from './made';

/** At most 255 characters, as Stripe wants. */
export function idempotencyKey(operation: string, parts: unknown): string {
	return `ytempire-${operation}-${hashOf(parts)}`;
}

function hashOf(value: unknown): string {
	return contentHash(value).slice(0, 40);
}

/** Milliseconds for which a key surely gives the same answer: Stripe's 24 hours, less one for a request under way. */
const KEY_KEPT_MS = 23 * 3_600_000;

/** Milliseconds by which Stripe's clock may be behind ours. */
const CLOCKS_APART_MS = 3_600_000;

/** Keys that fail anew in one run: then Stripe is down, and the next run goes on. */
const MOST_FAILURES = 2;

/** For what makes something. */
export interface BillingCall extends StripeCall {
	store: Store;
}

export interface Made<T> {
	object: T;
	/** It was there already: made by an earlier run. */
	repeated: boolean;
}

/** Of the objects that Stripe has made since a moment, in seconds since 1970. */
export type MadeSince = { limit: number; starting_after?: string; created: { gte: number } };

export interface Making<T> {
	/** Names the key, e.g. `customer`. */
	operation: string;
	/** What makes it the same. */
	parts: unknown;
	create(stripe: Stripe, key: string): Promise<Stripe.Response<T>>;
	/** As it is now; the answer that Stripe keeps under a key is as it was then. */
	get(stripe: Stripe, id: string): Promise<T>;
	/** It is over, so that a further request is a new one. */
	ended(object: T): boolean;
	list(stripe: Stripe, since: MadeSince): Promise<Stripe.ApiList<T>>;
	/** By its metadata: it is what is asked for here. */
	matches(object: T): boolean;
}

/** @throws YtempireError of every class; `rate-limited`, reason `billing-held`, when another execution is at it for long */
export async function makeOnce<T extends { id: string }>(call: BillingCall, making: Making<T>): Promise<Made<T>> {
	const { operation, parts } = making;
	const name = { account: await accountOf(call), operation, same: hashOf(parts) };
	const row = await MadeRow.hold(call.store, name, call.signal);
	try {
		return await make(call, making, row);
	} finally {
		await row.letGo();
	}
}

async function make<T extends { id: string }>(call: BillingCall, making: Making<T>, row: MadeRow): Promise<Made<T>> {
	let failures = 0;
	for (;;) {
		if (row.object !== '') {
			const now = await asItIs(call, making, row.object);
			if (now && !making.ended(now)) return { object: now, repeated: true };
			await row.behind(row.object);
		} else if (call.store.clock.now() - row.askedAt >= KEY_KEPT_MS) {
			const found = await living(call, making, row.askedAt);
			if (found) {
				await row.made(found.id);
				continue;
			}
			await row.askedAgain();
		}
		const key = idempotencyKey(making.operation, { parts: making.parts, after: row.after });
		const answer = await askUnder(call, async (stripe) => await making.create(stripe, key));
		if ('given' in answer) {
			await row.made(answer.given.id);
			if (!answer.repeated) return { object: answer.given, repeated: false };
			continue;
		}
		const found = await living(call, making, row.askedAt);
		if (found) {
			await row.made(found.id);
			continue;
		}
		if (answer.failedNow && ++failures >= MOST_FAILURES) throw answer.failure;
		await row.withNextKey(keyAfter(row.after));
	}
}

/** Everybody comes to the same one. */
export function keyAfter(failed: string): string {
	return hashOf({ failed });
}

export type UnderKey<T> =
	| { given: T; repeated: boolean }
	/** Under this key Stripe gives nothing any more: it keeps a failure, or what was asked with other values. */
	| {
			failure: YtempireError;
			/** It failed in this very call, not in an earlier run. */
			failedNow: boolean;
	  };

/** @throws YtempireError for failures that aren't kept under the key, or that nobody has met before */
export async function askUnder<T>(
	call: StripeCall,
	request: (stripe: Stripe) => Promise<Stripe.Response<T>>,
): Promise<UnderKey<Stripe.Response<T>>> {
	let tries = 0;
	return await askStripe(call, async (stripe) => {
		tries += 1;
		try {
			const given = await request(stripe);
			return { given, repeated: given.lastResponse.headers['idempotent-replayed'] === 'true' };
		} catch (error) {
			if (!isKept(error)) throw error;
			return { failure: toldBy(call, error), failedNow: tries > 1 };
		}
	});
}

function isKept(error: unknown): boolean {
	const { type, headers } = error as { type?: string; headers?: Record<string, string> };
	return type === 'StripeIdempotencyError' || headers?.['idempotent-replayed'] === 'true';
}

/** Undefined for what isn't there any more, such as test data that was cleared away. */
async function asItIs<T>(call: StripeCall, making: Making<T>, id: string): Promise<T | undefined> {
	try {
		return await askStripe(call, async (stripe) => await making.get(stripe, id));
	} catch (error) {
		if (isYtempireError(error) && error.reason === 'resource_missing') return undefined;
		throw error;
	}
}

/** The first that was made since then and is not over. */
async function living<T extends { id: string }>(call: StripeCall, making: Making<T>, sinceMs: number): Promise<T | undefined> {
	const created = { gte: Math.floor((sinceMs - CLOCKS_APART_MS) / 1000) };
	const found = await listAll(call, undefined, async (stripe, page) => await making.list(stripe, { ...page, created }));
	return found.filter((object) => making.matches(object) && !making.ended(object)).at(-1);
}

/** Metadata takes 500 characters: a longer text stands there by its beginning and its hash. */
export function metadataText(text: string): string {
	return text.length <= MOST_METADATA ? text : `${text.slice(0, MOST_METADATA - 41)} ${hashOf(text)}`;
}

const MOST_METADATA = 500;
