/** The same tests on every database that a store can be in. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';

import type { StorePlace } from '../../core/store/place';
import { openStore, type Store } from '../../core/store/store';
import { sql } from '../../core/vendor/kysely';
import { POSTGRES_CURE, postgresAvailable, startPostgres, type PostgresServer } from '../../host/postgres';

import { describeWhere } from './left-out';
import { temporaryFolder, TestClock } from './store';

export interface PlacedStore extends Store {
	clock: TestClock;
	/** Where it is, for a second connection or another process; plain JSON. */
	place: StorePlace;
}

/** Opens an empty store, or another connection to one that is there; closed when the test ends. */
export type OpenPlaced = (options?: { clock?: TestClock; of?: PlacedStore }) => Promise<PlacedStore>;

/** Runs the tests on SQLite and on PostgreSQL; where that isn't there, its half is reported as left out, and fails with CI=true. */
export function describeStores(name: string, tests: (open: OpenPlaced) => void): void {
	describe(`${name}, on SQLite`, () => {
		tests(async ({ clock, of } = {}) => {
			const place = of?.place ?? { file: join(await temporaryFolder(), 'ytempire.sqlite') };
			return await opened(place, clock ?? of?.clock);
		});
	});
	describePostgres(name, tests);
}

/** Tests of what only PostgreSQL does; left out, or failing in CI, as above. */
export function describePostgres(name: string, tests: (open: OpenPlaced) => void): void {
	describeWhere(`${name}, on PostgreSQL`, postgresAvailable() ? [] : [POSTGRES_CURE], () => {
		let server: PostgresServer;
		beforeAll(async () => {
			server = await startPostgres();
		}, 60_000);
		afterAll(async () => {
			await server.stop();
		});
		tests(async ({ clock, of } = {}) => {
			if (of) return await opened(of.place, clock ?? of.clock);
			const schema = `test_${randomBytes(8).toString('hex')}`;
			const place = { connectionString: server.url, schema, mediaFolder: join(await temporaryFolder(), 'media') };
			return await opened(place, clock, async ({ db }) => {
				await sql`drop schema ${sql.id(schema)} cascade`.execute(db);
			});
		});
	});
}

async function opened(
	place: StorePlace,
	clock = new TestClock(),
	end: (store: Store) => Promise<void> = async () => undefined,
): Promise<PlacedStore> {
	const store = await openStore({ ...place, clock });
	onTestFinished(async () => {
		await end(store);
		await store.close();
	});
	return { ...store, clock, place };
}
