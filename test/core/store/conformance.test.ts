/** What the product needs of its store, the same on every database. */
import { expect, it } from 'vitest';

import type { Cost } from '../../../core/documents';
import { getJob } from '../../../core/jobs/job';
import { LEASE_MS } from '../../../core/jobs/lease';
import { queueJob } from '../../../core/jobs/queue';
import { validateRequest } from '../../../core/jobs/request';
import { resumeInterrupted } from '../../../core/jobs/resume';
import { recordCost } from '../../../core/cost/ledger';
import { runStage } from '../../../core/jobs/stage';
import { updateJob } from '../../../core/jobs/update';
import { acquire, ACCOUNT_LEASE_MS, giveBack, renew, type Lease } from '../../../core/pool/lease';
import { addUsed, HOLD_MS, markExhausted, markSent, setAside, settle, sweep, usageOf, type Spend } from '../../../core/pool/ledger';
import { recordRefusal } from '../../../core/pool/outcome';
import { YtempireError } from '../../../core/errors';
import { withClaim } from '../../../core/youtube/claim';
import { loadUpload, recordConfirmed, recordOpened, recordPublished, recordUploaded } from '../../../core/youtube/records';
import { testPool } from '../../support/pool';
import { describeStores, type PlacedStore } from '../../support/stores';

const request = (videoId = 'v-1') => {
	const validation = validateRequest({ video_id: videoId, topic: 'How volcanoes work' });
	if (!validation.valid) throw new Error('the test request is not valid');
	return validation.request;
};

const spend = (more: Partial<Spend> = {}): Spend => ({
	scope: 'project:p', bucket: 'general', day: '2026-11-22', cost: 1, limit: 30, ...more,
});

const ask = async (store: PlacedStore, holder: string, more = {}, pool = testPool()): Promise<Lease> =>
	await acquire(store, pool, { holder, waitMs: 0, ...more });

const times = async <T>(count: number, work: (index: number) => Promise<T>) =>
	await Promise.all(Array.from({ length: count }, async (_, index) => await work(index)));

describeStores('a store', (open) => {
	it('makes its tables once, however many open it at the same time, and keeps what is in them', async () => {
		const first = await open();
		await queueJob(first, request(), 'n8n:1');
		const others = await times(6, async () => await open({ of: first }));
		for (const store of others) expect((await getJob(store, 'v-1'))?.status).toBe('queued');
	});

	it('gives whole numbers back as numbers, up to the largest that is safe', async () => {
		const store = await open();
		const row = { scope: 's', bucket: 'b', day: 'd', used: Number.MAX_SAFE_INTEGER, exhausted: 1 };
		await store.transaction(async (trx) => await trx.insertInto('quota_days').values(row).execute());
		expect(await store.db.selectFrom('quota_days').selectAll().execute()).toEqual([row]);
		const { total, count } = await store.db
			.selectFrom('quota_days')
			.select((eb) => [eb.fn.sum<number>('used').as('total'), eb.fn.countAll<number>().as('count')])
			.executeTakeFirstOrThrow();
		expect([total, count]).toEqual([Number.MAX_SAFE_INTEGER, 1]);
	});

	it('refuses to give back a number that it could only give wrongly', async () => {
		const store = await open();
		await store.transaction(async (trx) => {
			const used = (2n ** 60n) as unknown as number;
			await trx.insertInto('quota_days').values({ scope: 's', bucket: 'b', day: 'd', used, exhausted: 0 }).execute();
		});
		await expect(store.db.selectFrom('quota_days').selectAll().execute()).rejects.toThrow(RangeError);
		expect(await getJob(store, 'v-1')).toBeUndefined();
	});

	it('takes an empty list for one in which nothing is', async () => {
		const store = await open();
		expect(await store.db.selectFrom('jobs').selectAll().where('video_id', 'in', []).execute()).toEqual([]);
	});

	it('does all of a transaction or nothing', async () => {
		const store = await open();
		await expect(
			store.transaction(async (trx) => {
				await addUsed(trx, spend(), 5);
				throw new Error('stopped half-way');
			}),
		).rejects.toThrow('stopped half-way');
		expect(await usageOf(store.db, [spend()], 0)).toEqual([{ used: 0, exhausted: false }]);
	});

	it('lets one writer at a time read and then write, over several connections', async () => {
		const first = await open();
		const stores = [first, ...(await times(3, async () => await open({ of: first })))];
		const write = async (store: PlacedStore) =>
			await store.transaction(async (trx) => {
				const row = await trx.selectFrom('pool_turns').select('turn').where('pool', '=', 'p').executeTakeFirst();
				const turn = (row?.turn ?? 0) + 1;
				await trx
					.insertInto('pool_turns')
					.values({ pool: 'p', role: 'active', turn })
					.onConflict((conflict) => conflict.columns(['pool', 'role']).doUpdateSet({ turn }))
					.execute();
			});
		await times(80, async (index) => await write(stores[index % stores.length]!));
		expect(await first.db.selectFrom('pool_turns').select('turn').execute()).toEqual([{ turn: 80 }]);
	});

	it('is read while somebody writes, as it was before', async () => {
		const [writer] = [await open()];
		const reader = await open({ of: writer });
		await writer.transaction(async (trx) => {
			await addUsed(trx, spend(), 5);
			expect(await usageOf(reader.db, [spend()], 0)).toEqual([{ used: 0, exhausted: false }]);
		});
		expect(await usageOf(reader.db, [spend()], 0)).toEqual([{ used: 5, exhausted: false }]);
	});
});

