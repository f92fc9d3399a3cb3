/** What is told to the outside once: mails, events, additions to a profile's totals. */
import type { Migration } from '../store/migrations';

export interface DeliveryTables {
	deliveries: {
		/** What is told, e.g. `mail video-1 videoCompleted …`. */
		key: string;
		/** open: nothing has left. left: it may have arrived, nobody has heard. done: it has arrived. */
		state: 'open' | 'left' | 'done';
		/** Who is at it; empty when nobody is. */
		holder: string;
		/** Milliseconds since 1970 until which the holder is believed alive. */
		lease_until: number;
		/** JSON of what a second try must repeat, e.g. an event's time. */
		memo: string;
		/** JSON of what it gave; null until done. */
		result: string | null;
		updated_at: number;
	};
}

export const createDeliveryTables: Migration = {
	name: '2026-11-23-deliveries',
	async up(db) {
		await db.schema
			.createTable('deliveries')
			.addColumn('key', 'text', (column) => column.primaryKey())
			.addColumn('state', 'text', (column) => column.notNull())
			.addColumn('holder', 'text', (column) => column.notNull())
			.addColumn('lease_until', 'bigint', (column) => column.notNull())
			.addColumn('memo', 'text', (column) => column.notNull())
			.addColumn('result', 'text')
			.addColumn('updated_at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema.createIndex('deliveries_by_holder').on('deliveries').column('holder').execute();
	},
};
