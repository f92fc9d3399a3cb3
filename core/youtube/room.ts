/** A call that is of use only with a second one is made when the day has room for both. */
import { YtempireError } from '../errors';
import { setAside, settle, sweep } from '../pool/ledger';
import { nextPacificMidnight } from '../pool/pacific-day';
import type { Method } from '../pool/quota';
import { spendOf } from '../pool/spend';

import type { ApiContext } from './api';

/**
 * Keeps the units of `later` aside while `first` makes its own call.
 * @throws YtempireError `quota-exhausted` without calling when there is no room for `later`
 */
export async function keepingRoomFor<T>(
	{ store, pool, account }: ApiContext,
	later: Method,
	first: () => Promise<T>,
): Promise<T> {
	const now = store.clock.now();
	const holds = await store.transaction(async (trx) => {
		await sweep(trx, now);
		return await setAside(trx, [spendOf(pool, account, later, now)], now);
	});
	if (!holds) {
		const resetsAt = nextPacificMidnight(now);
		throw new YtempireError('quota-exhausted', `Project ${account.project} has no room for ${later} today`, {
			reason: 'quota-reserved',
			cure: `Run it again after ${resetsAt.toISOString()}, or raise the limit in the YouTube Pool credential if Google granted more.`,
			resetsAt,
		});
	}
	try {
		return await first();
	} finally {
		await store.transaction(async (trx) => {
			for (const hold of holds) await settle(trx, hold, 0);
		});
	}
}