describeStores('jobs', (open) => {
	it('belong to one of many that ask at the same time', async () => {
		const first = await open();
		const stores = [first, ...(await times(3, async () => await open({ of: first })))];
		const answers = await times(24, async (index) => await queueJob(stores[index % 4]!, request(), `n8n:${index}`));
		expect(answers.filter(({ disposition }) => disposition === 'created')).toHaveLength(1);
	});

	it('run a stage once for an input, and keep its result, its cost and its time', async () => {
		const store = await open();
		await queueJob(store, request(), 'n8n:1');
		const cost = { provider: 'openai', model: 'm', units: { tokens: 3 }, micro_usd: 1500, basis: 'table' } as unknown as Cost;
		let runs = 0;
		const stage = async (input: string) =>
			await runStage({
				store, videoId: 'v-1', stage: 'script', input, holder: 'n8n:1',
				work: async ({ progress, recordCost: pay }) => {
					runs++;
					progress(0.25, 'half of the half');
					await pay(cost);
					store.clock.pass(2500);
					return { text: 'a\0b — ünïcödé 🎬' };
				},
			});
		expect(await stage('a')).toMatchObject({ kept: false });
		expect(await stage('a')).toEqual({ kept: true, result: { text: 'a\0b — ünïcödé 🎬' } });
		await stage('b');
		expect(runs).toBe(2);
		await recordCost(store, { videoId: '', stage: 'none' }, cost);
		const job = await getJob(store, 'v-1');
		expect(job).toMatchObject({ status: 'running', stage: 'script', cost_usd: 0.003 });
		expect(job?.stages).toMatchObject([{ stage: 'script', status: 'done', progress: 1, seconds: 2.5, providers: ['openai'] }]);
	});

	it('keep what went wrong, and take texts with characters that a database has no room for', async () => {
		const store = await open();
		await queueJob(store, request(), 'n8n:1');
		const failing = runStage({
			store, videoId: 'v-1', stage: 'voice', input: 1, holder: 'n8n:1',
			work: async ({ progress }) => {
				progress(0.5, 'with a \0 in it');
				throw new YtempireError('auth', 'wrong \0 key', { cure: 'set it' });
			},
		});
		await expect(failing).rejects.toThrow('wrong \0 key');
		expect(await getJob(store, 'v-1')).toMatchObject({
			status: 'failed', failure: { stage: 'voice', error_class: 'auth', reason: 'wrong \0 key' },
		});
	});

	it('whose execution died are taken over once, and by nobody while it lives', async () => {
		const first = await open();
		await times(5, async (index) => await queueJob(first, request(`v-${index}`), 'n8n:1'));
		expect(await resumeInterrupted(first, 'n8n:2', 10)).toEqual([]);
		await updateJob(first, 'v-4', { status: 'published' }, 'n8n:1');
		first.clock.pass(LEASE_MS + 1);
		const second = await open({ of: first });
		const taken = await times(6, async (index) => await resumeInterrupted(index % 2 ? first : second, `n8n:${index + 2}`, 2));
		expect(taken.flat().map((job) => job.video_id).sort()).toEqual(['v-0', 'v-1', 'v-2', 'v-3']);
	});

	it('are made by one execution: another is refused until the first stops renewing', async () => {
		const store = await open();
		await queueJob(store, request(), 'n8n:1');
		const stage = async (holder: string) =>
			await runStage({ store, videoId: 'v-1', stage: 'script', input: 1, holder, work: async () => 1 });
		await expect(stage('n8n:2')).rejects.toThrow('another execution');
		store.clock.pass(LEASE_MS + 1);
		expect(await stage('n8n:2')).toEqual({ kept: false, result: 1 });
	});
});

