/** A job in the store that waits for its first stage. */
import type { Budget } from '../../core/cost/budget';
import { queueJob } from '../../core/jobs/queue';
import { validateRequest } from '../../core/jobs/request';
import type { Store } from '../../core/store/store';

/**
 * Queues it anew when it has failed.
 * @param more fields beside `video_id` and `topic`, or in their place
 */
export async function queuedJob(store: Store, more: object = {}, budget: Budget = {}): Promise<void> {
	const validation = validateRequest({ video_id: 'v-1', topic: 'How volcanoes work', ...more });
	if (!validation.valid) throw new Error('the request of this test is not valid');
	await queueJob(store, validation.request, 'test', budget);
	await letGo(store);
}

/** As if the execution that worked last had ended. */
export async function letGo(store: Store): Promise<void> {
	await store.transaction(async (trx) => {
		await trx.updateTable('jobs').set({ holder: '', lease_until: 0 }).execute();
	});
}
