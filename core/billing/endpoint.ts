/** The trigger's own endpoint at Stripe: made, kept as it should be, removed; its signing secret is in the store. */
import { randomUUID } from 'node:crypto';

import { isYtempireError } from '../errors';
import { seal, unseal } from '../seal';
import type { Store } from '../store/store';
import type { Stripe } from '../vendor/stripe';

import { askStripe, type StripeCall } from './client';
import type { EventType } from './event-types';

/** The version whose events this package reads: an account's own may be older or newer. */
const API_VERSION: Stripe.WebhookEndpointCreateParams['api_version'] = '2026-10-28.endive';

/** In an endpoint's metadata: it was made by this package. */
const MADE_BY = { made_by: 'n8n-nodes-ytempire' };

export interface WantedEndpoint {
	url: string;
	events: EventType[];
	/** What a person reads in Stripe's dashboard. */
	description: string;
}

/**
 * True when the endpoint is there and its secret known; one that has another address or other events, or that
 * was switched off, is put right.
 */
export async function keepEndpoint(call: StripeCall, store: Store, id: string, wanted: WantedEndpoint): Promise<boolean> {
	if ((await signingSecret(store, id, () => call.connection.secretKey)) === undefined) return false;
	const found = await unlessMissing(async () => await askStripe(call, async (stripe) => await stripe.webhookEndpoints.retrieve(id)));
	if (!found) return false;
	const asWanted =
		found.url === wanted.url &&
		found.status === 'enabled' &&
		[...found.enabled_events].sort().join() === [...wanted.events].sort().join();
	if (!asWanted) {
		const { url, events } = wanted;
		await askStripe(call, async (stripe) => await stripe.webhookEndpoints.update(id, { url, enabled_events: events, disabled: false }));
	}
	return true;
}

/** @returns its ID; the secret, which Stripe tells only now, is kept in the store, sealed by the account's key */
export async function makeEndpoint(call: StripeCall, store: Store, { url, events, description }: WantedEndpoint): Promise<string> {
	// one that was made and never heard of again would deliver everything a second time, signed with a lost secret
	const { data } = await askStripe(call, async (stripe) => await stripe.webhookEndpoints.list({ limit: 100 }));
	for (const left of data.filter((one) => one.url === url && one.metadata.made_by === MADE_BY.made_by)) {
		await removeEndpoint(call, store, left.id);
	}
	const fields = { url, enabled_events: events, description, api_version: API_VERSION, metadata: MADE_BY };
	// the same key when it is asked again: Stripe then tells of the endpoint that it has made
	const idempotencyKey = randomUUID();
	const made = await askStripe(call, async (stripe) => await stripe.webhookEndpoints.create(fields, { idempotencyKey }));
	const secret = await seal(made.secret ?? '', call.connection.secretKey, made.id);
	await store.transaction(async (trx) => {
		await trx.insertInto('billing_endpoints').values({ endpoint: made.id, secret, created_at: store.clock.now() }).execute();
	});
	return made.id;
}

/** One that is gone already is as good as removed. */
export async function removeEndpoint(call: StripeCall, store: Store, id: string): Promise<void> {
	await unlessMissing(async () => await askStripe(call, async (stripe) => await stripe.webhookEndpoints.del(id)));
	await store.transaction(async (trx) => {
		await trx.deleteFrom('billing_endpoints').where('endpoint', '=', id).execute();
	});
	secrets.get(store)?.delete(id);
}

/** An endpoint's secret never changes while it is there. */
const secrets = new WeakMap<Store, Map<string, string>>();

/**
 * What the endpoint's events are signed with; undefined when it isn't ours, or was made with another key of the account.
 * @param secretKey asked for when the secret has to be opened, once in a process
 */
export async function signingSecret(store: Store, id: string, secretKey: () => string | Promise<string>): Promise<string | undefined> {
	const known = secrets.get(store) ?? new Map<string, string>();
	secrets.set(store, known);
	const secret = known.get(id);
	if (secret !== undefined) return secret;
	const row = await store.db.selectFrom('billing_endpoints').select('secret').where('endpoint', '=', id).executeTakeFirst();
	const opened = row && (await unseal(row.secret, await secretKey(), id));
	if (opened !== undefined) known.set(id, opened);
	return opened;
}

async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
	try {
		return await ask();
	} catch (error) {
		if (isYtempireError(error) && error.reason === 'resource_missing') return undefined;
		throw error;
	}
}
