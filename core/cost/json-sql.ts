/** Fields of JSON columns in SQL, the same on both databases. */
import type { Store } from '../store/store';
import type { RawBuilder } from '../vendor/kysely';

export interface JsonSql {
	/** Text of a field, null where it isn't; `key` and `parent` are ours, never from outside. */
	text(column: string, key: string, parent?: string): RawBuilder<string | null>;
	number(column: string, key: string): RawBuilder<number | null>;
}

export async function jsonSqlOf(store: Store): Promise<JsonSql> {
	const { sql } = await import('../vendor/kysely');
	const isPostgres = store.query !== undefined;
	const json = (column: string) => (isPostgres ? sql`${sql.ref(column)}::json` : sql`${sql.ref(column)}`);
	const text: JsonSql['text'] = (column, key, parent) =>
		parent
			? sql`(${json(column)} -> ${sql.lit(parent)} ->> ${sql.lit(key)})`
			: sql`(${json(column)} ->> ${sql.lit(key)})`;
	return { text, number: (column, key) => sql`cast(${text(column, key)} as double precision)` };
}
