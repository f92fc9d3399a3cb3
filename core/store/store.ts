/** The one place where state lives: opened once per file and process, shared by all nodes. */
import { dirname, join, resolve } from 'node:path';

import { sleep } from '../abort';
import { systemClock, type Clock } from '../clock';
import { YtempireError } from '../errors';
import type { Kysely, Transaction } from '../vendor/kysely';

import { migrate } from './migrations';
import type { Database } from './schema';
import { isBusy, openSqlite } from './sqlite';

export interface Store {
	readonly db: Kysely<Database>;
	/** Folder beside the database for what the stages produce. */
	readonly mediaFolder: string;
	readonly clock: Clock;
	/** All writes go through here: all or nothing, and one writer at a time over all processes. */
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
		const transaction: Store['transaction'] = async (work) =>
			await waitingForWriters(async () => await db.transaction().execute(work));
		await transaction(async (trx) => {
			await migrate(trx, clock.now());
		});
		return {
			db,
			mediaFolder: join(dirname(file), 'media'),
			clock,
			transaction,
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

/** Milliseconds to wait for other processes' writes before giving up. */
const WRITER_PATIENCE_MS = 30_000;

/** A transaction that couldn't begin has done nothing and is begun again. */
async function waitingForWriters<T>(attempt: () => Promise<T>): Promise<T> {
	const deadline = Date.now() + WRITER_PATIENCE_MS;
	for (;;) {
		try {
			return await attempt();
		} catch (error) {
			if (!isBusy(error) || Date.now() > deadline) throw error;
			await sleep(5 + Math.random() * 20);
		}
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
