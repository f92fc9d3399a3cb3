/** The cost ledger's tables: what each call took, or may take while it is under way. */
import type { Migration } from '../store/migrations';
import type { Generated } from '../vendor/kysely';

export interface CostTables {
	costs: {
		id: string;
		/** Empty for work that belongs to no job. */
		video_id: string;
		stage: string;
		provider: string;
		model: string;
		/** JSON: unit to amount. */
		units: string;
		micro_usd: number;
		/** billed or estimated */
		basis: string;
		at: number;
		/** `open`: set aside for a call whose end isn't known; it counts all the same. Else `settled`. */
		state: Generated<string>;
		/** e.g. `language`; empty for what costs no money. */
		capability: Generated<string>;
		/** UTC day, e.g. `2026-11-22`. */
		day: Generated<string>;
		/** Whose budget it takes from; empty for nobody's. */
		customer: Generated<string>;
	};
}

export const widenCosts: Migration = {
	name: '2026-11-23-costs',
	async up(db) {
		// one column a statement: SQLite adds no more
		for (const [name, value] of [['state', 'settled'], ['capability', ''], ['day', ''], ['customer', '']] as const) {
			await db.schema
				.alterTable('costs')
				.addColumn(name, 'text', (column) => column.notNull().defaultTo(value))
				.execute();
		}
		await db.schema.createIndex('costs_by_day').on('costs').columns(['day', 'customer']).execute();
		for (const name of ['budget', 'customer']) {
			await db.schema
				.alterTable('jobs')
				.addColumn(name, 'text', (column) => column.notNull().defaultTo(''))
				.execute();
		}
	},
};
