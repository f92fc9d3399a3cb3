/** Where the YTEMPIRE Store credential says that the store is. */
import { describe, expect, it } from 'vitest';

import { placeFromCredential } from '../../nodes/shared/store';

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
});
