/** What the operator sees of the pool: how each account stands, why, when it is back, and what is left of its day. */
import type { Store } from '../store/store';

import type { PoolAccount, YouTubePool } from './accounts';
import { candidatesOf } from './candidates';
import { judge, type Candidate, type Verdict } from './choose';
import { usageOf, type Spend, type Usage } from './ledger';
import { nextPacificMidnight, pacificDay } from './pacific-day';
import { bucketsOf, costOf, type QuotaPolicy } from './quota';

/**
 * `busy` uploads just now; `cooling` was told by YouTube that it has uploaded enough; `resting` has
 * failed too often or belongs to a project that rests; `half-open` has rested after failures, and its
 * next upload decides; `exhausted` has used up its own or its project's day.
 */
export type AccountStanding = 'ready' | 'busy' | 'cooling' | 'resting' | 'half-open' | 'quarantined' | 'exhausted';

export interface Allowance {
	/** Units used and set aside today. */
	used: number;
	/** Units that may still be used today. */
	left: number;
	/** Units that may be used in a day. */
	limit: number;
}

export interface AccountState {
	account_id: string;
	channel_id: string;
	email: string;
	role: 'active' | 'reserve';
	project: string;
	state: AccountStanding;
	/** Empty when it is ready. */
	why: string;
	/** ISO 8601; null when it serves now, or when a person has to act first. */
	back_at: string | null;
	failures: number;
	/** Videos of the account's own day. */
	videos: Allowance;
	/** Videos that it may still publish today, by its own and its project's allowance. */
	videos_left: number;
	/** The project's allowances, which its accounts share, by bucket. */
	quota: Record<string, Allowance>;
	/** ISO 8601: when used and left begin anew. */
	resets_at: string;
}

/** Accounts looked at in one query. */
const BLOCK = 100;

/** How the accounts stand, in the order given; nothing is changed. */
export async function accountStates(
	store: Store,
	pool: YouTubePool,
	accounts: PoolAccount[] = pool.accounts,
): Promise<AccountState[]> {
	const states: AccountState[] = [];
	for (let start = 0; start < accounts.length; start += BLOCK) {
		states.push(...(await statesOf(store, pool, accounts.slice(start, start + BLOCK))));
	}
	return states;
}

async function statesOf(store: Store, pool: YouTubePool, accounts: PoolAccount[]): Promise<AccountState[]> {
	const now = store.clock.now();
	const candidates = await candidatesOf(store.db, pool, accounts, { holder: '' }, now);
	const projects = await projectAllowances(store, pool, accounts, now);
	return candidates.map((candidate) => stateOf(candidate, projects.get(candidate.account.project) ?? {}, pool.quota, now));
}

function stateOf(
	candidate: Candidate,
	quota: Record<string, Allowance>,
	policy: QuotaPolicy,
	now: number,
): AccountState {
	const { account, failures, spends } = candidate;
	const dayEnds = nextPacificMidnight(now);
	const verdict = judge(candidate, now, dayEnds);
	const own = spends.find(({ spend }) => spend.scope.startsWith('channel:'));
	const videos = allowanceOf(policy.videosPerAccount, own?.usage);
	const insert = costOf(policy, 'videos.insert');
	const inserts = Math.floor((quota[insert.bucket]?.left ?? 0) / insert.cost);
	const halfOpen = verdict.serves && failures >= policy.failureLimit;
	return {
		account_id: account.accountId,
		channel_id: account.channelId,
		email: account.email,
		role: account.role,
		project: account.project,
		state: halfOpen ? 'half-open' : standingOf(verdict, candidate, policy, now),
		why: halfOpen ? `has rested after ${failures} failures in a row; its next upload decides` : whyOf(verdict),
		back_at: verdict.serves || verdict.until === undefined ? null : new Date(verdict.until).toISOString(),
		failures,
		videos,
		videos_left: Math.min(videos.left, inserts),
		quota,
		resets_at: dayEnds.toISOString(),
	};
}

function standingOf(
	verdict: Verdict,
	{ restsUntil, failures }: Candidate,
	{ failureLimit }: QuotaPolicy,
	now: number,
): AccountStanding {
	if (verdict.serves) return 'ready';
	if (verdict.kind !== 'resting') return verdict.kind;
	return restsUntil > now && failures < failureLimit ? 'cooling' : 'resting';
}

const whyOf = (verdict: Verdict) => (verdict.serves ? '' : verdict.why);

async function projectAllowances(
	store: Store,
	pool: YouTubePool,
	accounts: PoolAccount[],
	now: number,
): Promise<Map<string, Record<string, Allowance>>> {
	const day = pacificDay(now);
	const buckets = bucketsOf(pool.quota);
	const projects = [...new Set(accounts.map(({ project }) => project))];
	const spends = projects.flatMap((project) =>
		buckets.map(({ bucket, limit }): Spend => ({ scope: `project:${project}`, bucket, day, cost: 1, limit })),
	);
	const usages = await usageOf(store.db, spends, now);
	return new Map(
		projects.map((project, at) => [
			project,
			Object.fromEntries(
				buckets.map(({ bucket, limit }, index) => [bucket, allowanceOf(limit, usages[at * buckets.length + index])]),
			),
		]),
	);
}

function allowanceOf(limit: number, { used, exhausted }: Usage = { used: 0, exhausted: false }): Allowance {
	return { used, left: exhausted ? 0 : Math.max(0, limit - used), limit };
}
