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
		throw heldByAnother(videoId, job.holder);
	}
	await trx
		.updateTable('jobs')
		.set({ holder, lease_until: now + LEASE_MS, updated_at: now })
		.where('video_id', '=', videoId)
		.execute();
}

export function heldByAnother(videoId: string, holder: string): YtempireError {
	return new YtempireError(
		'invalid-request',
		`Video ${videoId} is being made by another execution (${holder})`,
		{ cure: 'Wait for it to finish, or stop it; then run this one again.', reason: 'job-held' },
	);
}

/** True when the job has another holder, or none: what this one says of it no longer counts. */
export async function isHeldByAnother(
	trx: Transaction<Database>,
	videoId: string,
	holder: string,
): Promise<boolean> {
	const job = await trx
		.selectFrom('jobs')
		.select('holder')
		.where('video_id', '=', videoId)
		.executeTakeFirst();
	return job !== undefined && job.holder !== holder;
}

/** Renews the lease until `stop` is called; tells when another holder has taken over. */
export function keepHolding(
	store: Store,
	videoId: string,
	holder: string,
	onLost: () => void,
): { stop: () => void } {
	const renew = async () => {
		const lost = await store.transaction(async (trx) => {
			if (await isHeldByAnother(trx, videoId, holder)) return true;
			await trx
				.updateTable('jobs')
				.set({ lease_until: store.clock.now() + LEASE_MS })
				.where('video_id', '=', videoId)
				.execute();
			return false;
		});
		if (lost) onLost();
	};
	const timer = setInterval(() => {
		renew().catch(() => undefined); // a busy store: the next renewal is seconds away
	}, RENEW_MS);
	timer.unref();
	return {
		stop: () => {
			clearInterval(timer);
		},
	};
}
