/** Units set aside, settled, given back and swept, on a real store. */
import { describe, expect, it } from 'vitest';

import { HOLD_MS, hasRoom, markExhausted, markSent, setAside, settle, sweep, usageOf, type Hold, type Spend } from '../../../core/pool/ledger';
import type { Store } from '../../../core/store/store';
import { temporaryStore } from '../../support/store';

const spend = (more: Partial<Spend> = {}): Spend => ({
	scope: 'project:p', bucket: 'general', day: '2026-11-22', cost: 50, limit: 100, ...more,
});

async function ledger(store: Store) {
	const used = async (one = spend()) => (await usageOf(store.db, [one], store.clock.now()))[0]?.used;
	const aside = async (...spends: Spend[]) =>
		await store.transaction(async (trx) => await setAside(trx, spends, store.clock.now()));
	const hold = async (one = spend()): Promise<Hold> => (await aside(one))![0]!;
	const settled = async (one: Hold, cost?: number) => {
		await store.transaction(async (trx) => {
			await settle(trx, one, cost);
		});
	};
	const swept = async () => {
		await store.transaction(async (trx) => {
			await sweep(trx, store.clock.now());
		});
	};
	return { used, aside, hold, settled, swept };
}

describe('units that are set aside', () => {
	it('count at once, up to the limit and not beyond', async () => {
		const { used, aside } = await ledger(await temporaryStore());
		expect(await aside(spend())).toHaveLength(1);
		expect(await aside(spend())).toHaveLength(1);
		expect(await aside(spend({ cost: 1 }))).toBeUndefined();
		expect(await used()).toBe(100);
	});

	it('are all taken or none', async () => {
		const { used, aside } = await ledger(await temporaryStore());
		expect(await aside(spend(), spend({ scope: 'channel:c', limit: 49 }))).toBeUndefined();
		expect(await used()).toBe(0);
	});

	it.each([
		['scope', { scope: 'project:q' }],
		['bucket', { bucket: 'video_uploads' }],
		['day', { day: '2026-11-23' }],
	])('and settled ones are counted apart by %s', async (_what, more) => {
		const store = await temporaryStore();
		const { hold, settled } = await ledger(store);
		await hold();
		await settled(await hold());
		const both = await usageOf(store.db, [spend(more), spend()], store.clock.now());
		expect(both.map(({ used }) => used)).toEqual([0, 100]);
	});
});

describe('settling', () => {
	it('takes the whole cost, what the call took in the end, or nothing', async () => {
		const store = await temporaryStore();
		const { used, hold, settled } = await ledger(store);
		await settled(await hold());
		expect(await used()).toBe(50);
		await settled(await hold(), 1);
		expect(await used()).toBe(51);
		await settled(await hold(spend({ cost: 49 })), 0);
		expect(await used()).toBe(51);
	});

	it('twice is once', async () => {
		const { used, hold, settled } = await ledger(await temporaryStore());
		const one = await hold();
		await settled(one);
		await settled(one);
		expect(await used()).toBe(50);
	});
});

describe('a day that YouTube calls exhausted', () => {
	it.each([0, 50])('has no room after %i units, and keeps what was counted', async (before) => {
		const store = await temporaryStore();
		const { hold, settled, aside } = await ledger(store);
		if (before > 0) await settled(await hold());
		await store.transaction(async (trx) => {
			await markExhausted(trx, spend());
		});
		const [usage] = await usageOf(store.db, [spend()], store.clock.now());
		expect(usage).toEqual({ used: before, exhausted: true });
		expect(hasRoom(spend({ cost: 0 }), usage!)).toBe(false);
		expect(await aside(spend({ cost: 1 }))).toBeUndefined();
		expect(await aside(spend({ day: '2026-11-23' }))).toHaveLength(1);
	});
});

describe('units of a caller that died', () => {
	it('are free again before the call, and count for ever once it may have left', async () => {
		const store = await temporaryStore();
		const { used, hold, swept } = await ledger(store);
		await markSent(store.db, [await hold()]);
		await hold(spend({ cost: 7 }));
		expect(await used()).toBe(57);
		store.clock.pass(HOLD_MS + 1);
		const alive = await hold(spend({ cost: 3 }));
		expect(await used()).toBe(53);
		await swept();
		expect(await used()).toBe(53);
		const left = await store.db.selectFrom('quota_holds').select('id').execute();
		expect(left).toEqual([{ id: alive.id }]);
		expect(await store.db.selectFrom('quota_days').select('used').execute()).toEqual([{ used: 50 }]);
	});
});
