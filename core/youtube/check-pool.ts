/** Whether every account of the pool can still sign in. */
import { isYtempireError } from '../errors';
import { mapLimited } from '../concurrency';
import type { YouTubePool } from '../pool/accounts';

import { tokenSource } from './oauth';

/** Accounts asked at the same time. */
const AT_ONCE = 5;

export interface ConnectionState {
	account_id: string;
	/** Empty when it can sign in. */
	problem: string;
}

/** Asks Google for a new token of each account; costs no quota. */
export async function checkConnections(pool: YouTubePool, signal?: AbortSignal): Promise<ConnectionState[]> {
	return await mapLimited(
		pool.accounts,
		AT_ONCE,
		async (account) => {
			const tokens = await tokenSource(pool, account);
			tokens.forget();
			try {
				await tokens.get(signal);
				return { account_id: account.accountId, problem: '' };
			} catch (error) {
				if (!isYtempireError(error)) throw error;
				return { account_id: account.accountId, problem: [error.reason, error.cure].filter(Boolean).join(': ') };
			}
		},
		signal,
	);
}
