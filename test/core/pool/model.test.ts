/** Any order of leases, endings, deaths, refusals, releases and passing hours: the store answers as the model does. */
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { isYtempireError, YtempireError, type ErrorClass } from '../../../core/errors';
import type { YouTubePool } from '../../../core/pool/accounts';
import { recordFailure, recordSuccess, release } from '../../../core/pool/health';
import { acquire, giveBack, type Lease } from '../../../core/pool/lease';
import { markSent, settle, usageOf } from '../../../core/pool/ledger';
import { recordRefusal } from '../../../core/pool/outcome';
import { videoSpends } from '../../../core/pool/spend';
import { testPool } from '../../support/pool';
import { HOUR_MS, PoolModel, RULES, type Answer, type ModelLease } from '../../support/pool-model';
import { describeStores, type PlacedStore } from '../../support/stores';

type Step =
	| { do: 'take'; asked?: number }
	| { do: 'send' | 'succeed' | 'cancel' | 'die'; which: number }
	| { do: 'refuse'; which: number; reason: string }
	| { do: 'release'; account: number }
	| { do: 'pass'; ms: number };

const REASONS = ['quotaExceeded', 'uploadLimitExceeded', 'invalid_grant', 'accessNotConfigured', 'backendError', 'backendError', 'forbidden', 'forbidden', 'invalidTitle'];

const CLASSES: Record<string, ErrorClass> = { invalidTitle: 'invalid-request', forbidden: 'auth' };

const which = fc.nat(3);

const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 6, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('take' as const), asked: which }) },
	{ weight: 5, arbitrary: fc.record({ do: fc.constantFrom('send' as const, 'succeed' as const, 'cancel' as const, 'die' as const), which }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('refuse' as const), which, reason: fc.constantFrom(...REASONS) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), account: which }) },
	{
		weight: 3,
		arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1000, 45_000, 60_000, HOUR_MS / 2, 9 * HOUR_MS, 24 * HOUR_MS) }),
	},
);

/** Half an hour before midnight in California: in summer, in winter, and around both changes of the clock. */
const STARTS = ['2026-07-01T06:30:00Z', '2026-12-01T07:30:00Z', '2026-11-01T06:30:00Z', '2026-11-02T07:30:00Z', '2026-03-08T07:30:00Z', '2026-03-09T06:30:00Z'];

let runs = 0;

/** Three active accounts of two projects and a reserve; each run has channels and projects of its own. */
function freshPool(untilMidnight: boolean): YouTubePool {
	const run = ++runs;
	const pool = testPool({
		active: 3,
		reserve: 1,
		rules: {
			videosPerAccount: RULES.videosPerAccount,
			videoUploadsLimit: RULES.insertsPerProject,
			safePercent: 100,
			failureLimit: RULES.failureLimit,
			cooldownHours: RULES.cooldownHours,
			cooldownUntil: untilMidnight ? 'pacificMidnight' : 'hours',
		},
	});
	const accounts = pool.accounts.map((account, index) => ({
		...account, channelId: `UC-${run}-${index}`, project: `${run}-${index === 2 ? 'b' : 'a'}`,
	}));
	return { ...pool, id: `run-${run}`, accounts };
}

async function answerOf(store: PlacedStore, pool: YouTubePool, asked: string | undefined): Promise<{ answer: Answer; lease?: Lease }> {
	try {
		const lease = await acquire(store, pool, { holder: `holder-${++runs}`, waitMs: 0, asked });
		return { answer: { account: lease.account.accountId }, lease };
	} catch (error) {
		if (!isYtempireError(error)) throw error;
		const refusal = error.reason as 'pool-busy';
		return { answer: error.resetsAt ? { refusal, until: error.resetsAt.getTime() } : { refusal } };
	}
}

