/** Where the YTEMPIRE Store credential says that the store is. */
import { describe, expect, it } from 'vitest';

import { placeFromCredential, testStore } from '../../nodes/shared/store';
import { temporaryFolder } from '../support/store';

const postgres = {
	type: 'postgres', host: ' db.example ', port: 5433, database: 'n8n', schema: 'ytempire', user: 'n8n', password: ' p w ',
	ssl: 'verify', mediaFolder: '/shared/media', databaseFile: '',
};

describe('the store’s credential', () => {
	it('names a file, as those of the first version did, or none for the default', () => {
		expect(placeFromCredential({ databaseFile: ' /data/x.sqlite ' })).toEqual({ file: '/data/x.sqlite' });
		expect(placeFromCredential({ type: 'sqlite', databaseFile: '/x', mediaFolder: '/m' })).toEqual({ file: '/x', mediaFolder: '/m' });
		expect(placeFromCredential({})).toMatchObject({ file: expect.stringMatching(/\.n8n.ytempire.ytempire\.sqlite$/) });
	});

	it('names a database; the password is taken as it is', () => {
		expect(placeFromCredential(postgres)).toEqual({
			host: 'db.example', port: 5433, database: 'n8n', schema: 'ytempire', user: 'n8n', password: ' p w ', ssl: 'verify', mediaFolder: '/shared/media',
		});
		expect(placeFromCredential({ ...postgres, port: '', ssl: 'other' })).toMatchObject({ port: 5432, ssl: 'disable' });
	});

	it('says what PostgreSQL lacks', () => {
		expect(() => placeFromCredential({ ...postgres, host: '', mediaFolder: ' ' })).toThrow(
			expect.objectContaining({ reason: 'store-credential', issues: [{ field: 'host', reason: 'must be filled in' }, { field: 'mediaFolder', reason: 'must be filled in' }] }),
		);
	});

	it('is tested by opening the store, and what is wrong is told with its cure and without the password', async () => {
		const test = async (data: Record<string, any>) =>
			await testStore.call({} as never, { id: '1', name: 'Store', type: 'ytempireStoreApi', data });
		expect(await test({ databaseFile: `${await temporaryFolder()}/x.sqlite` })).toMatchObject({ status: 'OK' });
		const refused = await test({ ...postgres, host: '127.0.0.1', port: 1, password: 'secret-word' });
		expect(refused).toMatchObject({ status: 'Error', message: expect.stringMatching(/127\.0\.0\.1:1 can't be opened.*that the server runs/) });
		expect(refused.message).not.toContain('secret-word');
	});
});
