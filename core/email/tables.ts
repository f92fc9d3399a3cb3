/** Tables of mails: which were sent for what, so that trouble that comes again and again is told of once. */
import type { Migration } from '../store/migrations';

export interface MailTables {
	mail_occasions: {
		/** Hash of what the mails are about. */
		occasion: string;
		/** Milliseconds since 1970 of the last mail. */
		sent_at: number;
		/** Mails that were not sent since then. */
		held_back: number;
	};
}

export const createMailTables: Migration = {
	name: '2026-11-22-mails',
	async up(db) {
		await db.schema
			.createTable('mail_occasions')
			.addColumn('occasion', 'text', (column) => column.primaryKey())
			.addColumn('sent_at', 'bigint', (column) => column.notNull())
			.addColumn('held_back', 'integer', (column) => column.notNull())
			.execute();
	},
};
