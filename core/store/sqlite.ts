/** SQLite through Node's own module, shaped as kysely expects a database. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

import type { SqliteDatabase } from '../vendor/kysely';

/**
 * Milliseconds that a call may block the event loop while another process writes; longer waits
 * are the store's, which waits without blocking.
 */
const BUSY_TIMEOUT_MS = 20;

/** Milliseconds that one who only reads may wait; its process has nothing else to do. */
const READER_TIMEOUT_MS = 5_000;

/** SQLite's result code for a file that another connection writes to. */
const SQLITE_BUSY = 5;

/** Opens the file, and makes it and its folder when they are not there. */
export function openSqlite(file: string): SqliteDatabase {
	mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
	const database = new DatabaseSync(file);
	database.exec(
		`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;`,
	);
	return shaped(database);
}

/** Opens a file that is there, without changing anything in it. */
export function openSqliteToRead(file: string): SqliteDatabase {
	const database = new DatabaseSync(file, { readOnly: true });
	database.exec(`PRAGMA busy_timeout = ${READER_TIMEOUT_MS};`);
	return shaped(database);
}

function shaped(database: DatabaseSync): SqliteDatabase {
	return {
		close: () => {
			database.close();
		},
		prepare: (sql) => {
			// A deferred transaction that turns into a writer fails at once when another process has
			// written meanwhile; an immediate one waits its turn.
			const statement = database.prepare(sql === 'begin' ? 'begin immediate' : sql);
			const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
			return {
				reader: statement.columns().length > 0,
				all: (parameters) => statement.all(...values(parameters)),
				run: (parameters) => statement.run(...values(parameters)),
				iterate: (parameters) => statement.iterate(...values(parameters)),
			};
		},
	};
}

/** True when another process held the file and nothing was done. SQLite says more in the bits above the lowest eight. */
export function isBusy(error: unknown): boolean {
	return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}
