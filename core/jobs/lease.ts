/** Who works on a job: one holder at a time, believed dead when it stops renewing. */
import { YtempireError } from '../errors';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Transaction } from '../vendor/kysely';

/** Milliseconds without a sign of life after which another execution may go on. */
export const LEASE_MS = 45_000;

/** Milliseconds between two signs of life. */
export const RENEW_MS = 10_000;

/**
 * Takes or renews the lease for this holder, inside the caller's transaction. A job that
 * isn't in the store needs no lease: the stage then stands for itself.
 * @throws YtempireError `invalid-request` when another live execution holds it
 */
export async function holdJob(
	trx: Transaction<Database>,
	videoId: string,
	holder: string,
	now: number,
): Promise<void> {
	const job = await trx
		.selectFrom('jobs')
		.select(['holder', 'lease_until'])
		.where('video_id', '=', videoId)
		.executeTakeFirst();
	if (!job) return;
	if (job.holder !== holder && job.lease_until > now) {
		throw new YtempireError(
			'invalid-request',
			`Video ${videoId} is being made by another execution (${job.holder})`,
			{ cure: 'Wait for it to finish, or stop it; then run this one again.', reason: 'job-held' },
		);
	}
	await trx
		.updateTable('jobs')
		.set({ holder, lease_until: now + LEASE_MS, updated_at: now })
		.where('video_id', '=', videoId)
		.execute();
}

/** Renews the lease until `stop` is called; tells when another holder has taken over. */
export function keepHolding(
	store: Store,
	videoId: string,
	holder: string,
	onLost: () => void,
): { stop: () => void } {
	const timer = setInterval(() => {
		const now = store.clock.now();
		store.db
			.updateTable('jobs')
			.set({ lease_until: now + LEASE_MS })
			.where('video_id', '=', videoId)
			.where('holder', '=', holder)
			.executeTakeFirst()
			.then(async (result) => {
				if (result.numUpdatedRows > 0n) return;
				const job = await store.db
					.selectFrom('jobs')
					.select('holder')
					.where('video_id', '=', videoId)
					.executeTakeFirst();
				if (job && job.holder !== holder) onLost();
			})
			.catch(() => undefined); // a busy store: the next renewal is seconds away
	}, RENEW_MS);
	timer.unref();
	return {
		stop: () => {
			clearInterval(timer);
		},
	};
}
