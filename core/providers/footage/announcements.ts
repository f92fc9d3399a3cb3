/** Uses that a library wants to be told of: written down when the file is here, told at once where that can be, else with a later use of the library. */
import { randomUUID } from 'node:crypto';

import { throwIfCancelled } from '../../abort';
import { isYtempireError } from '../../errors';
import type { Store } from '../../store/store';
import type { FootageCandidate } from './footage';

/** Told with one use at most: what waited shares the allowance with searches. */
const MOST_AT_ONCE = 10;

/** Whoever is at it gets so long; another worker takes it up after that. */
const HELD_MS = 60_000;

export async function writeDownUse(store: Store, account: string, candidate: FootageCandidate): Promise<void> {
	await store.transaction(async (trx) => {
		const use = { id: randomUUID(), account, candidate: JSON.stringify(candidate), at: store.clock.now(), held_until: 0 };
		await trx.insertInto('footage_announcements').values(use).execute();
	});
}

/**
 * Tells what is written down of the account, the oldest first, until one can't be told; that one stays.
 * A use is told twice only when the machine stops between the call and its note.
 * @param tell one request @throws YtempireError by class; `invalid-request` when there is nobody left to tell
 * @throws YtempireError `cancelled`
 */
export async function tellUses(
	store: Store,
	account: string,
	tell: (candidate: FootageCandidate) => Promise<void>,
	signal?: AbortSignal,
): Promise<void> {
	for (let told = 0; told < MOST_AT_ONCE; told++) {
		const use = await takeOldest(store, account);
		if (!use) return;
		try {
			await tell(JSON.parse(use.candidate) as FootageCandidate);
		} catch (error) {
			// a photo that is gone has nobody who counts its uses
			if (!isYtempireError(error) || error.errorClass !== 'invalid-request') {
				await store.transaction(async (trx) => {
					await trx.updateTable('footage_announcements').set({ held_until: 0 }).where('id', '=', use.id).execute();
				});
				throwIfCancelled(signal);
				if (!isYtempireError(error)) throw error;
				return;
			}
		}
		await store.transaction(async (trx) => {
			await trx.deleteFrom('footage_announcements').where('id', '=', use.id).execute();
		});
	}
}

async function takeOldest(store: Store, account: string): Promise<{ id: string; candidate: string } | undefined> {
	const now = store.clock.now();
	return await store.transaction(async (trx) => {
		const use = await trx
			.selectFrom('footage_announcements')
			.select(['id', 'candidate'])
			.where('account', '=', account)
			.where('held_until', '<=', now)
			.orderBy('at')
			.orderBy('id')
			.limit(1)
			.executeTakeFirst();
		if (use) await trx.updateTable('footage_announcements').set({ held_until: now + HELD_MS }).where('id', '=', use.id).execute();
		return use;
	});
}
