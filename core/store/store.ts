/** The one place where state lives: opened once per place and process, shared by all nodes. */
import { dirname, join, resolve } from 'node:path';

import { sleep } from '../abort';
import { systemClock, type Clock } from '../clock';
import { oneAtATime } from '../concurrency';
import { isYtempireError, YtempireError } from '../errors';
import { contentHash } from '../hash';
import type { Dialect, Kysely, Transaction } from '../vendor/kysely';

import { migrate } from './migrations';
import { isSqlite, placeName, type PostgresPlace, type SqlitePlace, type StorePlace } from './place';
import { cureOf, mayBeginAgain, openPostgres, schemaOf, waitedTooLong } from './postgres';
import type { Database } from './schema';
import { isBusy, openSqlite } from './sqlite';

export interface Store {
	readonly db: Kysely<Database>;
	/** Folder for what the stages produce. */
	readonly mediaFolder: string;
	readonly clock: Clock;
	/** PostgreSQL's own way to ask, for libraries that bring their SQL along; SQLite has none. */
	readonly query?: (asked: { text: string; values?: unknown[] }) => Promise<{ rows: unknown[] }>;
	/** All writes go through here: all or nothing, and one writer at a time over all processes. */
	transaction<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}

export type StoreOptions = StorePlace & { clock?: Clock };

/** What differs between the databases. */
interface Backend {
	dialect: Dialect;
	mediaFolder: string;
	/** True for a transaction that has done nothing and is begun again. */
	again(error: unknown): boolean;
	/** Before the tables, inside the same transaction. */
	prepare?(trx: Transaction<Database>): Promise<void>;
}

/**
 * @throws YtempireError `unavailable` when the file or the database can't be opened or written,
 * `invalid-request` when its description isn't right
 */
export async function openStore({ clock = systemClock, ...place }: StoreOptions): Promise<Store> {
	const { CompiledQuery, HandleEmptyInListsPlugin, Kysely, replaceWithNoncontingentExpression } = await import('../vendor/kysely');
	let db: Kysely<Database> | undefined;
	try {
		const { dialect, mediaFolder, again, prepare } = isSqlite(place) ? await sqlite(place) : await postgres(place);
		// SQLite takes `in ()`, PostgreSQL doesn't
		const plugins = [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })];
		const opened = new Kysely<Database>({ dialect, plugins });
		db = opened;
		const inTurn = oneAtATime();
		const transaction: Store['transaction'] = async (work) =>
			await inTurn(async () => await waitingForWriters(async () => await opened.transaction().execute(work), again));
		await transaction(async (trx) => {
			await prepare?.(trx);
			await migrate(trx, clock.now());
		});
		const close = async () => {
			await opened.destroy();
		};
		const query: Store['query'] = async ({ text, values = [] }) =>
			await opened.executeQuery(CompiledQuery.raw(text, values));
		return { db: opened, mediaFolder, clock, transaction, close, ...(isSqlite(place) ? {} : { query }) };
	} catch (error) {
		await db?.destroy().catch(() => undefined);
		if (isYtempireError(error)) throw error;
		throw new YtempireError('unavailable', `The YTEMPIRE store at ${placeName(place)} can't be opened`, {
			cure: isSqlite(place)
				? 'Check that the folder exists, that n8n may write to it, and that the disk has room.'
				: cureOf(error),
			reason: 'store-unavailable',
			cause: error,
		});
	}
}

async function sqlite({ file, mediaFolder }: SqlitePlace): Promise<Backend> {
	const { SqliteDialect } = await import('../vendor/kysely');
	return {
		dialect: new SqliteDialect({ database: openSqlite(file) }),
		mediaFolder: mediaFolder || join(dirname(file), 'media'),
		again: isBusy,
	};
}

async function postgres(place: PostgresPlace): Promise<Backend> {
	const { PostgresDialect, sql } = await import('../vendor/kysely');
	const schema = schemaOf(place);
	return {
		dialect: new PostgresDialect({ pool: await openPostgres(place) }),
		mediaFolder: place.mediaFolder,
		again: mayBeginAgain,
		// asked first: `if not exists` wants the right to create one even where it is there
		prepare: async (trx) => {
			const { rows } = await sql<{ there: boolean }>`select to_regnamespace(${schema}) is not null as there`.execute(trx);
			if (!rows[0]?.there) await trx.schema.createSchema(schema).execute();
		},
	};
}

/** Milliseconds to wait for other processes' writes before giving up. */
const WRITER_PATIENCE_MS = 30_000;

async function waitingForWriters<T>(attempt: () => Promise<T>, again: (error: unknown) => boolean): Promise<T> {
	const deadline = Date.now() + WRITER_PATIENCE_MS;
	for (;;) {
		try {
			return await attempt();
		} catch (error) {
			const late = waitedTooLong(error) || (again(error) && Date.now() > deadline);
			if (late) throw storeBusy(error);
			if (!again(error)) throw error;
			await sleep(5 + Math.random() * 20);
		}
	}
}

function storeBusy(cause: unknown): YtempireError {
	return new YtempireError('unavailable', 'Other workers kept the YTEMPIRE store from being written to for too long', {
		reason: 'store-busy',
		cure: 'Run it again; if it stays, look for a worker that hangs, and at the load of the disk or database.',
		cause,
	});
}

const shared = new Map<string, Promise<Store>>();

/** The store of that place, opened at the first call in this process and kept open. */
export async function sharedStore(place: StorePlace): Promise<Store> {
	const whole = isSqlite(place) ? { ...place, file: resolve(place.file) } : place;
	const key = contentHash(whole);
	const existing = shared.get(key);
	if (existing) return await existing;
	const opening = openStore(whole);
	shared.set(key, opening);
	opening.catch(() => shared.delete(key));
	return await opening;
}
