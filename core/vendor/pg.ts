/** The only import of pg, PostgreSQL's client. Load it on first use: `await import('../vendor/pg')`. */
export { Pool, types } from 'pg';
export type { PoolClient, PoolConfig } from 'pg';
