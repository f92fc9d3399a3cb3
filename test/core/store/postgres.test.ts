/** What only PostgreSQL can do to a store: servers that end connections, wrong names, schemas beside others. */
import { expect, it } from 'vitest';

import type { YtempireError } from '../../../core/errors';
import { placeName, type PostgresPlace } from '../../../core/store/place';
import { openStore, sharedStore } from '../../../core/store/store';
import { sql } from '../../../core/vendor/kysely';
import { describePostgres } from '../../support/stores';

const addTurn = { pool: 'p', role: 'active', turn: 1 };

describePostgres('a store', (open) => {
	it('outlives connections that the server ends, in the middle of a transaction and between them', async () => {
		const store = await open();
		const killer = await open({ of: store });
		const kill = async (pid: number) => await sql`select pg_terminate_backend(${pid}::int)`.execute(killer.db);
		const cut = store.transaction(async (trx) => {
			await trx.insertInto('pool_turns').values(addTurn).execute();
			const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
			await kill(rows[0]!.pid);
			await new Promise((resolve) => setTimeout(resolve, 100));
			await trx.insertInto('pool_turns').values({ ...addTurn, role: 'reserve' }).execute();
		});
		await expect(cut).rejects.toThrow();
		expect(await store.db.selectFrom('pool_turns').selectAll().execute()).toEqual([]);
		const { rows: idle } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(store.db);
		await kill(idle[0]!.pid);
		await new Promise((resolve) => setTimeout(resolve, 100));
		await store.transaction(async (trx) => await trx.insertInto('pool_turns').values(addTurn).execute());
		expect(await store.db.selectFrom('pool_turns').selectAll().execute()).toEqual([addTurn]);
	});

	it('reads what the last writer wrote though the server isolates transactions in another way', async () => {
		const store = await open();
		const url = new URL((store.place as PostgresPlace).connectionString!);
		url.searchParams.set('options', '-c default_transaction_isolation=serializable');
		const stores = await Promise.all(
			Array.from({ length: 2 }, async () => await openStore({ ...store.place, connectionString: url.href })),
		);
		const write = async (index: number) =>
			await stores[index % 2]!.transaction(async (trx) => {
				const row = await trx.selectFrom('pool_turns').select('turn').executeTakeFirst();
				const turn = (row?.turn ?? 0) + 1;
				await trx
					.insertInto('pool_turns')
					.values({ ...addTurn, turn })
					.onConflict((conflict) => conflict.columns(['pool', 'role']).doUpdateSet({ turn }))
					.execute();
			});
		await Promise.all(Array.from({ length: 20 }, async (_, index) => await write(index)));
		expect(await store.db.selectFrom('pool_turns').select('turn').execute()).toEqual([{ turn: 20 }]);
		await Promise.all(stores.map(async (one) => { await one.close(); }));
	});

	it('has a schema of its own, and leaves tables of the same name in others alone', async () => {
		const [first, second] = [await open(), await open()];
		await first.transaction(async (trx) => await trx.insertInto('pool_turns').values(addTurn).execute());
		expect(await second.db.selectFrom('pool_turns').selectAll().execute()).toEqual([]);
	});

	it('is made once by many that open it first at the same time', async () => {
		const { place } = await open();
		const schema = `${(place as PostgresPlace).schema}_raced`;
		const stores = await Promise.all(Array.from({ length: 8 }, async () => await openStore({ ...(place as PostgresPlace), schema })));
		const names = await stores[7]!.db.selectFrom('migrations').select('name').execute();
		expect(names.length).toBeGreaterThan(2);
		await sql`drop schema ${sql.id(schema)} cascade`.execute(stores[0]!.db);
		await Promise.all(stores.map(async (store) => { await store.close(); }));
	});

	it('is opened once for a place', async () => {
		const { place } = await open();
		const [one, other] = await Promise.all([sharedStore(place), sharedStore({ ...place })]);
		expect(one).toBe(other);
		await one.close();
	});

	it('says what is wrong, without the password', async () => {
		const { place } = await open();
		const { mediaFolder, connectionString } = place as PostgresPlace;
		const wrong = async (more: Partial<PostgresPlace>) =>
			(await openStore({ mediaFolder, ...more }).catch((error: unknown) => error)) as YtempireError;
		const nowhere = await wrong({ host: '127.0.0.1', port: 1, database: 'd', user: 'u', password: 'secret-word' });
		expect(nowhere).toMatchObject({ errorClass: 'unavailable', message: 'The YTEMPIRE store at PostgreSQL database d at 127.0.0.1:1 can\'t be opened' });
		expect(nowhere.cure).toContain('that the server runs');
		const missing = new URL(connectionString!);
		missing.pathname = '/no_such_database';
		expect((await wrong({ connectionString: missing.href })).cure).toContain('Create the database');
		expect(await wrong({ connectionString, schema: 'a"; drop table jobs; --' })).toMatchObject({ errorClass: 'invalid-request', reason: 'store-schema' });
		expect(placeName({ connectionString: 'postgresql://u:secret-word@db:6543/n8n', mediaFolder })).toBe('PostgreSQL database n8n at db:6543');
	});
});
