/** A library's allowance of a month, counted in the store: over all workers, and over restarts. */
import { YtempireError } from '../../errors';
import type { Store } from '../../store/store';
import { footageTitle } from './terms';

/**
 * Counts one request. Months are the calendar's in UTC; where a library begins its own on another day, its answer says so.
 * @param requests that the account may send in a month
 * @throws YtempireError `rate-limited`, reason `own-limit`, when they are used up
 */
export async function takeOfMonth(store: Store, account: string, requests: number): Promise<void> {
	const now = new Date(store.clock.now());
	const month = now.toISOString().slice(0, 7);
	const isLeft = await store.transaction(async (trx) => {
		const row = await trx.selectFrom('footage_months').select('requests').where('account', '=', account).where('month', '=', month).executeTakeFirst();
		const used = row?.requests ?? 0;
		if (used >= requests) return false;
		if (!row) await trx.deleteFrom('footage_months').where('account', '=', account).execute();
		await trx
			.insertInto('footage_months')
			.values({ account, month, requests: 1 })
			.onConflict((conflict) => conflict.columns(['account', 'month']).doUpdateSet({ requests: used + 1 }))
			.execute();
		return true;
	});
	if (isLeft) return;
	const provider = account.split(':')[0] ?? '';
	throw new YtempireError('rate-limited', `The allowance of ${requests} requests in a month at ${footageTitle(provider)} is used up`, {
		provider,
		reason: 'own-limit',
		retryAfterMs: Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - now.getTime(),
		cure: 'Run it again next month, choose another library, or raise the number in the credential if the account may send more.',
	});
}
