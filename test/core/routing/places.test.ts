/** The places of an account that several workers share. */
import { expect, it } from 'vitest';

import { PLACE_LEASE_MS, placesOf } from '../../../core/routing/places';
import { describePostgres } from '../../support/stores';

describePostgres('the places of an account', (open) => {
	it('that a dead worker held are free when its lease is over, and not before', async () => {
		const store = await open();
		const account = `elevenlabs:${store.place.mediaFolder}`;
		const until = store.clock.now() + PLACE_LEASE_MS;
		const held = ['a', 'b', 'c'].map((id) => ({ id, account, until, most: 0 }));
		await store.db.insertInto('account_places').values(held).execute();
		const places = placesOf(account, 'elevenlabs');
		const speak = async () => await Promise.resolve('spoken');
		await expect(places.pass(store, speak, AbortSignal.timeout(600))).rejects.toMatchObject({ errorClass: 'cancelled' });
		store.clock.pass(PLACE_LEASE_MS);
		expect(await places.pass(store, speak)).toBe('spoken');
		expect(await store.db.selectFrom('account_places').selectAll().execute()).toEqual([]);
	});

	it('are as many as another worker was told, for one that has not asked yet', async () => {
		const store = await open();
		const account = `elevenlabs:${store.place.mediaFolder}`;
		const until = store.clock.now() + PLACE_LEASE_MS;
		const held = ['a', 'b', 'c'].map((id) => ({ id, account, until, most: 5 }));
		await store.db.insertInto('account_places').values(held).execute();
		const places = placesOf(account, 'elevenlabs');
		let inside = 0;
		const ends: Array<() => void> = [];
		const work = async () => {
			inside += 1;
			await new Promise<void>((resolve) => ends.push(resolve));
		};
		const all = [1, 2, 3].map(async () => { await places.pass(store, work); });
		await expect.poll(() => inside).toBe(2);
		await store.db.deleteFrom('account_places').where('id', '=', 'a').execute();
		await expect.poll(() => inside, { timeout: 5_000 }).toBe(3);
		for (const end of ends) end();
		await Promise.all(all);
	});
});
