/** n8n's queue mode: the PostgreSQL and the Redis where its main process and its workers meet. */
import { randomBytes } from 'node:crypto';

import type { PostgresPlace, SslMode } from '../core/store/place';

export type DatabaseAddress = Required<Pick<PostgresPlace, 'host' | 'port' | 'database' | 'user' | 'password' | 'ssl'>>;

export interface Queue {
	database: DatabaseAddress;
	/** For n8n's tables; there already. */
	schema: string;
	/** `redis://…`, or `rediss://…` with TLS. */
	redis: string;
	/** Begins the name of every key in Redis, and of every channel. */
	prefix: string;
	/** The same for all, else a worker can't read the credentials. */
	encryptionKey: string;
}

/** With a key made for it. */
export function queueAt(place: Omit<Queue, 'encryptionKey'>): Queue {
	return { ...place, encryptionKey: randomBytes(24).toString('hex') };
}

/** What n8n needs in its environment, the main process and every worker alike. */
export function queueEnv({ database, schema, redis, prefix, encryptionKey }: Queue): Record<string, string> {
	const { protocol, hostname, port, username, password, pathname } = new URL(redis);
	return {
		EXECUTIONS_MODE: 'queue',
		N8N_ENCRYPTION_KEY: encryptionKey,
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: database.host,
		DB_POSTGRESDB_PORT: String(database.port),
		DB_POSTGRESDB_DATABASE: database.database,
		DB_POSTGRESDB_USER: database.user,
		DB_POSTGRESDB_PASSWORD: database.password,
		DB_POSTGRESDB_SCHEMA: schema,
		DB_POSTGRESDB_SSL_ENABLED: String(database.ssl !== 'disable'),
		DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED: String(database.ssl !== 'require'),
		QUEUE_BULL_REDIS_HOST: hostname,
		QUEUE_BULL_REDIS_PORT: port || '6379',
		QUEUE_BULL_REDIS_USERNAME: decodeURIComponent(username),
		QUEUE_BULL_REDIS_PASSWORD: decodeURIComponent(password),
		QUEUE_BULL_REDIS_DB: pathname.slice(1) || '0',
		QUEUE_BULL_REDIS_TLS: String(protocol === 'rediss:'),
		QUEUE_BULL_PREFIX: prefix,
		N8N_REDIS_KEY_PREFIX: prefix,
		// each process has a folder of its own
		N8N_DEFAULT_BINARY_DATA_MODE: 'database',
	};
}

/** @param url `postgresql://…`; its parameters `host`, `user` and `sslmode` count */
export function databaseAddress(url: string): DatabaseAddress {
	const { hostname, port, pathname, username, password, searchParams } = new URL(url);
	const user = searchParams.get('user') ?? (decodeURIComponent(username) || 'postgres');
	return {
		host: searchParams.get('host') ?? (hostname || 'localhost'),
		port: Number(port) || 5432,
		database: decodeURIComponent(pathname.slice(1)) || user,
		user,
		password: decodeURIComponent(password),
		ssl: sslOf(searchParams.get('sslmode') ?? 'disable'),
	};
}

function sslOf(mode: string): SslMode {
	if (mode.startsWith('verify')) return 'verify';
	return mode === 'require' || mode === 'no-verify' ? 'require' : 'disable';
}