describeStores('the pool', (open) => {
	it('lends every account once, in turn, to workers that ask at the same time', async () => {
		const first = await open();
		const stores = [first, ...(await times(3, async () => await open({ of: first })))];
		const answers = await Promise.allSettled(
			Array.from({ length: 24 }, async (_, index) => await ask(stores[index % 4]!, `n8n:${index}`)),
		);
		const lent = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.account.accountId] : []));
		// ten active ones; the reserve waits for those that are only busy
		expect(new Set(lent).size).toBe(10);
		expect(lent).toHaveLength(10);
	});

	it('never overbooks a day, whoever sets aside at the same time', async () => {
		const first = await open();
		const stores = [first, ...(await times(3, async () => await open({ of: first })))];
		const now = first.clock.now();
		const took = await times(60, async (index) =>
			await stores[index % 4]!.transaction(async (trx) => await setAside(trx, [spend(), spend({ scope: 'channel:c' })], now)));
		expect(took.filter(Boolean)).toHaveLength(30);
		expect(await usageOf(first.db, [spend()], now)).toEqual([{ used: 30, exhausted: false }]);
	});

	it('settles a hold once, gives back what was never sent, and keeps what may have been', async () => {
		const store = await open();
		const { clock } = store;
		const hold = async (cost: number) =>
			(await store.transaction(async (trx) => await setAside(trx, [spend({ cost })], clock.now())))![0]!;
		const settled = await hold(5);
		for (let round = 0; round < 2; round++) await store.transaction(async (trx) => { await settle(trx, settled, 3); });
		const sent = await hold(7);
		await store.transaction(async (trx) => { await markSent(trx, [sent]); });
		await hold(11);
		clock.pass(HOLD_MS + 1);
		await store.transaction(async (trx) => { await sweep(trx, clock.now()); });
		expect(await usageOf(store.db, [spend()], clock.now())).toEqual([{ used: 10, exhausted: false }]);
		expect(await store.db.selectFrom('quota_holds').selectAll().execute()).toEqual([]);
		await store.transaction(async (trx) => { await markExhausted(trx, spend()); });
		expect(await usageOf(store.db, [spend()], clock.now())).toEqual([{ used: 10, exhausted: true }]);
	});

	it('refuses a call whose units were given to others meanwhile', async () => {
		const store = await open();
		const aside = async () => {
			const now = store.clock.now();
			return await store.transaction(async (trx) => {
				await sweep(trx, now);
				return await setAside(trx, [spend({ cost: 20 })], now);
			});
		};
		const late = (await aside())!;
		store.clock.pass(HOLD_MS + 1);
		expect(await aside()).toHaveLength(1);
		await expect(store.transaction(async (trx) => { await markSent(trx, late); })).rejects.toMatchObject({ reason: 'hold-expired' });
		expect((await usageOf(store.db, [spend()], store.clock.now()))[0]?.used).toBe(20);
	});

	it('fences off a holder whose account another has taken over', async () => {
		const store = await open();
		const pool = testPool({ active: 1, reserve: 0 });
		const late = await ask(store, 'n8n:1', {}, pool);
		await expect(ask(store, 'n8n:2', {}, pool)).rejects.toThrow('uploads another video');
		expect(await renew(store, late)).toBe(true);
		store.clock.pass(ACCOUNT_LEASE_MS + 1);
		const next = await ask(store, 'n8n:2', {}, pool);
		expect(next.token).toBe(late.token + 1);
		expect(await renew(store, late)).toBe(false);
		await giveBack(store, late);
		await expect(ask(store, 'n8n:3', {}, pool)).rejects.toThrow('uploads another video');
		await giveBack(store, next);
		expect((await ask(store, 'n8n:3', {}, pool)).token).toBe(next.token + 1);
	});

	it('remembers a rest, a quarantine and a project’s end of quota', async () => {
		const store = await open();
		const pool = testPool({ active: 3, reserve: 0, clientId: (index) => `client-${index}` });
		const says = async (index: number, reason: string) =>
			await recordRefusal(store, pool, pool.accounts[index]!, 'videos.insert', new YtempireError('auth', reason, { provider: 'youtube', reason }));
		await says(0, 'uploadLimitExceeded');
		await says(1, 'invalid_grant');
		await says(2, 'quotaExceeded');
		const error = (await ask(store, 'n8n:1', {}, pool).catch((thrown: unknown) => thrown)) as YtempireError;
		expect(error.message).toMatch(/rests until .*uploadLimitExceeded.*in quarantine \(invalid_grant\).*has no video uploads quota left/);
	});
});

describeStores('an upload', (open) => {
	it('is claimed by one worker, and its row is what the next one goes on with', async () => {
		const store = await open();
		const pool = testPool();
		const lease = await ask(store, 'n8n:1');
		const claiming = { holder: 'n8n:1', waitMs: 0 };
		await withClaim(store, 'video-1', claiming, async (claim) => {
			await expect(withClaim(store, 'video-1', { holder: 'n8n:2', waitMs: 0 }, async () => 0)).rejects.toThrow('Another execution');
			const account = pool.accounts[0]!;
			const opened = { account, fileIdentity: 'f', bytes: 5_000_000_000, title: 'A\0B', metadataHash: 'h', sealedSession: 's' };
			const row = await recordOpened(store, claim, opened, lease.holds);
			await recordConfirmed(store, claim, 4_999_999_999);
			expect(await loadUpload(store, 'video-1')).toMatchObject({ state: 'uploading', confirmed_bytes: 4_999_999_999, bytes: 5_000_000_000 });
			await recordUploaded(store, claim, row, { id: 'yt-1' });
			await recordPublished(store, claim, { youtube_id: 'yt-1' } as Parameters<typeof recordPublished>[2]);
		});
		await withClaim(store, 'video-1', { holder: 'n8n:2', waitMs: 0 }, async () => 0);
		expect(await loadUpload(store, 'video-1')).toMatchObject({ state: 'published', youtube_id: 'yt-1', result: '{"youtube_id":"yt-1"}' });
		expect(await store.db.selectFrom('quota_holds').selectAll().execute()).toEqual([]);
	});
});
