/** What is told once: by whoever is first, and what a crash or a lost answer leaves. */
import { expect, it } from 'vitest';

import { claim } from '../../../core/deliveries/claims';
import { deliver, type Delivered } from '../../../core/deliveries/deliver';
import { YtempireError } from '../../../core/errors';
import type { Store } from '../../../core/store/store';
import { describeStores } from '../../support/stores';

const lost = () => new YtempireError('unavailable', 'the line broke', { reason: 'ECONNRESET' });

/** As a caller does it: says that it leaves, does it, says that it is done. */
async function tell(store: Store, key: string, act: () => unknown): Promise<Delivered | undefined> {
	const told = await deliver({ store }, [{ key, memo: { at: store.clock.now() } }], async (held) => {
		await held.leaving([key]);
		await held.done(new Map([[key, await act()]]));
	});
	return told.get(key);
}

describeStores('a delivery', (open) => {
	it('is made once, and later runs get what it gave', async () => {
		const store = await open();
		const said: string[] = [];
		const first = await tell(store, 'a', () => said.push('a'));
		const second = await tell(store, 'a', () => said.push('a again'));
		expect(said).toEqual(['a']);
		expect([first, second]).toMatchObject([{ result: 1, kept: false }, { result: 1, kept: true }]);
	});

	it('is made once by ten that come at the same moment over two connections, and all get what it gave', async () => {
		const store = await open();
		const stores = [store, await open({ of: store })];
		let count = 0;
		const results = await Promise.all(
			Array.from({ length: 10 }, async (_, index) =>
				await tell(stores[index % 2] as Store, 'a', async () => {
					await new Promise((resolve) => setTimeout(resolve, 50));
					return (count += 1);
				}),
			),
		);
		expect(count).toBe(1);
		expect(results.map((one) => one?.result)).toEqual(Array(10).fill(1));
		expect(results.filter((one) => one?.kept === false)).toHaveLength(1);
	});

	it('that failed is free at once, and says whether it may have arrived', async () => {
		const store = await open();
		const unsure: boolean[] = [];
		const failing = async (refused: boolean) =>
			await deliver({ store }, [{ key: 'a' }], async (held) => {
				unsure.push(held.taken.get('a')!.unsure);
				await held.leaving(['a']);
				if (refused) await held.cameBack(['a']);
				throw lost();
			});
		for (const refused of [true, false, true, true]) await expect(failing(refused)).rejects.toThrow('the line broke');
		// a refusal later says nothing of what was lost before
		expect(unsure).toEqual([false, false, true, true]);
	});

	it('of a process that died waits for its lease, and keeps what the first try was to repeat', async () => {
		const store = await open();
		await claim(store, [{ key: 'a', memo: { at: 1 } }], 'dead');
		await expect(deliver({ store, waitMs: 0 }, [{ key: 'a' }], async () => undefined)).rejects.toMatchObject({ reason: 'delivery-held' });
		store.clock.pass(46_000);
		const told = await tell(store, 'a', () => 'here');
		expect(told).toEqual({ result: 'here', memo: { at: 1 }, kept: false });
	});

	it('that another has taken over does not leave', async () => {
		const store = await open();
		const late = deliver({ store }, [{ key: 'a' }], async (held) => {
			store.clock.pass(46_000);
			await tell(store, 'a', () => 'the other');
			await held.leaving(['a']);
		});
		await expect(late).rejects.toMatchObject({ errorClass: 'cancelled', reason: 'delivery-lost' });
	});

	it('of thousands is one of each', async () => {
		const store = await open();
		const keys = Array.from({ length: 1001 }, (_, index) => ({ key: `k${index}` }));
		let taken = 0;
		for (let run = 0; run < 2; run += 1) {
			await deliver({ store }, keys, async (held) => {
				taken += held.taken.size;
				await held.done(new Map([...held.taken.keys()].slice(run === 0 ? 1 : 0).map((key) => [key, {}])));
			});
		}
		expect(taken).toBe(1002);
	});
});
