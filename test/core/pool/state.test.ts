/** What the operator sees of the pool, on a real store. */
import { describe, expect, it } from 'vitest';

import { YtempireError } from '../../../core/errors';
import { quarantine, recordFailure } from '../../../core/pool/health';
import { acquire } from '../../../core/pool/lease';
import { addUsed } from '../../../core/pool/ledger';
import { recordRefusal } from '../../../core/pool/outcome';
import { accountStates } from '../../../core/pool/state';
import { testPool, type TestPool } from '../../support/pool';
import { temporaryStore } from '../../support/store';

const youTubeSays = (reason: string) => new YtempireError('unavailable', reason, { provider: 'youtube', reason, httpStatus: 500 });

async function setUp(options: TestPool = {}) {
	const store = await temporaryStore();
	const pool = testPool({ active: 1, reserve: 0, ...options });
	const account = pool.accounts[0]!;
	const only = async () => (await accountStates(store, pool))[0]!;
	const refuse = async (reason: string, method: 'videos.insert' | 'videos.list' = 'videos.insert') => {
		await recordRefusal(store, pool, account, method, youTubeSays(reason));
	};
	const fail = async (times: number) => {
		for (let time = 0; time < times; time++) await recordFailure(store, pool, account, youTubeSays('backendError'));
	};
	return { store, pool, account, only, refuse, fail };
}

describe('the state of an account', () => {
	it('that has done nothing yet is ready with its whole day', async () => {
		const { pool, account, only } = await setUp();
		expect(await only()).toEqual({
			account_id: 'account-01',
			channel_id: account.channelId,
			email: '',
			role: 'active',
			project: pool.accounts[0]!.project,
			state: 'ready',
			why: '',
			back_at: null,
			failures: 0,
			videos: { used: 0, left: 5, limit: 5 },
			videos_left: 5,
			quota: {
				video_uploads: { used: 0, left: 90, limit: 90 },
				search: { used: 0, left: 90, limit: 90 },
				batch_stats: { used: 0, left: 9000, limit: 9000 },
				general: { used: 0, left: 9000, limit: 9000 },
			},
			resets_at: '2026-11-23T08:00:00.000Z',
		});
	});

	it('counts what is set aside as used, and says that it uploads', async () => {
		const { store, pool, only } = await setUp();
		await acquire(store, pool, { holder: 'one', waitMs: 0 });
		expect(await only()).toMatchObject({
			state: 'busy',
			why: 'uploads another video just now',
			videos: { used: 1, left: 4 },
			videos_left: 4,
			quota: { video_uploads: { used: 1, left: 89 } },
		});
	});

	it('is cooling after uploadLimitExceeded, and says until when', async () => {
		const { only, refuse } = await setUp();
		await refuse('uploadLimitExceeded');
		expect(await only()).toMatchObject({ state: 'cooling', back_at: '2026-11-23T12:00:00.000Z', why: expect.stringContaining('uploadLimitExceeded') });
	});

	it('is resting after three failures, then half-open', async () => {
		const { store, only, fail } = await setUp();
		await fail(2);
		expect(await only()).toMatchObject({ state: 'ready', failures: 2 });
		await fail(1);
		expect(await only()).toMatchObject({ state: 'resting', failures: 3, back_at: '2026-11-22T12:15:00.000Z' });
		store.clock.pass(24 * 3_600_000);
		expect(await only()).toMatchObject({ state: 'half-open', back_at: null, why: expect.stringContaining('its next upload decides') });
	});

	it('is resting while its project rests', async () => {
		const { only, refuse } = await setUp();
		await refuse('accessNotConfigured');
		expect(await only()).toMatchObject({ state: 'resting', why: expect.stringMatching(/^project .* rests until .*accessNotConfigured/) });
	});

	it('is quarantined with nobody knowing until when', async () => {
		const { store, account, only } = await setUp();
		await quarantine(store, account, 'copyright strike');
		expect(await only()).toMatchObject({ state: 'quarantined', why: 'in quarantine (copyright strike)', back_at: null });
	});

	it('is exhausted until midnight when YouTube says that the project’s inserts are', async () => {
		const { store, only, refuse } = await setUp();
		await refuse('quotaExceeded');
		expect(await only()).toMatchObject({
			state: 'exhausted', back_at: '2026-11-23T08:00:00.000Z', videos_left: 0, quota: { video_uploads: { used: 0, left: 0 }, general: { left: 9000 } },
		});
		store.clock.ms = Date.parse('2026-11-23T08:00:00Z');
		expect(await only()).toMatchObject({ state: 'ready', videos_left: 5 });
	});

	it('keeps the inserts when another call has used up the general units', async () => {
		const { only, refuse } = await setUp();
		await refuse('quotaExceeded', 'videos.list');
		expect(await only()).toMatchObject({ state: 'ready', videos_left: 5, quota: { general: { left: 0 }, video_uploads: { left: 90 } } });
	});

	it('has no more videos left than its project has inserts, which all its accounts share', async () => {
		const { store, pool, account } = await setUp({ active: 2, rules: { quotaProfile: 'january-2025' } });
		await store.transaction(async (trx) => {
			await addUsed(trx, { scope: `project:${account.project}`, bucket: 'general', day: '2026-11-22' }, 7000);
		});
		const states = await accountStates(store, pool);
		// 2,000 of 9,000 units are left: one insert of 1,600
		expect(states.map(({ videos, videos_left: left, quota }) => [videos.left, left, quota.general?.left])).toEqual([[5, 1, 2000], [5, 1, 2000]]);
	});

	it('is told for more accounts than one query takes, in their order', async () => {
		const { store, pool } = await setUp({ active: 230, reserve: 1 });
		const states = await accountStates(store, pool);
		expect(states.map(({ channel_id: id }) => id)).toEqual(pool.accounts.map(({ channelId }) => channelId));
		expect(states[230]).toMatchObject({ role: 'reserve', state: 'ready' });
	});
});
