/**
 * The credential's list as the store knows it: a seat for each account, in the order of the rotation.
 * It is written once for a list; a lease then asks for the next seat, whatever the list's length.
 */
import { contentHash } from '../hash';
import type { Store } from '../store/store';
import type { Database } from '../store/schema';
import type { Transaction } from '../vendor/kysely';

import type { PoolAccount, YouTubePool } from './accounts';
import { pacificDay } from './pacific-day';

export const ROLES = ['active', 'reserve'] as const;

export type Role = (typeof ROLES)[number];

/** Accounts by role; an account's place in its list is its seat's. */
export interface Roster extends Record<Role, PoolAccount[]> {
	/** Names the list with all that decides who may serve: roles, projects, connections, quota rules. */
	id: string;
}

/** Seats in one insert: well below the parameters that a database takes. */
const CHUNK = 1000;

/** Days after which the seats of a list that nobody has used are given up. */
const FORGOTTEN_DAYS = 8;

const DAY_MS = 86_400_000;

const rosters = new WeakMap<YouTubePool, Roster>();

/** By store and list: the Pacific day on which this process last said that the list is in use. */
const said = new WeakMap<Store['db'], Map<string, string>>();

export function rosterOf(pool: YouTubePool): Roster {
	const known = rosters.get(pool);
	if (known) return known;
	const facts = pool.accounts.map((one) => [one.channelId, one.accountId, one.role, one.project, one.clientId, one.clientSecret, one.refreshToken]);
	const roster: Roster = {
		id: contentHash([pool.quota, facts]).slice(0, 32),
		active: pool.accounts.filter(({ role }) => role === 'active'),
		reserve: pool.accounts.filter(({ role }) => role === 'reserve'),
	};
	rosters.set(pool, roster);
	return roster;
}

/** Writes the list's seats when they are not there; asks the store once a day and process. */
export async function seat(store: Store, roster: Roster): Promise<void> {
	const now = store.clock.now();
	const today = pacificDay(now);
	const days = said.get(store.db) ?? new Map<string, string>();
	said.set(store.db, days);
	if (days.get(roster.id) === today) return;
	await store.transaction(async (trx) => {
		const there = await trx.selectFrom('pool_rosters').select('id').where('id', '=', roster.id).executeTakeFirst();
		await trx
			.insertInto('pool_rosters')
			.values({ id: roster.id, seen_day: today })
			.onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_day: today }))
			.execute();
		if (!there) await writeSeats(trx, roster);
		await forget(trx, pacificDay(now - FORGOTTEN_DAYS * DAY_MS));
	});
	days.set(roster.id, today);
}

async function writeSeats(trx: Transaction<Database>, roster: Roster): Promise<void> {
	const seats = ROLES.flatMap((role) =>
		roster[role].map(({ channelId, project }, place) => ({
			roster: roster.id,
			role,
			place,
			channel_id: channelId,
			project,
			asleep_for: '' as const,
			asleep_until: 0,
			asleep_why: '',
		})),
	);
	for (let start = 0; start < seats.length; start += CHUNK) {
		await trx.insertInto('pool_seats').values(seats.slice(start, start + CHUNK)).execute();
	}
}

async function forget(trx: Transaction<Database>, before: string): Promise<void> {
	const old = await trx.selectFrom('pool_rosters').select('id').where('seen_day', '<', before).execute();
	for (const { id } of old) {
		await trx.deleteFrom('pool_seats').where('roster', '=', id).execute();
		await trx.deleteFrom('pool_rosters').where('id', '=', id).execute();
	}
}
