/** Takes the account whose turn it is, inside the caller's transaction; what it costs doesn't grow with the pool. */
import type { Database } from '../store/schema';
import type { Transaction } from '../vendor/kysely';

import type { PoolAccount, YouTubePool } from './accounts';
import { candidatesOf, type Asking } from './candidates';
import { judge, type Candidate, type PassedOver, type Verdict } from './choose';
import { nextPacificMidnight } from './pacific-day';
import { ROLES, type Role, type Roster } from './roster';
import { asleepAtWork, awake, firstToWake, putToSleep, reasonsOf, wakeDue, type Refused } from './seats';

/** Accounts of which is told why they were passed over; the others are counted. */
export const LISTED = 20;

/** Most accounts looked at in one query. */
const LARGEST_BLOCK = 64;

export interface Choice {
	chosen: PoolAccount | undefined;
	passedOver: PassedOver[];
	/** An account would serve as soon as its lease ends. */
	busy: boolean;
	/** Milliseconds since 1970 when the first of them may serve again; undefined when a person must act first. */
	freeAt: number | undefined;
}

interface Look {
	trx: Transaction<Database>;
	pool: YouTubePool;
	roster: Roster;
	asking: Asking;
	/** IDs of accounts that the caller has tried in vain. */
	tried: Set<string>;
	now: number;
	dayEnds: Date;
}

/** The next active account that serves, a reserve only when no active one can and none is only at work. */
export async function chooseNext(
	trx: Transaction<Database>,
	pool: YouTubePool,
	roster: Roster,
	{ holder, tried }: { holder: string; tried: PassedOver[] },
	now: number,
): Promise<Choice> {
	await wakeDue(trx, roster, holder, now);
	const look: Look = {
		trx,
		pool,
		roster,
		asking: { holder },
		tried: new Set(tried.map(({ account_id: id }) => id)),
		now,
		dayEnds: nextPacificMidnight(now),
	};
	const passed: Passed = { listed: [...tried], more: 0 };
	for (const role of ROLES) {
		const size = roster[role].length;
		const turn = await turnOf(trx, pool, role);
		const start = size === 0 ? 0 : turn % size;
		const place = await nextServing(look, role, start);
		const steps = place === undefined ? size : (place - start + size) % size;
		await explain(look, role, start, steps, passed);
		if (place !== undefined) {
			await setTurn(trx, pool, role, turn + steps + 1);
			return { chosen: roster[role][place], passedOver: inWords(passed), busy: false, freeAt: undefined };
		}
		// An active account that is only busy will serve soon: the reserve stays a reserve
		if (await oneIsAtWork(look, role)) {
			return { chosen: undefined, passedOver: inWords(passed), busy: true, freeAt: undefined };
		}
	}
	const freeAt = await firstToWake(trx, roster, ROLES);
	return { chosen: undefined, passedOver: inWords(passed), busy: false, freeAt };
}

/** Whether the account that was asked for serves. */
export async function chooseAsked(
	trx: Transaction<Database>,
	pool: YouTubePool,
	account: PoolAccount,
	asking: Asking,
	now: number,
): Promise<Choice> {
	const [candidate] = await candidatesOf(trx, pool, [account], asking, now);
	if (!candidate) throw new Error('No state was made for an account');
	const verdict = judge(candidate, now, nextPacificMidnight(now));
	if (verdict.serves) return { chosen: account, passedOver: [], busy: false, freeAt: undefined };
	const passedOver = [{ account_id: account.accountId, why: verdict.why }];
	return { chosen: undefined, passedOver, busy: verdict.kind === 'busy', freeAt: verdict.until };
}

