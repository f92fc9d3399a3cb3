/** YouTube's calls other than the upload, through Google's own client library, each within the quota. */
import { isYtempireError } from '../errors';
import type { PoolAccount, YouTubePool } from '../pool/accounts';
import { recordRefusal } from '../pool/outcome';
import type { Method } from '../pool/quota';
import { withinQuota } from '../pool/spend';
import { retry, type RetryOptions } from '../retry';
import { waitForTurn } from '../routing/rate-limit';
import type { Store } from '../store/store';
import type { YouTubeApi } from '../vendor/googleapis';

import { youTubeError } from './errors';
import type { TokenSource } from './oauth';
import { isExpiredToken } from './session';

const TIMEOUT_MS = 60_000;

export interface ApiContext {
	store: Store;
	pool: YouTubePool;
	account: PoolAccount;
	tokens: TokenSource;
	signal?: AbortSignal;
	retry?: RetryOptions;
}

/** What Google's client takes beside the call's own parameters: one try, no redirects, an end. */
export interface CallOptions {
	retry: false;
	timeout: number;
	redirect: 'error';
	/** Named for each call: what is uploaded would otherwise go to Google whatever the base URL says. */
	rootUrl: string;
	signal?: AbortSignal;
}

/**
 * Makes one call, tried again when the trouble may pass; each try is paid for. What a refusal says
 * about project, channel or account is written down.
 * @throws YtempireError with YouTube's reason and its cure
 */
export async function callYouTube<T>(
	context: ApiContext,
	method: Method,
	call: (api: YouTubeApi, options: CallOptions) => Promise<{ data: T }>,
): Promise<T> {
	const { store, pool, account, tokens, signal } = context;
	const { youtube } = await import('../vendor/googleapis');
	const rootUrl = `${pool.baseUrl}/`;
	const api = youtube({ version: 'v3', auth: tokens.client, rootUrl });
	const options: CallOptions = { retry: false, timeout: TIMEOUT_MS, redirect: 'error', rootUrl, signal };
	const once = async () => {
		// Before any unit is set aside: a refused token costs none
		await tokens.get(signal);
		await waitForTurn(store, `youtube:${account.project}`, pool.quota.requestsPerMinute, signal);
		return await withinQuota(store, pool, account, method, async () => {
			try {
				return (await call(api, options)).data;
			} catch (error) {
				throw youTubeError(error, { signal, secrets: [account.clientSecret, account.refreshToken] });
			}
		});
	};
	const withFreshToken = async () => {
		try {
			return await once();
		} catch (error) {
			if (!isExpiredToken(error)) throw error;
			tokens.forget();
			return await once();
		}
	};
	try {
		return await retry(withFreshToken, { signal, ...context.retry });
	} catch (error) {
		if (isYtempireError(error)) await recordRefusal(store, pool, account, method, error);
		throw error;
	}
}
