/** The store opened to be looked at: nothing is made, migrated or changed, so that a look from outside can do no harm. */
import { access, constants, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { systemClock, type Clock } from '../clock';
import { invalidRequest, isYtempireError, YtempireError } from '../errors';

import { pendingMigrations } from './migrations';
import { isSqlite, placeName, type StorePlace } from './place';
import { cureOf, openPostgres } from './postgres';
import type { Database } from './schema';
import { openSqliteToRead } from './sqlite';
import type { Store } from './store';

/** Its `transaction` refuses. */
export interface Look extends Store {
	/** Names of migrations that have not run there: the store is of an older version of this package. */
	readonly pending: string[];
}

/** PostgreSQL's codes for a table or schema that is not there. */
const NO_TABLE = new Set(['42P01', '3F000']);

export const STORE_MISSING = 'store-missing';

/**
 * @throws YtempireError `invalid-request`, reason `store-missing`, when there is none yet; `unavailable` when it
 * can't be opened or is no store
 */
export async function openToLook(place: StorePlace, clock: Clock = systemClock): Promise<Look> {
	const { CompiledQuery, HandleEmptyInListsPlugin, Kysely, PostgresDialect, replaceWithNoncontingentExpression, SqliteDialect } = await import('../vendor/kysely');
	const plugins = [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })];
	let db: InstanceType<typeof Kysely<Database>> | undefined;
	try {
		if (isSqlite(place)) await assertThere(place.file);
		const dialect = isSqlite(place)
			? new SqliteDialect({ database: openSqliteToRead(place.file) })
			: new PostgresDialect({ pool: await openPostgres(place, true) });
		const opened = new Kysely<Database>({ dialect, plugins });
		db = opened;
		const pending = await pendingMigrations(opened);
		return {
			db: opened,
			pending,
			clock,
			mediaFolder: isSqlite(place) ? place.mediaFolder || join(dirname(place.file), 'media') : place.mediaFolder,
			transaction: async () => {
				throw invalidRequest('This store is open to be read only', { reason: 'store-read-only' });
			},
			close: async () => {
				await opened.destroy();
			},
			...(isSqlite(place) ? {} : { query: async ({ text, values = [] }) => await opened.executeQuery(CompiledQuery.raw(text, values)) }),
		};
	} catch (error) {
		await db?.destroy().catch(() => undefined);
		if (isYtempireError(error)) throw error;
		if (isEmpty(error)) throw missing(placeName(place));
		throw new YtempireError('unavailable', `The YTEMPIRE store at ${placeName(place)} can't be read${detailOf(error)}`, {
			cure: isSqlite(place) ? 'Check that the path names the store, and that you may read it: it belongs to the user that n8n runs as.' : cureOf(error),
			reason: 'store-unavailable',
			cause: error,
		});
	}
}

async function assertThere(file: string): Promise<void> {
	try {
		if (!(await stat(file)).isFile()) throw new YtempireError('unavailable', `${file} is not a file`, { cure: 'Name the file of the store.', reason: 'store-unavailable' });
		await access(file, constants.R_OK);
	} catch (error) {
		if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) throw missing(file);
		throw error;
	}
}

function missing(where: string): YtempireError {
	return invalidRequest(`There is no YTEMPIRE store at ${where}`, {
		cure: 'n8n makes it at the first video. If it has made one, name the place: --store FILE, or YTEMPIRE_DATABASE_URL for PostgreSQL.',
		reason: STORE_MISSING,
	});
}

/** A file or schema without our tables. */
function isEmpty(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	const code = 'code' in error ? String(error.code) : '';
	return NO_TABLE.has(code) || /no such table: migrations/.test(error.message);
}

function detailOf(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	if (/file is not a database/.test(String(error))) return ': it is not a SQLite database';
	return code && code !== 'ERR_SQLITE_ERROR' ? ` (${code})` : '';
}