/** The place of the first seat, once around from `start`, whose account serves; those on the way are put to sleep. */
async function nextServing(look: Look, role: Role, start: number): Promise<number | undefined> {
	let atMost = 1;
	for (const [first, to] of [[start, look.roster[role].length], [0, start]] as const) {
		for (let from = first; from < to; ) {
			const places = await awake(look.trx, look.roster, role, { from, to, atMost });
			const found = await judged(look, role, places);
			const serving = found.findIndex(({ verdict }) => verdict.serves);
			await putToSleep(look.trx, look.roster, refusedOf(serving < 0 ? found : found.slice(0, serving)));
			if (serving >= 0) return found[serving]?.place;
			if (places.length < atMost) break;
			from = (places.at(-1) ?? to) + 1;
			atMost = Math.min(LARGEST_BLOCK, atMost * 4);
		}
	}
	return undefined;
}

/** Whether an account that could serve is at work; those that could not any more are noted as such. */
async function oneIsAtWork(look: Look, role: Role): Promise<boolean> {
	const { trx, roster, tried } = look;
	const except = [...tried].flatMap((id) => {
		const place = roster[role].findIndex(({ accountId }) => accountId === id);
		return place < 0 ? [] : [place];
	});
	for (let atMost = 1; ; atMost = Math.min(LARGEST_BLOCK, atMost * 4)) {
		const places = await asleepAtWork(trx, roster, role, except, atMost);
		if (places.length === 0) return false;
		const refused = refusedOf(await judged(look, role, places));
		await putToSleep(trx, roster, refused);
		if (refused.some(({ verdict }) => verdict.kind === 'busy')) return true;
	}
}

interface Judged {
	place: number;
	channelId: string;
	verdict: Verdict;
}

/** Of those that the caller hasn't tried yet, in the order given. */
async function judged(look: Look, role: Role, places: number[]): Promise<Judged[]> {
	const { trx, pool, roster, asking, tried, now, dayEnds } = look;
	const seats = places.flatMap((place) => {
		const account = roster[role][place];
		return account && !tried.has(account.accountId) ? [{ place, account }] : [];
	});
	const candidates: Candidate[] = await candidatesOf(trx, pool, seats.map(({ account }) => account), asking, now);
	return candidates.map((candidate, index) => ({
		place: seats[index]?.place ?? 0,
		channelId: candidate.account.channelId,
		verdict: judge(candidate, now, dayEnds),
	}));
}

function refusedOf(found: Judged[]): Refused[] {
	return found.flatMap(({ channelId, verdict }) => (verdict.serves ? [] : [{ channelId, verdict }]));
}

interface Passed {
	listed: PassedOver[];
	more: number;
}

/** Tells of the accounts at the `steps` places from `start` on why they don't serve: all of them sleep. */
async function explain(look: Look, role: Role, start: number, steps: number, passed: Passed): Promise<void> {
	const { trx, roster, tried } = look;
	const seats = roster[role];
	const listing = Math.min(steps, Math.max(0, LISTED - passed.listed.length));
	passed.more += steps - listing;
	if (listing === 0) return;
	const accounts = Array.from({ length: listing }, (_, step) => seats[(start + step) % seats.length]).filter((one) => one !== undefined);
	const reasons = await reasonsOf(trx, roster, accounts.map(({ channelId }) => channelId));
	for (const { accountId, channelId } of accounts) {
		const why = reasons.get(channelId);
		if (why !== undefined && !tried.has(accountId)) passed.listed.push({ account_id: accountId, why });
	}
}

function inWords({ listed, more }: Passed): PassedOver[] {
	return more === 0 ? listed : [...listed, { account_id: '', why: `and ${more} more accounts that can't serve now` }];
}

async function turnOf(trx: Transaction<Database>, pool: YouTubePool, role: Role): Promise<number> {
	const row = await trx
		.selectFrom('pool_turns')
		.select('turn')
		.where('pool', '=', pool.id)
		.where('role', '=', role)
		.executeTakeFirst();
	return row?.turn ?? 0;
}

async function setTurn(trx: Transaction<Database>, pool: YouTubePool, role: Role, turn: number): Promise<void> {
	await trx
		.insertInto('pool_turns')
		.values({ pool: pool.id, role, turn })
		.onConflict((conflict) => conflict.columns(['pool', 'role']).doUpdateSet({ turn }))
		.execute();
}
