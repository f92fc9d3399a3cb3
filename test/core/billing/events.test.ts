/** Events of Stripe's: each starts one execution, whoever asks, in whatever order. */
import { expect, it } from 'vitest';

import { CLAIM_MS, claimEvent, eventGivenBack, eventStarted, REMEMBERED_MS } from '../../../core/billing/events';
import type { Store } from '../../../core/store/store';
import { describeStores } from '../../support/stores';

const taken = async (store: Store, event: string, endpoint = 'we_1'): Promise<string> => {
	const arrival = await claimEvent(store, endpoint, event);
	if (arrival.arrival !== 'new') throw new Error(`${event} is ${arrival.arrival}`);
	return arrival.claim;
};

describeStores('events of Stripe', (open) => {
	it('lets an event in once, and knows it again after a month', async () => {
		const store = await open();
		await eventStarted(store, 'we_1', 'evt_1', await taken(store, 'evt_1'));
		store.clock.pass(30 * 24 * 3_600_000);
		expect(await claimEvent(store, 'we_1', 'evt_1')).toEqual({ arrival: 'replay' });
	});

	it('lets one of many deliveries in that come at the same time over two workers', async () => {
		const store = await open();
		const other = await open({ of: store });
		const events = Array.from({ length: 30 }, (_, index) => `evt_${index}`);
		const arrivals = await Promise.all(
			[store, other, store, other].flatMap((worker) => events.map(async (event) => await claimEvent(worker, 'we_1', event))),
		);
		expect(arrivals.filter(({ arrival }) => arrival === 'new')).toHaveLength(events.length);
		expect(arrivals.filter(({ arrival }) => arrival === 'claimed')).toHaveLength(3 * events.length);
	});

	it('lets an event in again when no execution started with it', async () => {
		const store = await open();
		await eventGivenBack(store, 'we_1', 'evt_1', await taken(store, 'evt_1'));
		await taken(store, 'evt_1');
	});

	it('lets an event in again when whoever claimed it gave no sign of life', async () => {
		const store = await open();
		const first = await taken(store, 'evt_1');
		store.clock.pass(CLAIM_MS - 1);
		expect(await claimEvent(store, 'we_1', 'evt_1')).toEqual({ arrival: 'claimed' });
		store.clock.pass(1);
		const second = await taken(store, 'evt_1');
		// the first one lives after all: what is the second's stays the second's
		await eventGivenBack(store, 'we_1', 'evt_1', first);
		expect(await claimEvent(store, 'we_1', 'evt_1')).toEqual({ arrival: 'claimed' });
		await eventStarted(store, 'we_1', 'evt_1', second);
		expect(await claimEvent(store, 'we_1', 'evt_1')).toEqual({ arrival: 'replay' });
	});

	it('gives two triggers the same event, each once', async () => {
		const store = await open();
		await taken(store, 'evt_1', 'we_1');
		await taken(store, 'evt_1', 'we_2');
		expect(await claimEvent(store, 'we_2', 'evt_1')).toEqual({ arrival: 'claimed' });
	});

	it('forgets events that Stripe no longer has', async () => {
		const store = await open();
		await eventStarted(store, 'we_1', 'evt_1', await taken(store, 'evt_1'));
		store.clock.pass(REMEMBERED_MS + 1);
		await taken(store, 'evt_2');
		const rows = await store.db.selectFrom('billing_events').select('event').execute();
		expect(rows).toEqual([{ event: 'evt_2' }]);
	});
});
