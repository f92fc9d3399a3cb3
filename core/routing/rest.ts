/** Accounts without credit rest until their own date, in the store: every worker leaves them alone. */
import { isYtempireError, YtempireError } from '../errors';
import type { Store } from '../store/store';

/** Milliseconds where the provider doesn't say when there is credit again. */
export const DEFAULT_REST_MS = 3_600_000;

/** @throws YtempireError `quota-exhausted`, reason `resting`, while the account rests */
export async function assertAwake(store: Store, account: string, provider: string): Promise<void> {
	const row = await store.db
		.selectFrom('provider_rests')
		.select(['rests_until', 'reason'])
		.where('account', '=', account)
		.where('rests_until', '>', store.clock.now())
		.executeTakeFirst();
	if (!row) return;
	const until = new Date(row.rests_until);
	throw new YtempireError('quota-exhausted', `${provider} rests until ${until.toISOString()}: ${row.reason}`, {
		provider,
		reason: 'resting',
		resetsAt: until,
		cure: 'Add credit and change the key in the credential, wait until then, or add the credential of another provider.',
	});
}

/** Lets the account rest when it is out of credit. */
export async function restIfExhausted(store: Store, account: string, error: unknown): Promise<void> {
	if (!isYtempireError(error) || error.errorClass !== 'quota-exhausted' || !error.provider) return;
	if (error.reason === 'resting') return;
	const now = store.clock.now();
	const until = error.resetsAt?.getTime() ?? now + DEFAULT_REST_MS;
	const row = { provider: error.provider, rests_until: until, reason: error.message };
	await store.transaction(async (trx) => {
		await trx
			.insertInto('provider_rests')
			.values({ account, ...row })
			.onConflict((conflict) => conflict.column('account').doUpdateSet(row))
			.execute();
	});
}
