/** Tables of the pool: whose turn it is, how each channel fares, and what each project has used. */
import type { Migration } from '../store/migrations';
import type { Generated } from '../vendor/kysely';

import type { Sleep } from './seats';

export interface PoolTables {
	/** One row a channel that was ever leased or rested. */
	pool_accounts: {
		channel_id: string;
		account_id: string;
		/** Who uploads with it; empty when nobody does. */
		lease_holder: string;
		/** Grows with every lease: a holder with a lower number has lost it. */
		lease_token: number;
		/** Milliseconds since 1970 until which the holder is believed alive. */
		lease_until: number;
		/** Milliseconds since 1970; 0 for none. */
		rests_until: number;
		rest_reason: string;
		/** Why a person has to look at it first; empty when nobody has to. */
		quarantine_reason: string;
		/** The connection that the quarantine is about, see `connectionOf`; empty when a person spoke it over any. */
		quarantine_connection: string;
		updated_at: number;
		/** Uploads that failed one after another; a success sets it to 0. */
		failures: Generated<number>;
	};
	/** Google projects that rest, e.g. while the API isn't enabled there. */
	pool_projects: {
		project: string;
		/** Milliseconds since 1970; 0 for none. */
		rests_until: number;
		rest_reason: string;
	};
	/** Round robin: how often each role of a pool was chosen. */
	pool_turns: { pool: string; role: string; turn: number };
	/** Lists of accounts whose seats are there, and the Pacific day on which each was last in use. */
	pool_rosters: { id: string; seen_day: string };
	/** Accounts of a list in the order of the rotation; see core/pool/seats.ts. */
	pool_seats: {
		roster: string;
		role: string;
		/** From 0 on, by role. */
		place: number;
		channel_id: string;
		project: string;
		asleep_for: Sleep;
		/** Milliseconds since 1970; 0 when it is awake. */
		asleep_until: number;
		/** In words, as the operator is told. */
		asleep_why: string;
	};
	/** Units used and settled, by scope (`project:…`, `channel:…`), bucket and Pacific day. */
	quota_days: {
		scope: string;
		bucket: string;
		day: string;
		used: number;
		/** 1 when YouTube itself said that nothing is left, whatever we counted. */
		exhausted: number;
	};
	/** Units set aside for calls under way; they count as used. */
	quota_holds: {
		id: string;
		scope: string;
		bucket: string;
		day: string;
		cost: number;
		/** 1 once the call may have left: then it counts even when its holder dies. */
		sent: number;
		expires_at: number;
	};
}

export const createPoolTables: Migration = {
	name: '2026-11-22-pool',
	async up(db) {
		await db.schema
			.createTable('pool_accounts')
			.addColumn('channel_id', 'text', (column) => column.primaryKey())
			.addColumn('account_id', 'text', (column) => column.notNull())
			.addColumn('lease_holder', 'text', (column) => column.notNull())
			.addColumn('lease_token', 'bigint', (column) => column.notNull())
			.addColumn('lease_until', 'bigint', (column) => column.notNull())
			.addColumn('rests_until', 'bigint', (column) => column.notNull())
			.addColumn('rest_reason', 'text', (column) => column.notNull())
			.addColumn('quarantine_reason', 'text', (column) => column.notNull())
			.addColumn('quarantine_connection', 'text', (column) => column.notNull())
			.addColumn('updated_at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema
			.createTable('pool_turns')
			.addColumn('pool', 'text', (column) => column.notNull())
			.addColumn('role', 'text', (column) => column.notNull())
			.addColumn('turn', 'bigint', (column) => column.notNull())
			.addPrimaryKeyConstraint('pool_turns_key', ['pool', 'role'])
			.execute();
		await db.schema
			.createTable('quota_days')
			.addColumn('scope', 'text', (column) => column.notNull())
			.addColumn('bucket', 'text', (column) => column.notNull())
			.addColumn('day', 'text', (column) => column.notNull())
			.addColumn('used', 'bigint', (column) => column.notNull())
			.addColumn('exhausted', 'integer', (column) => column.notNull())
			.addPrimaryKeyConstraint('quota_days_key', ['scope', 'bucket', 'day'])
			.execute();
		await db.schema
			.createTable('quota_holds')
			.addColumn('id', 'text', (column) => column.primaryKey())
			.addColumn('scope', 'text', (column) => column.notNull())
			.addColumn('bucket', 'text', (column) => column.notNull())
			.addColumn('day', 'text', (column) => column.notNull())
			.addColumn('cost', 'bigint', (column) => column.notNull())
			.addColumn('sent', 'integer', (column) => column.notNull())
			.addColumn('expires_at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema
			.createIndex('quota_holds_by_day')
			.on('quota_holds')
			.columns(['scope', 'bucket', 'day'])
			.execute();
	},
};

export const addPoolHealth: Migration = {
	name: '2026-11-22-pool-health',
	async up(db) {
		await db.schema
			.alterTable('pool_accounts')
			.addColumn('failures', 'bigint', (column) => column.notNull().defaultTo(0))
			.execute();
		await db.schema
			.createTable('pool_projects')
			.addColumn('project', 'text', (column) => column.primaryKey())
			.addColumn('rests_until', 'bigint', (column) => column.notNull())
			.addColumn('rest_reason', 'text', (column) => column.notNull())
			.execute();
	},
};

export const addPoolSeats: Migration = {
	name: '2026-11-22-pool-seats',
	async up(db) {
		await db.schema
			.createTable('pool_rosters')
			.addColumn('id', 'text', (column) => column.primaryKey())
			.addColumn('seen_day', 'text', (column) => column.notNull())
			.execute();
		await db.schema
			.createTable('pool_seats')
			.addColumn('roster', 'text', (column) => column.notNull())
			.addColumn('role', 'text', (column) => column.notNull())
			.addColumn('place', 'integer', (column) => column.notNull())
			.addColumn('channel_id', 'text', (column) => column.notNull())
			.addColumn('project', 'text', (column) => column.notNull())
			.addColumn('asleep_for', 'text', (column) => column.notNull())
			.addColumn('asleep_until', 'bigint', (column) => column.notNull())
			.addColumn('asleep_why', 'text', (column) => column.notNull())
			.addPrimaryKeyConstraint('pool_seats_key', ['channel_id', 'roster'])
			.execute();
		// The only one that has the places in order: a planner that took another for the next seat that
		// is awake would walk over all that sleep
		const indexes = [
			['pool_seats_by_sleep', 'pool_seats', ['roster', 'role', 'asleep_for', 'asleep_until', 'place']],
			['pool_seats_by_project', 'pool_seats', ['project', 'asleep_for']],
			['pool_accounts_by_holder', 'pool_accounts', ['lease_holder']],
			['quota_holds_by_end', 'quota_holds', ['expires_at']],
		] as const;
		for (const [name, table, columns] of indexes) {
			await db.schema.createIndex(name).on(table).columns([...columns]).execute();
		}
	},
};
