/** What n8n's queue mode needs, for one test file: PostgreSQL with a schema for n8n and one for our store, and Redis. */
import { randomBytes } from 'node:crypto';

import type { PostgresPlace } from '../../core/store/place';
import { Pool } from '../../core/vendor/pg';
import { databaseAddress, queueAt, type Queue } from '../../host/queue';

import { POSTGRES_CURE, postgresAvailable, startPostgres } from '../../host/postgres';
import { REDIS_CURE, redisAvailable, startRedis } from './redis';

export interface QueueServers {
	queue: Queue;
	store: PostgresPlace;
	/** Removes all that was made in servers that were given, and ends private ones. */
	stop(): Promise<void>;
}

/** What is not there, with its cure. */
export function missingForQueue(): string[] {
	return [
		...(redisAvailable() ? [] : [REDIS_CURE]),
		...(postgresAvailable() ? [] : [POSTGRES_CURE]),
	];
}

/** @param mediaFolder shared by all workers */
export async function startQueueServers(mediaFolder: string): Promise<QueueServers> {
	const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
	const prefix = `test_${randomBytes(8).toString('hex')}`;
	const database = databaseAddress(postgres.url);
	const schemas = [`${prefix}_n8n`, `${prefix}_store`] as const;
	const run = async (statement: string) => {
		const pool = new Pool({ connectionString: postgres.url });
		await pool.query(statement);
		await pool.end();
	};
	await run(`create schema ${schemas[0]}`);
	return {
		queue: queueAt({ database, schema: schemas[0], redis: redis.url, prefix }),
		store: { ...database, schema: schemas[1], mediaFolder },
		stop: async () => {
			await run(schemas.map((schema) => `drop schema if exists ${schema} cascade`).join(';'));
			await Promise.all([postgres.stop(), redis.stop(prefix)]);
		},
	};
}
