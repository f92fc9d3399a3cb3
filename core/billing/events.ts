/**
 * Each event of Stripe's starts one execution. It is claimed before, and remembered as started only when n8n
 * has it: an event whose execution never began isn't lost, for Stripe delivers it again.
 */
import { randomUUID } from 'node:crypto';

import { inBatches } from '../concurrency';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Transaction } from '../vendor/kysely';

/** Milliseconds after which a claim whose end nobody heard is void: its process died. */
export const CLAIM_MS = 60_000;

/**
 * Milliseconds that an event is remembered. Stripe delivers one for three days, lets a person send it again for
 * fifteen, and keeps it for thirty (docs.stripe.com/webhooks, 2026-11-22).
 */
export const REMEMBERED_MS = 35 * 24 * 3_600_000;

/** Nobody waits for the word that an execution has started: many share one write. */
const SETTLE_GATHER_MS = 250;

const PRUNE_EVERY_MS = 3_600_000;

export type Arrival =
	/** Start an execution with it, then say `started` or `givenBack` with this claim. */
	| { arrival: 'new'; claim: string }
	/** Another delivery of it is starting an execution just now: let Stripe ask again later. */
	| { arrival: 'claimed' }
	/** An execution has started with it. */
	| { arrival: 'replay' };

interface Delivery {
	endpoint: string;
	event: string;
}

interface Claimed extends Delivery {
	claim: string;
	state: 'started' | 'free' | 'claimed';
}

/** What arrives while the store is being written to shares the next transaction. */
interface Doors {
	claim: (delivery: Delivery) => Promise<Arrival>;
	settle: (claimed: Claimed) => Promise<void>;
}

const doors = new WeakMap<Store, Doors>();

function doorsOf(store: Store): Doors {
	const known = doors.get(store);
	if (known) return known;
	let prunedAt = 0;
	const made: Doors = {
		claim: inBatches(async (deliveries) =>
			await store.transaction(async (trx) => {
				const now = store.clock.now();
				if (now - prunedAt > PRUNE_EVERY_MS) {
					await trx.deleteFrom('billing_events').where('at', '<', now - REMEMBERED_MS).execute();
					prunedAt = now;
				}
				return await claimAll(trx, deliveries, now);
			}),
		),
		settle: inBatches(async (claims) =>
			await store.transaction(async (trx) => {
				await settleAll(trx, claims, store.clock.now());
				return claims.map(() => undefined);
			}),
			SETTLE_GATHER_MS,
		),
	};
	doors.set(store, made);
	return made;
}

/** Over all workers one delivery of an event gets `new`. */
export async function claimEvent(store: Store, endpoint: string, event: string): Promise<Arrival> {
	return await doorsOf(store).claim({ endpoint, event });
}

/** An execution has started: the event is remembered. */
export async function eventStarted(store: Store, endpoint: string, event: string, claim: string): Promise<void> {
	await doorsOf(store).settle({ endpoint, event, claim, state: 'started' });
}

/** No execution has started: the next delivery may. */
export async function eventGivenBack(store: Store, endpoint: string, event: string, claim: string): Promise<void> {
	await doorsOf(store).settle({ endpoint, event, claim, state: 'free' });
}

/** n8n is still at it: the claim counts from now on. */
export async function eventPending(store: Store, endpoint: string, event: string, claim: string): Promise<void> {
	await doorsOf(store).settle({ endpoint, event, claim, state: 'claimed' });
}

async function claimAll(trx: Transaction<Database>, deliveries: Delivery[], now: number): Promise<Arrival[]> {
	const keyOf = ({ endpoint, event }: Delivery) => `${endpoint}\n${event}`;
	const rows = await trx
		.selectFrom('billing_events')
		.select(['endpoint', 'event', 'state', 'at'])
		.where('endpoint', 'in', endpointsOf(deliveries))
		.where('event', 'in', deliveries.map(({ event }) => event))
		.execute();
	const known = new Map(rows.map((row) => [keyOf(row), row]));
	const claims: Array<Delivery & { state: string; claim: string; at: number }> = [];
	const arrivals = deliveries.map(({ endpoint, event }): Arrival => {
		const row = known.get(keyOf({ endpoint, event }));
		if (row?.state === 'started') return { arrival: 'replay' };
		if (row && now - row.at < CLAIM_MS) return { arrival: 'claimed' };
		const mine = { endpoint, event, state: 'claimed', claim: randomUUID(), at: now };
		known.set(keyOf(mine), mine);
		claims.push(mine);
		return { arrival: 'new', claim: mine.claim };
	});
	if (claims.length > 0) {
		await trx
			.insertInto('billing_events')
			.values(claims)
			.onConflict((conflict) =>
				conflict.columns(['endpoint', 'event']).doUpdateSet((eb) => ({ claim: eb.ref('excluded.claim'), at: eb.ref('excluded.at') })),
			)
			.execute();
	}
	return arrivals;
}

async function settleAll(trx: Transaction<Database>, claims: Claimed[], now: number): Promise<void> {
	for (const state of ['started', 'free', 'claimed'] as const) {
		const these = claims.filter((one) => one.state === state);
		if (these.length === 0) continue;
		const endpoints = endpointsOf(these);
		const events = these.map(({ event }) => event);
		const names = these.map(({ claim }) => claim);
		if (state === 'free') {
			await trx
				.deleteFrom('billing_events')
				.where('endpoint', 'in', endpoints)
				.where('event', 'in', events)
				.where('claim', 'in', names)
				.execute();
			continue;
		}
		await trx
			.updateTable('billing_events')
			.set(state === 'started' ? { state } : { at: now })
			.where('endpoint', 'in', endpoints)
			.where('event', 'in', events)
			.where('claim', 'in', names)
			.execute();
	}
}

/** The table's key begins with the endpoint: without it every event that is remembered would be looked at. */
function endpointsOf(deliveries: Delivery[]): string[] {
	return [...new Set(deliveries.map(({ endpoint }) => endpoint))];
}
