/** The store as the command sees it: read only. Loaded late, as older versions of Node have no SQLite. */
import { YtempireError } from '../core/errors';
import type { StorePlace } from '../core/store/place';
import type { Look } from '../core/store/look';

/** Opens it, works, and closes it. @throws YtempireError, reason `store-old`, when its tables are of an older version */
export async function withStore<T>(place: StorePlace, work: (store: Look) => Promise<T>): Promise<T> {
	const { openToLook } = await import('../core/store/look');
	const store = await openToLook(place);
	try {
		if (store.pending.length > 0) {
			throw new YtempireError('unavailable', 'The store was made by an older version of this package', {
				cure: 'Let n8n run a workflow with this version of the package once: it brings the store up to date.',
				reason: 'store-old',
			});
		}
		return await work(store);
	} finally {
		await store.close();
	}
}
