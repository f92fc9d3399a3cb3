/** The store: whether it is there, can be read and written, and has all its tables. */
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';

import { isYtempireError } from '../errors';
import { isSqlite, placeName, type StorePlace } from '../store/place';

import { finding, fromError, type Finding } from './finding';

export async function checkStore(place: StorePlace): Promise<Finding> {
	try {
		// loaded here: an old Node has no SQLite, and is told of by another check
		const { openToLook } = await import('../store/look');
		const store = await openToLook(place);
		try {
			const { pending } = store;
			if (pending.length > 0) {
				return finding(
					'store',
					'fault',
					`The store at ${placeName(place)} is of an older version: ${pending.length} of its changes have not been made (${pending.join(', ')})`,
					'Restart n8n with this version of the package and run a workflow once: it brings the store up to date.',
				);
			}
			if (isSqlite(place)) await mayWrite(place.file);
			return finding('store', 'ok', `The store at ${placeName(place)} is there and up to date`);
		} finally {
			await store.close();
		}
	} catch (error) {
		if (isYtempireError(error) && error.reason === 'store-missing') return fromError('store', error, 'warning');
		if (isRefused(error)) {
			return finding('store', 'fault', `This user may not write to the store at ${placeName(place)}`, 'Run the command as the user that n8n runs as, and let that user own the file and its folder.');
		}
		return fromError('store', error);
	}
}

/** SQLite writes beside the file, too. */
async function mayWrite(file: string): Promise<void> {
	await access(file, constants.W_OK);
	await access(dirname(file), constants.W_OK);
}

function isRefused(error: unknown): boolean {
	return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EROFS');
}
