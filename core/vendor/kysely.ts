/** The only import of kysely: typed SQL, the same for SQLite and PostgreSQL. */
export {
	CompiledQuery,
	HandleEmptyInListsPlugin,
	Kysely,
	PostgresDialect,
	replaceWithNoncontingentExpression,
	sql,
	SqliteDialect,
} from 'kysely';
export type {
	Dialect,
	ExpressionBuilder,
	Generated,
	Insertable,
	PostgresPool,
	PostgresPoolClient,
	PostgresQueryResult,
	RawBuilder,
	Selectable,
	SqliteDatabase,
	Transaction,
	Updateable,
} from 'kysely';
