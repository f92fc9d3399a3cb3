/** Tables of footage: what was used in which video, which files are here, searches that must be kept, uses that a library is still to be told of, and requests of a month. */
import type { Migration } from '../../store/migrations';

export interface FootageTables {
	footage_uses: {
		video_id: string;
		/** As the request named it; empty when the pool chooses the channel. */
		channel_id: string;
		provider: string;
		footage_id: string;
		/** Of the file; empty until it is here. */
		sha256: string;
		/** Milliseconds since 1970. */
		at: number;
	};
	footage_files: {
		/** Hash of provider, motif and size. */
		id: string;
		sha256: string;
		/** Inside the folder of footage. */
		name: string;
		mime: string;
		bytes: number;
		/** Milliseconds since 1970. */
		used_at: number;
	};
	footage_searches: {
		/** Hash of account and search. */
		id: string;
		/** JSON of the candidates. */
		candidates: string;
		/** Milliseconds since 1970. */
		at: number;
	};
	footage_announcements: {
		id: string;
		/** See `accountName`. */
		account: string;
		/** JSON of the candidate. */
		candidate: string;
		/** Milliseconds since 1970. */
		at: number;
		/** Milliseconds since 1970: until then somebody is telling it. */
		held_until: number;
	};
	footage_months: {
		/** See `accountName`. */
		account: string;
		/** e.g. `2026-11` */
		month: string;
		requests: number;
	};
}

export const createFootageTables: Migration = {
	name: '2026-11-24-footage',
	async up(db) {
		await db.schema
			.createTable('footage_uses')
			.addColumn('video_id', 'text', (column) => column.notNull())
			.addColumn('channel_id', 'text', (column) => column.notNull())
			.addColumn('provider', 'text', (column) => column.notNull())
			.addColumn('footage_id', 'text', (column) => column.notNull())
			.addColumn('sha256', 'text', (column) => column.notNull())
			.addColumn('at', 'bigint', (column) => column.notNull())
			.addPrimaryKeyConstraint('footage_uses_key', ['video_id', 'provider', 'footage_id'])
			.execute();
		await db.schema.createIndex('footage_uses_by_channel').on('footage_uses').columns(['channel_id', 'at']).execute();
		await db.schema.createIndex('footage_uses_by_file').on('footage_uses').column('sha256').execute();
		await db.schema
			.createTable('footage_files')
			.addColumn('id', 'text', (column) => column.primaryKey())
			.addColumn('sha256', 'text', (column) => column.notNull())
			.addColumn('name', 'text', (column) => column.notNull())
			.addColumn('mime', 'text', (column) => column.notNull())
			.addColumn('bytes', 'bigint', (column) => column.notNull())
			.addColumn('used_at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema.createIndex('footage_files_by_use').on('footage_files').columns(['used_at', 'sha256']).execute();
		await db.schema
			.createTable('footage_searches')
			.addColumn('id', 'text', (column) => column.primaryKey())
			.addColumn('candidates', 'text', (column) => column.notNull())
			.addColumn('at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema.createIndex('footage_searches_by_age').on('footage_searches').column('at').execute();
	},
};

export const addFootageAllowances: Migration = {
	name: '2026-11-29-footage-allowances',
	async up(db) {
		await db.schema
			.createTable('footage_announcements')
			.addColumn('id', 'text', (column) => column.primaryKey())
			.addColumn('account', 'text', (column) => column.notNull())
			.addColumn('candidate', 'text', (column) => column.notNull())
			.addColumn('at', 'bigint', (column) => column.notNull())
			.addColumn('held_until', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema.createIndex('footage_announcements_by_age').on('footage_announcements').columns(['account', 'at']).execute();
		await db.schema
			.createTable('footage_months')
			.addColumn('account', 'text', (column) => column.notNull())
			.addColumn('month', 'text', (column) => column.notNull())
			.addColumn('requests', 'integer', (column) => column.notNull())
			.addPrimaryKeyConstraint('footage_months_key', ['account', 'month'])
			.execute();
	},
};
