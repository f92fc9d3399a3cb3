/** Where a store is: a file of SQLite's, or a schema in a PostgreSQL database. */

export interface SqlitePlace {
	/** Path of the SQLite file. */
	file: string;
	/** Folder for what the stages produce; default: `media` beside the file. */
	mediaFolder?: string;
}

/** `verify` checks the server's certificate, `require` takes any. */
export const SSL_MODES = ['disable', 'require', 'verify'] as const;

export type SslMode = (typeof SSL_MODES)[number];

export interface PostgresPlace {
	/** `postgresql://…`; in place of the single fields, which it overrides. */
	connectionString?: string;
	/** A name, an address, or the folder of a Unix socket. */
	host?: string;
	port?: number;
	database?: string;
	user?: string;
	password?: string;
	/** Default: disable, or what the connection string says. */
	ssl?: SslMode;
	/** Made when it is not there. Default: see DEFAULT_SCHEMA. */
	schema?: string;
	/** Folder for what the stages produce, at the same path for all workers. */
	mediaFolder: string;
}

export type StorePlace = SqlitePlace | PostgresPlace;

/** A schema of our own: n8n's tables may be in the same database, and `migrations` is one of them. */
export const DEFAULT_SCHEMA = 'ytempire';

export function isSqlite(place: StorePlace): place is SqlitePlace {
	return 'file' in place;
}

/** The place in words, without secrets. */
export function placeName(place: StorePlace): string {
	if (isSqlite(place)) return place.file;
	const { host, port, database } = place.connectionString ? partsOf(place.connectionString) : place;
	return `PostgreSQL database ${database || 'postgres'} at ${host || 'localhost'}:${port || 5432}`;
}

function partsOf(connectionString: string) {
	const url = URL.canParse(connectionString) ? new URL(connectionString) : undefined;
	return {
		host: url?.searchParams.get('host') ?? url?.hostname,
		port: url?.port,
		database: url?.pathname.slice(1),
	};
}
