/**
 * Made once, however often it is asked for.
 *
 * The key of a request that makes something is a hash of what the user asks for, so that it is the same when Stripe's
 * answer got lost, when n8n retries the node and when the whole execution is run again; it holds nothing of the
 * execution, as a retried one has another ID. Each operation says what stands for "the same":
 *
 * | makes        | the same is                                                     | a second one is asked for by |
 * |--------------|-----------------------------------------------------------------|------------------------------|
 * | customer     | user ID; without one all fields                                 | another user ID or own key   |
 * | subscription | customer, price, quantity, trial, while the last one is live    | an own key                   |
 * | payment      | what it is for (a required key, e.g. an order's number)         | another such key             |
 *
 * Stripe keeps keys for 24 hours. The same key with other values is an error there, never a second charge.
 * What changes or ends a thing needs no such key: it is looked at first, and nothing is done twice.
 */
import { contentHash } from '../hash';
import type { Stripe } from '../vendor/stripe';

import { askStripe, type StripeCall } from './client';

/** At most 255 characters, as Stripe wants. */
export function idempotencyKey(operation: string, parts: unknown): string {
	return `ytempire-${operation}-${contentHash(parts).slice(0, 40)}`;
}

export interface Made<T> {
	object: T;
	/** It was there already: made by an earlier run. */
	repeated: boolean;
}

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
}

export async function makeOnce<T extends { id: string }>(call: StripeCall, making: Making<T>): Promise<Made<T>> {
	let after = '';
	for (;;) {
		const key = idempotencyKey(making.operation, { parts: making.parts, after });
		const made = await askStripe(call, async (stripe) => await making.create(stripe, key));
		if (made.lastResponse.headers['idempotent-replayed'] !== 'true') return { object: made, repeated: false };
		const now = await askStripe(call, async (stripe) => await making.get(stripe, made.id));
		if (!making.ended(now)) return { object: now, repeated: true };
		after = made.id;
	}
}
