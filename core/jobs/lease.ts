/**
 * Who works on a job: one holder at a time, believed dead when it stops renewing. A stage that the job's lease doesn't
 * cover (beside the main line, or of a video that was never queued) has one of its own.
 */
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
 * isn't in the store has none: its stages then stand for themselves.
 * @returns whether there is a job
 * @throws YtempireError `invalid-request` when another live execution holds it
 */
export async function holdJob(
	trx: Transaction<Database>,
	videoId: string,
	holder: string,
	now: number,
): Promise<boolean> {
	const job = await trx
		.selectFrom('jobs')
		.select(['holder', 'lease_until'])
		.where('video_id', '=', videoId)
		.executeTakeFirst();
	if (!job) return false;
	if (job.holder !== holder && job.lease_until > now) {
		throw heldByAnother(videoId, job.holder);
	}
	await trx
		.updateTable('jobs')
		.set({ holder, lease_until: now + LEASE_MS, updated_at: now })
		.where('video_id', '=', videoId)
		.execute();
	return true;
}

/** A stage with a lease of its own. */
export interface StageKey {
	videoId: string;
	stage: string;
}

/** The other execution that runs the stage; undefined when none does, or none that is alive. */
export async function otherAtStage(
	trx: Transaction<Database>,
	{ videoId, stage }: StageKey,
	holder: string,
	now: number,
): Promise<string | undefined> {
	const row = await trx
		.selectFrom('stages')
		.select('holder')
		.where('video_id', '=', videoId)
		.where('stage', '=', stage)
		.where('holder', 'not in', ['', holder])
		.where('lease_until', '>', now)
		.executeTakeFirst();
	return row?.holder;
}

/** True when another execution took the stage over, after this one gave no sign of life. */
export async function isStageLost(trx: Transaction<Database>, { videoId, stage }: StageKey, holder: string): Promise<boolean> {
	const row = await trx
		.selectFrom('stages')
		.select('holder')
		.where('video_id', '=', videoId)
		.where('stage', '=', stage)
		.executeTakeFirst();
	return row !== undefined && row.holder !== holder;
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

/**
 * Renews the lease until `stop` is called; tells when another holder has taken over.
 * @param ownLease of the stage, in place of the job's
 */
export function keepHolding(
	store: Store,
	{ videoId, stage }: StageKey,
	holder: string,
	ownLease: boolean,
	onLost: () => void,
): { stop: () => void } {
	const renew = async () => {
		const lost = await store.transaction(async (trx) => {
			const leased = { lease_until: store.clock.now() + LEASE_MS };
			if (ownLease) {
				if (await isStageLost(trx, { videoId, stage }, holder)) return true;
				await trx.updateTable('stages').set(leased).where('video_id', '=', videoId).where('stage', '=', stage).execute();
				return false;
			}
			if (await isHeldByAnother(trx, videoId, holder)) return true;
			await trx.updateTable('jobs').set(leased).where('video_id', '=', videoId).execute();
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
