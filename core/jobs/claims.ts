/** Who looks at a rendered video: one run at a time, however many overlap. */
import { YtempireError } from '../errors';
import type { Database } from '../store/schema';
import type { Transaction } from '../vendor/kysely';

/**
 * Milliseconds for which a run has what it took: longer than a run may last, shorter than the hour until the next.
 * A run that was killed gives its videos free by this.
 */
export const CLAIM_MS = 55 * 60_000;

/** Runs that took a video and ended without a decision; after these it is left to a person: what stops one stops the next. */
export const MOST_LOOKS = 3;

const FREE = { holder: '', claim_until: 0, person: '', person_at: 0, viewers_at: 0, looks: 0 };

export async function claimReview(trx: Transaction<Database>, videoId: string, holder: string, now: number): Promise<void> {
	await writeReview(trx, videoId, { holder, claim_until: now + CLAIM_MS, looks: 1 + (await looksAt(trx, videoId)) });
}

/** Runs that have taken it since the last decision. */
export async function looksAt(trx: Transaction<Database>, videoId: string): Promise<number> {
	const row = await trx.selectFrom('reviews').select('looks').where('video_id', '=', videoId).executeTakeFirst();
	return row?.looks ?? 0;
}

/** @throws YtempireError `invalid-request`, reason `review-held`, when another run has it */
export async function assertReviewFree(trx: Transaction<Database>, videoId: string, holder: string, now: number): Promise<void> {
	const row = await trx.selectFrom('reviews').select(['holder', 'claim_until']).where('video_id', '=', videoId).executeTakeFirst();
	if (!row || row.claim_until <= now || row.holder === holder) return;
	throw new YtempireError('invalid-request', `Video ${videoId} is being looked at by another execution (${row.holder})`, {
		reason: 'review-held',
		cure: 'Nothing to do: the other execution decides about it.',
	});
}

/** Decided about: the next run may take it again, if there is a reason, after those that were not looked at for longer. */
export async function endReview(trx: Transaction<Database>, videoId: string, now: number): Promise<void> {
	await trx.updateTable('reviews').set({ holder: '', claim_until: now, looks: 0 }).where('video_id', '=', videoId).execute();
}

/** @param why empty: no person has to look at it any more */
export async function leaveToPerson(trx: Transaction<Database>, videoId: string, why: string, now: number): Promise<void> {
	await writeReview(trx, videoId, { holder: '', claim_until: 0, person: why, person_at: why ? now : 0, looks: 0 });
}

/** It was decided about by the figures of its viewers: once is enough. */
export async function viewersJudged(trx: Transaction<Database>, videoId: string, now: number): Promise<void> {
	await writeReview(trx, videoId, { viewers_at: now });
}

async function writeReview(trx: Transaction<Database>, videoId: string, change: Partial<typeof FREE>): Promise<void> {
	await trx
		.insertInto('reviews')
		.values({ video_id: videoId, ...FREE, ...change })
		.onConflict((conflict) => conflict.column('video_id').doUpdateSet(change))
		.execute();
}
