/** The one place where state lives: opened once per file and process, shared by all nodes. */
import { dirname, join, resolve } from 'node:path';

import { systemClock, type Clock } from '../clock';
import { YtempireError } from '../errors';
import type { Kysely, Transaction } from '../vendor/kysely';

import { migrate } from './migrations';
import type { Database } from './schema';
import { openSqlite } from './sqlite';

export interface Store {
	readonly db: Kysely<Database>;
	/** Folder beside the database for what the stages produce. */
	readonly mediaFolder: string;
	readonly clock: Clock;
	/** All or nothing, and one writer at a time over all processes. */
	transaction<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}

export interface StoreOptions {
	/** Path of the SQLite file. */
	file: string;
	clock?: Clock;
}

/** @throws YtempireError `unavailable` when the file can't be opened or written */
export async function openStore({ file, clock = systemClock }: StoreOptions): Promise<Store> {
	const { Kysely, SqliteDialect } = await import('../vendor/kysely');
	try {
		const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: openSqlite(file) }) });
		await migrate(db, clock.now());
		return {
			db,
			mediaFolder: join(dirname(file), 'media'),
			clock,
			transaction: async (work) => await db.transaction().execute(work),
			close: async () => {
				await db.destroy();
			},
		};
	} catch (error) {
		throw new YtempireError('unavailable', `The YTEMPIRE store at ${file} can't be opened`, {
			cure: 'Check that the folder exists, that n8n may write to it, and that the disk has room.',
			cause: error,
		});
	}
}

const shared = new Map<string, Promise<Store>>();

/** The store of that file, opened at the first call in this process and kept open. */
export async function sharedStore(file: string): Promise<Store> {
	const path = resolve(file);
	const existing = shared.get(path);
	if (existing) return await existing;
	const opening = openStore({ file: path });
	shared.set(path, opening);
	opening.catch(() => shared.delete(path));
	return await opening;
}
