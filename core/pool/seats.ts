/**
 * Seats sleep and wake. An account that was looked at and can't serve sleeps until the moment when it
 * may, and whatever may bring that moment nearer wakes it. Choosing asks for those that are awake, by
 * an index, and so never looks twice at the same obstacle. Sleep is only a note: an account that is
 * awake is judged by its own rows before it is lent.
 */
import type { Database } from '../store/schema';
import type { Transaction } from '../vendor/kysely';

import type { Verdict } from './choose';
import type { Role, Roster } from './roster';

/** Why a seat sleeps; empty when it is awake. */
export type Sleep = '' | Extract<Verdict, { serves: false }>['kind'];

/** Those that end by themselves. */
const PASSING = ['busy', 'exhausted', 'resting'] as const;

/** Of a quarantine, which only a person ends. */
const NEVER = Number.MAX_SAFE_INTEGER;

const AWAKE = { asleep_for: '' as const, asleep_until: 0, asleep_why: '' };

type Trx = Transaction<Database>;

/** Wakes the seats whose time has come, and those of accounts that the asking holder itself has leased. */
export async function wakeDue(trx: Trx, roster: Roster, holder: string, now: number): Promise<void> {
	await trx
		.updateTable('pool_seats')
		.set(AWAKE)
		.where('roster', '=', roster.id)
		.where('role', 'in', ['active', 'reserve'])
		.where('asleep_for', 'in', PASSING)
		.where('asleep_until', '<=', now)
		.execute();
	const own = await trx.selectFrom('pool_accounts').select('channel_id').where('lease_holder', '=', holder).execute();
	for (const { channel_id: channel } of own) await wakeChannel(trx, channel);
}

/** Something about the account has changed: it is looked at anew. */
export async function wakeChannel(trx: Trx, channelId: string): Promise<void> {
	await trx
		.updateTable('pool_seats')
		.set(AWAKE)
		.where('channel_id', '=', channelId)
		.where('asleep_for', '!=', '')
		.execute();
}

/** Something about the project has changed: its accounts are looked at anew. */
export async function wakeProject(trx: Trx, project: string, kinds: readonly Sleep[] = PASSING): Promise<void> {
	await trx
		.updateTable('pool_seats')
		.set(AWAKE)
		.where('project', '=', project)
		.where('asleep_for', 'in', kinds)
		.execute();
}

/** Units have been given back: who had none may have room. @param scope `project:…` or `channel:…` */
export async function wakeScope(trx: Trx, scope: string): Promise<void> {
	const name = scope.slice(scope.indexOf(':') + 1);
	if (scope.startsWith('project:')) await wakeProject(trx, name, ['exhausted']);
	else await wakeChannel(trx, name);
}

/** An account that was looked at and can't serve. */
export interface Refused {
	channelId: string;
	verdict: Extract<Verdict, { serves: false }>;
}

/** Notes what was found out; one statement for all that sleep alike. */
export async function putToSleep(trx: Trx, roster: Roster, refused: Refused[]): Promise<void> {
	const alike = new Map<string, Refused[]>();
	for (const one of refused) {
		const { kind, why, until } = one.verdict;
		const key = JSON.stringify([kind, why, until]);
		alike.set(key, [...(alike.get(key) ?? []), one]);
	}
	for (const group of alike.values()) {
		const verdict = group[0]?.verdict;
		if (!verdict) continue;
		await trx
			.updateTable('pool_seats')
			.set({ asleep_for: verdict.kind, asleep_until: verdict.until ?? NEVER, asleep_why: verdict.why })
			.where('roster', '=', roster.id)
			.where('channel_id', 'in', group.map(({ channelId }) => channelId))
			.execute();
	}
}

/** Why the seats of these channels sleep, by channel; those that are awake are not in it. */
export async function reasonsOf(trx: Trx, roster: Roster, channelIds: string[]): Promise<Map<string, string>> {
	const rows = await trx
		.selectFrom('pool_seats')
		.select(['channel_id', 'asleep_why'])
		.where('roster', '=', roster.id)
		.where('channel_id', 'in', channelIds)
		.where('asleep_for', '!=', '')
		.execute();
	return new Map(rows.map((row) => [row.channel_id, row.asleep_why]));
}

/** Places of seats that are awake, from `from` up to but not including `to`. */
export async function awake(
	trx: Trx,
	roster: Roster,
	role: Role,
	{ from, to, atMost }: { from: number; to: number; atMost: number },
): Promise<number[]> {
	const rows = await trx
		.selectFrom('pool_seats')
		.select('place')
		.where('roster', '=', roster.id)
		.where('role', '=', role)
		.where('asleep_for', '=', '')
		.where('asleep_until', '=', 0)
		.where('place', '>=', from)
		.where('place', '<', to)
		.orderBy('place')
		.limit(atMost)
		.execute();
	return rows.map(({ place }) => place);
}

/** Places of seats that sleep because their account was at work when it was looked at; the longest first. */
export async function asleepAtWork(
	trx: Trx,
	roster: Roster,
	role: Role,
	except: number[],
	atMost: number,
): Promise<number[]> {
	const rows = await trx
		.selectFrom('pool_seats')
		.select('place')
		.where('roster', '=', roster.id)
		.where('role', '=', role)
		.where('asleep_for', '=', 'busy')
		.where('place', 'not in', except)
		.orderBy('asleep_until', 'desc')
		.limit(atMost)
		.execute();
	return rows.map(({ place }) => place);
}

/** Milliseconds since 1970 when the first seat wakes by itself; undefined when none will. */
export async function firstToWake(trx: Trx, roster: Roster, roles: readonly Role[]): Promise<number | undefined> {
	let first: number | undefined;
	for (const role of roles) {
		for (const kind of PASSING) {
			const row = await trx
				.selectFrom('pool_seats')
				.select('asleep_until')
				.where('roster', '=', roster.id)
				.where('role', '=', role)
				.where('asleep_for', '=', kind)
				.orderBy('asleep_until')
				.limit(1)
				.executeTakeFirst();
			if (row) first = Math.min(first ?? Infinity, row.asleep_until);
		}
	}
	return first;
}
