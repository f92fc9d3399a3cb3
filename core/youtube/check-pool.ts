/** Whether the accounts of the pool can still sign in. */
import { mapLimited } from '../concurrency';
import { isYtempireError, type YtempireError } from '../errors';
import type { PoolAccount, YouTubePool } from '../pool/accounts';
import { releaseConnection } from '../pool/health';
import { recordRefusal } from '../pool/outcome';
import type { Store } from '../store/store';

import { tokenSource } from './oauth';

/** Accounts asked at the same time. */
const AT_ONCE = 5;

export interface ConnectionState {
	account_id: string;
	/** Empty when it can sign in. */
	problem: string;
	/** ISO 8601: when the sign-in ends; null when Google names no end. */
	sign_in_ends_at: string | null;
	error?: YtempireError;
}

/** Asks Google for a new token of each account; costs no quota. */
export async function checkConnections(
	pool: YouTubePool,
	signal?: AbortSignal,
	accounts: PoolAccount[] = pool.accounts,
): Promise<ConnectionState[]> {
	return await mapLimited(
		accounts,
		AT_ONCE,
		async (account) => {
			const tokens = await tokenSource(pool, account);
			tokens.forget();
			try {
				await tokens.get(signal);
				const ends = tokens.signInEnds();
				return {
					account_id: account.accountId,
					problem: '',
					sign_in_ends_at: ends === undefined ? null : new Date(ends).toISOString(),
				};
			} catch (error) {
				if (!isYtempireError(error) || error.errorClass === 'cancelled') throw error;
				const problem = [error.reason, error.cure].filter(Boolean).join(': ');
				return { account_id: account.accountId, problem, sign_in_ends_at: null, error };
			}
		},
		signal,
	);
}

/**
 * Signs the accounts in and writes down what comes of it: an account that Google turns away goes into
 * quarantine; one that can sign in leaves it when a lost sign-in was why. A closed channel or a
 * person's own word stays.
 */
export async function checkHealth(
	store: Store,
	pool: YouTubePool,
	accounts: PoolAccount[],
	signal?: AbortSignal,
): Promise<ConnectionState[]> {
	const states = await checkConnections(pool, signal, accounts);
	for (const [index, { error }] of states.entries()) {
		const account = accounts[index];
		if (!account) continue;
		if (error) await recordRefusal(store, pool, account, 'videos.insert', error);
		else await releaseConnection(store, account);
	}
	return states;
}
