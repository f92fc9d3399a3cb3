/** What was made at Stripe, in the store: held by one at a time, over all workers. */
import { expect, it } from 'vitest';

import { MadeRow } from '../../../core/billing/made';
import { describeStores } from '../../support/stores';

const NAME = { account: 'acct_1 test', operation: 'customer', same: 'abc' };

describeStores('what was made at Stripe', (open) => {
	it('is held by one of two workers at a time, and known to the next', async () => {
		const store = await open();
		const other = await open({ of: store });
		const first = await MadeRow.hold(store, NAME);
		const waiting = MadeRow.hold(other, NAME);
		await first.made('cus_1');
		await first.letGo();
		const second = await waiting;
		expect([second.object, second.after]).toEqual(['cus_1', '']);
		await second.letGo();
	});

	it('is taken over from whoever gave no sign of life, who then decides nothing any more', async () => {
		const store = await open();
		const first = await MadeRow.hold(store, NAME);
		const asked = first.askedAt;
		store.clock.pass(11_000);
		const second = await MadeRow.hold(store, NAME);
		expect(second.askedAt).toBe(asked);
		await expect(first.withNextKey('other')).rejects.toMatchObject({ errorClass: 'rate-limited', reason: 'billing-held' });
		await first.letGo();
		await second.behind('cus_1');
		await second.letGo();
		const third = await MadeRow.hold(store, NAME);
		expect([third.object, third.after, third.askedAt]).toEqual(['', 'cus_1', store.clock.now()]);
		await third.letGo();
	});

	it('ends the wait for another at once when the execution is stopped', async () => {
		const store = await open();
		const first = await MadeRow.hold(store, NAME);
		const stop = new AbortController();
		const waiting = MadeRow.hold(store, NAME, stop.signal);
		stop.abort();
		await expect(waiting).rejects.toMatchObject({ errorClass: 'cancelled' });
		await first.letGo();
	});
});
