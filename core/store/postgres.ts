/** PostgreSQL through pg, shaped as kysely expects it, with one writer at a time as SQLite has. */
import { invalidRequest } from '../errors';
import { contentHash } from '../hash';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from '../vendor/kysely';
import type { PoolClient, PoolConfig } from '../vendor/pg';

import { DEFAULT_SCHEMA, type PostgresPlace } from './place';

/** Connections of a process: one writes, the others read. */
const CONNECTIONS = 4;

const CONNECT_MS = 10_000;

/** Milliseconds to wait for other processes' writes before giving up. */
export const LOCK_PATIENCE_MS = 30_000;

/** Milliseconds after which the server ends the transaction of a worker that stands still, e.g. a frozen machine. */
const STANDSTILL_MS = 15_000;

/** int8, and numeric, which is what sums of int8 are. */
const WHOLE_NUMBERS = new Set([20, 1700]);

/**
 * PostgreSQL's codes for a transaction that has done nothing and may be begun again: serialization
 * failure, deadlock, too many connections, the server is starting.
 */
const BEGIN_AGAIN = new Set(['40001', '40P01', '53300', '57P03']);

/** PostgreSQL's code for having waited for a lock too long. */
const LOCK_NOT_AVAILABLE = '55P03';

/** @throws YtempireError `invalid-request` when the schema's name is none */
export function schemaOf(place: PostgresPlace): string {
	const schema = place.schema?.trim() || DEFAULT_SCHEMA;
	if (/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) return schema;
	throw invalidRequest('The schema of the YTEMPIRE store is not a name that PostgreSQL takes as it is', {
		cure: 'Use lower-case letters, digits and underscores, beginning with a letter: at most 63.',
		reason: 'store-schema',
		issues: [{ field: 'schema', reason: 'lower-case letters, digits and underscores' }],
	});
}

/**
 * Begins a transaction as the only writer of this schema, over all processes.
 *
 * The code reads, decides and then writes: whether an account has room depends on all holds of its
 * project, and whose turn it is on the last choice. Row locks don't cover rows that are not there yet,
 * and under SERIALIZABLE every two choices of one pool conflict, so that many workers would mostly
 * repeat each other's work. One advisory lock per schema gives what SQLite's `begin immediate` gives,
 * in the order of asking, and ends with the transaction or the connection of a worker that dies.
 * With `read committed` the first statement after it sees all that the last writer has committed;
 * the isolation is named because a server may have another default.
 */
function beginAlone(schema: string): string {
	const key = BigInt.asIntN(64, BigInt(`0x${contentHash(['ytempire-store', schema]).slice(0, 16)}`));
	return [
		'begin isolation level read committed read write',
		`set local lock_timeout = ${LOCK_PATIENCE_MS}`,
		`set local idle_in_transaction_session_timeout = ${STANDSTILL_MS}`,
		`select pg_advisory_xact_lock(${key})`,
	].join('; ');
}

/** @param readOnly the server refuses every change */
export async function openPostgres(place: PostgresPlace, readOnly = false): Promise<PostgresPool> {
	const { Pool, types } = await import('../vendor/pg');
	const schema = schemaOf(place);
	const pool = new Pool({
		...connectionOf(place),
		application_name: 'n8n-nodes-ytempire',
		max: CONNECTIONS,
		connectionTimeoutMillis: CONNECT_MS,
		keepAlive: true,
		keepAliveInitialDelayMillis: CONNECT_MS,
		allowExitOnIdle: true,
		types: {
			getTypeParser: (oid, format): unknown =>
				WHOLE_NUMBERS.has(oid) ? safeNumber : types.getTypeParser(oid, format),
		},
	});
	// A connection that breaks while nobody uses it is replaced by the next; unheard, it would end the process
	pool.on('error', () => undefined);
	pool.on('connect', (client) => client.on('error', () => undefined));
	const clients = new WeakMap<PoolClient, PostgresPoolClient>();
	return {
		connect: async () => {
			const client = await pool.connect();
			const known = clients.get(client);
			if (known) return known;
			try {
				await client.query(`set search_path to "${schema}"`);
				if (readOnly) await client.query('set default_transaction_read_only = on');
			} catch (error) {
				client.release(true);
				throw error;
			}
			const made = shaped(client, beginAlone(schema));
			clients.set(client, made);
			return made;
		},
		end: async () => {
			await pool.end();
		},
		options: {},
	};
}

function shaped(client: PoolClient, begin: string): PostgresPoolClient {
	const query = async (text: string, values: readonly unknown[] = []): Promise<PostgresQueryResult<unknown>> => {
		if (text === 'begin') {
			try {
				await client.query(begin);
			} catch (error) {
				// kysely doesn't roll back what didn't begin
				await client.query('rollback').catch(() => undefined);
				throw error;
			}
			return { command: 'SELECT', rowCount: 0, rows: [] };
		}
		const { command, rowCount, rows } = await client.query(text, values.map(storable));
		return { command: command as 'SELECT', rowCount: rowCount ?? 0, rows: rows as unknown[] };
	};
	return {
		query: query as PostgresPoolClient['query'],
		release: (broken) => {
			client.release(broken);
		},
	};
}

/** PostgreSQL's texts can't hold the character U+0000, which may come from outside. */
function storable(value: unknown): unknown {
	return typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;
}

/** @throws RangeError rather than giving another number than the one that was stored */
function safeNumber(text: string): number {
	const value = Number(text);
	if (Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
	throw new RangeError(`The store holds a number that is too large to count with: ${text.slice(0, 40)}`);
}

function connectionOf(place: PostgresPlace): PoolConfig {
	const ssl =
		place.ssl === undefined
			? {}
			: { ssl: place.ssl === 'disable' ? false : { rejectUnauthorized: place.ssl === 'verify' } };
	if (place.connectionString) return { connectionString: asLibpqReads(place.connectionString), ...ssl };
	const { host, port, database, user, password } = place;
	return { host, port, database, user, password, ...ssl };
}

/**
 * By itself pg 8 verifies the certificate for `sslmode=require`, too; PostgreSQL's own programs, and our
 * credential's field, take any there. https://www.postgresql.org/docs/current/libpq-ssl.html
 */
function asLibpqReads(connectionString: string): string {
	const asked = /[?&]sslmode=(prefer|require|verify-ca)(&|$)/.test(connectionString) && !/[?&]uselibpqcompat=/.test(connectionString);
	return asked ? `${connectionString}&uselibpqcompat=true` : connectionString;
}

const codeOf = (error: unknown) =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** True when the transaction was undone, or never begun, for no fault of its own. */
export function mayBeginAgain(error: unknown): boolean {
	return BEGIN_AGAIN.has(codeOf(error));
}

/** True when other workers wrote for longer than anybody should wait. */
export function waitedTooLong(error: unknown): boolean {
	return codeOf(error) === LOCK_NOT_AVAILABLE;
}

/** What a person can do about a database that doesn't open. */
export function cureOf(error: unknown): string {
	const code = codeOf(error);
	if (code === '28P01' || code === '28000') return 'Check user and password in the YTEMPIRE Store credential, and that the server lets this user in.';
	if (code === '3D000') return 'Create the database, or name another one in the YTEMPIRE Store credential.';
	if (code === '42501') return 'Let the user create a schema in this database, or create it as an administrator with this user as its owner.';
	return 'Check that the server runs, and host, port and SSL in the YTEMPIRE Store credential.';
}
