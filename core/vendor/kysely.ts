/** The only import of kysely: typed SQL, the same for SQLite and PostgreSQL. */
export { Kysely, SqliteDialect, sql } from 'kysely';
export type { Generated, Insertable, Selectable, SqliteDatabase, Transaction, Updateable } from 'kysely';
