/** Tables of routing: answers that were paid for, provider accounts that rest, and requests counted over all workers. */
import type { Migration } from '../store/migrations';

export interface RoutingTables {
	/** Paid answers of a job's stages: asked again, they are not paid again. */
	kept_answers: {
		/** Hash of job, stage and request. */
		id: string;
		/** JSON of a KeptAnswer. */
		answer: string;
		/** Of `answer`, in UTF-16 units. */
		size: number;
		at: number;
	};
	/** Accounts that are out of credit. */
	provider_rests: {
		/** See `accountName`. */
		account: string;
		provider: string;
		/** Milliseconds since 1970. */
		rests_until: number;
		reason: string;
	};
	/** As rate-limiter-flexible has it on PostgreSQL. */
	rate_limits: { key: string; points: number; expire: number | null };
	/** Requests under way, of accounts that may have only so many at once. */
	account_places: {
		id: string;
		/** See `accountName`. */
		account: string;
		/** Milliseconds since 1970 until which the holder is believed alive. */
		until: number;
		/** How many the account may have at once, as its holder was told; 0: not yet. */
		most: number;
	};
}

export const createRoutingTables: Migration = {
	name: '2026-11-23-routing',
	async up(db) {
		await db.schema
			.createTable('kept_answers')
			.addColumn('id', 'text', (column) => column.primaryKey())
			.addColumn('answer', 'text', (column) => column.notNull())
			.addColumn('size', 'bigint', (column) => column.notNull())
			.addColumn('at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema.createIndex('kept_answers_by_age').on('kept_answers').columns(['at', 'size']).execute();
		await db.schema
			.createTable('provider_rests')
			.addColumn('account', 'text', (column) => column.primaryKey())
			.addColumn('provider', 'text', (column) => column.notNull())
			.addColumn('rests_until', 'bigint', (column) => column.notNull())
			.addColumn('reason', 'text', (column) => column.notNull())
			.execute();
		await db.schema
			.createTable('rate_limits')
			.addColumn('key', 'varchar(255)', (column) => column.primaryKey())
			.addColumn('points', 'integer', (column) => column.notNull().defaultTo(0))
			.addColumn('expire', 'bigint')
			.execute();
	},
};

export const createAccountPlaces: Migration = {
	name: '2026-11-29-account-places',
	async up(db) {
		await db.schema
			.createTable('account_places')
			.addColumn('id', 'text', (column) => column.primaryKey())
			.addColumn('account', 'text', (column) => column.notNull())
			.addColumn('until', 'bigint', (column) => column.notNull())
			.addColumn('most', 'integer', (column) => column.notNull())
			.execute();
		await db.schema.createIndex('account_places_by_account').on('account_places').columns(['account', 'until']).execute();
	},
};