async function play(store: PlacedStore, start: string, untilMidnight: boolean, steps: Step[]): Promise<void> {
	store.clock.ms = Date.parse(start);
	const pool = freshPool(untilMidnight);
	const known = pool.accounts.map(({ accountId: id, project, role }) => ({ id, project, role }));
	const model = new PoolModel(known, untilMidnight);
	const open: Array<{ lease: Lease; twin: ModelLease }> = [];
	const end = async (at: number, insertCounts: boolean, videoCounts: boolean, between: (lease: Lease, twin: ModelLease) => Promise<void>) => {
		const [ending] = open.splice(at % Math.max(1, open.length), 1);
		if (!ending) return;
		const { lease, twin } = ending;
		await store.transaction(async (trx) => {
			await settle(trx, lease.holds[0]!, insertCounts ? 1 : 0);
			await settle(trx, lease.holds[1]!, videoCounts ? 1 : 0);
		});
		model.settle(twin.holds[0], insertCounts);
		model.settle(twin.holds[1], videoCounts);
		await between(lease, twin);
		await giveBack(store, lease);
		model.giveBack(twin);
	};
	for (const one of steps) {
		const now = store.clock.now();
		if (one.do === 'pass') store.clock.pass(one.ms);
		if (one.do === 'take') {
			const asked = one.asked === undefined ? undefined : known[one.asked]!.id;
			const expected = model.take(asked, now);
			const real = await answerOf(store, pool, asked);
			expect(real.answer).toEqual(expected.answer);
			if (real.lease && expected.lease) open.push({ lease: real.lease, twin: expected.lease });
		}
		if (one.do === 'send' && open.length > 0) {
			const { lease, twin } = open[one.which % open.length]!;
			const inTime = model.sent(twin);
			const marking = store.transaction(async (trx) => {
				await markSent(trx, lease.holds);
			});
			const refused = await marking.then(() => false, () => true);
			expect(refused && inTime, 'units that are still set aside can be sent').toBe(false);
		}
		if (one.do === 'die') open.splice(one.which % Math.max(1, open.length), 1);
		if (one.do === 'cancel') await end(one.which, false, false, async () => undefined);
		if (one.do === 'succeed') {
			await end(one.which, true, true, async ({ account }, twin) => {
				await recordSuccess(store, pool, account);
				model.succeeded(twin);
			});
		}
		if (one.do === 'refuse') {
			const error = new YtempireError(CLASSES[one.reason] ?? 'unavailable', one.reason, {
				provider: 'youtube', reason: one.reason, httpStatus: 500,
			});
			await end(one.which, one.reason !== 'quotaExceeded', false, async ({ account }, twin) => {
				await recordRefusal(store, pool, account, 'videos.insert', error);
				await recordFailure(store, pool, account, error);
				model.refused(twin, one.reason, now);
			});
		}
		if (one.do === 'release') {
			await release(store, pool.accounts[one.account]!);
			model.release(known[one.account]!);
		}
		await agreesWithin(store, pool, model);
	}
}

/** The ledger is the model's, and nothing is ever over its limit. */
async function agreesWithin(store: PlacedStore, pool: YouTubePool, model: PoolModel): Promise<void> {
	const now = store.clock.now();
	for (const account of pool.accounts) {
		const spends = videoSpends(pool, account, now);
		const used = (await usageOf(store.db, spends, now)).map((usage) => usage.used);
		expect(used).toEqual([model.used(account.project, now), model.used(account.accountId, now)]);
		expect(spends.every(({ limit }, index) => used[index]! <= limit)).toBe(true);
	}
}

describeStores('the choice and the ledger', (open) => {
	it('answer as the model does and never overbook, whatever happens in whatever order', async () => {
		const store = await open();
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...STARTS), fc.boolean(), fc.array(step, { minLength: 5, maxLength: 40 }), async (start, untilMidnight, steps) => {
				await play(store, start, untilMidnight, steps);
			}),
			{ numRuns: 100 },
		);
	}, 120_000);

	it.each([
		['summer', '2026-07-01T07:00:00Z'],
		['winter', '2026-12-01T08:00:00Z'],
		['the day on which summer time begins', '2026-03-08T08:00:00Z'],
		['the day after it', '2026-03-09T07:00:00Z'],
		['the day on which summer time ends', '2026-11-01T07:00:00Z'],
		['the day after that', '2026-11-02T08:00:00Z'],
	])('begin anew at midnight in California, not a millisecond before: %s', async (_name, midnight) => {
		const store = await open();
		store.clock.ms = Date.parse(midnight) - 1;
		const pool = freshPool(false);
		const publish = async () => {
			const { answer, lease } = await answerOf(store, pool, 'account-01');
			if (!lease) return answer;
			await store.transaction(async (trx) => {
				for (const hold of lease.holds) await settle(trx, hold);
			});
			await giveBack(store, lease);
			return answer;
		};
		await publish();
		await publish();
		expect(await publish()).toEqual({ refusal: 'pool-exhausted', until: Date.parse(midnight) });
		store.clock.pass(1);
		expect(await publish()).toEqual({ account: 'account-01' });
	});

	it('count a video on the day on which its units were set aside, though it ends on the next', async () => {
		const store = await open();
		store.clock.ms = Date.parse('2026-12-01T08:00:00Z') - 1;
		const pool = freshPool(false);
		const { lease } = await answerOf(store, pool, 'account-01');
		store.clock.pass(1);
		await store.transaction(async (trx) => {
			for (const hold of lease!.holds) await settle(trx, hold);
		});
		const now = store.clock.now();
		const used = async (at: number) => (await usageOf(store.db, videoSpends(pool, lease!.account, at), now)).map((usage) => usage.used);
		expect([await used(now - 1), await used(now)]).toEqual([[1, 1], [0, 0]]);
	});
});
