/** The pool as the store alone knows it. */
import { describe, expect, it } from 'vitest';

import { connectionOf } from '../../../core/pool/accounts';
import { changeAccount } from '../../../core/pool/health';
import { rosterOf, seat } from '../../../core/pool/roster';
import { statesSeen } from '../../../core/pool/seen';
import { accountStates } from '../../../core/pool/state';
import { testPool } from '../../support/pool';
import { temporaryStore } from '../../support/store';
import { describeStores } from '../../support/stores';

describeStores('the pool seen without its credential', (open) => {
	it('has no account before any was used', async () => {
		expect(await statesSeen(await open())).toEqual([]);
	});

	it('stands as the pool itself says, with a quarantine over any connection', async () => {
		const store = await open();
		const pool = testPool();
		await seat(store, rosterOf(pool));
		const lost = pool.accounts[3]!;
		await store.transaction(async (trx) => {
			await changeAccount(trx, lost, { quarantine_reason: 'invalid_grant', quarantine_connection: connectionOf(lost) }, store.clock.now());
		});
		const seen = await statesSeen(store);
		const whole = await accountStates(store, pool);
		const facts = (states: typeof seen) => states.map(({ channel_id: channel, role, project, state, why, videos_left: left }) => ({ channel, role, project, state, why, left }));
		expect(facts(seen)).toEqual(facts(whole));
		expect(seen[3]).toMatchObject({ state: 'quarantined', back_at: null });
		expect(seen.filter(({ role }) => role === 'reserve')).toHaveLength(5);
	});
});

describe('an account without a name yet', () => {
	it('is known by its channel', async () => {
		const store = await temporaryStore();
		await seat(store, rosterOf(testPool({ active: 1, reserve: 0 })));
		expect(await statesSeen(store)).toMatchObject([{ account_id: '', channel_id: expect.stringMatching(/./), state: 'ready' }]);
	});
});
