/** A store in a PostgreSQL that is reached over TCP and TLS, with a certificate made for the run. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import type { PostgresPlace } from '../../../core/store/place';
import { openStore } from '../../../core/store/store';
import { sql } from '../../../core/vendor/kysely';
import { privatePostgresAvailable, startTlsPostgres } from '../../../host/postgres';
import { temporaryFolder } from '../../support/store';

describe.runIf(privatePostgresAvailable())('a store over TCP and TLS', () => {
	it('is encrypted as its address or its credential says, and refuses a certificate that it can’t verify', async () => {
		const folder = await temporaryFolder();
		const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
		execFileSync(
			'openssl',
			['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
			{ stdio: 'ignore' },
		);
		const server = await startTlsPostgres({ cert, key });
		onTestFinished(async () => {
			await server.stop();
		});
		const encrypted = async (place: Partial<PostgresPlace>) => {
			const store = await openStore({ mediaFolder: folder, ...place });
			const { rows } = await sql<{ ssl: boolean }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(store.db);
			await store.close();
			return rows[0]?.ssl;
		};
		const url = (query: string) => ({ connectionString: `${server.url}?${query}` });
		const { port } = new URL(server.url);
		const fields = { host: '127.0.0.1', port: Number(port), database: 'postgres', user: 'ytempire' };
		const refused = { errorClass: 'unavailable', reason: 'store-unavailable' };

		expect(await encrypted({ connectionString: server.url })).toBe(false);
		expect(await encrypted({ ...fields, ssl: 'disable' })).toBe(false);
		expect(await encrypted({ ...fields, ssl: 'require' })).toBe(true);
		await expect(encrypted({ ...fields, ssl: 'verify' })).rejects.toMatchObject(refused);
		expect(await encrypted({ connectionString: server.url, ssl: 'require' })).toBe(true);
		expect(await encrypted(url(`sslmode=verify-full&sslrootcert=${encodeURIComponent(cert)}`))).toBe(true);
		await expect(encrypted(url('sslmode=verify-full'))).rejects.toMatchObject(refused);
		expect(await encrypted(url('sslmode=no-verify'))).toBe(true);
		expect(await encrypted(url('sslmode=require'))).toBe(true);
	}, 60_000);
});
