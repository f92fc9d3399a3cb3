/** Waits for an account's turn: over all workers when the store is PostgreSQL, else in this process. */
import { sleep, throwIfCancelled } from '../abort';
import { YtempireError } from '../errors';
import type { Store } from '../store/store';
import type { RateLimiterMemory, RateLimiterPostgres } from '../vendor/rate-limiter';

type Limiter = RateLimiterMemory | RateLimiterPostgres;

const MINUTE_S = 60;

const limiters = new WeakMap<Store, Map<string, Promise<Limiter>>>();

export interface Turns {
	/** Length of the window in which requests are counted; a minute when left out. */
	windowS?: number;
	/** Whoever would have to wait longer gets an error at once; any wait is waited for when left out. */
	longestWaitMs?: number;
}

/**
 * Returns when the account may send one request more.
 * @param requests that the account may send in one window
 * @throws YtempireError `cancelled`; `rate-limited`, reason `own-limit`, when the wait would be too long
 */
export async function waitForTurn(
	store: Store,
	account: string,
	requests: number,
	signal?: AbortSignal,
	{ windowS = MINUTE_S, longestWaitMs = Infinity }: Turns = {},
): Promise<void> {
	const limiter = await limiterOf(store, requests, windowS);
	for (;;) {
		throwIfCancelled(signal);
		const waitMs = await takeTurn(limiter, account);
		if (waitMs === 0) return;
		if (waitMs > longestWaitMs) throw tooLong(account, requests, windowS, waitMs);
		// those who wait don't come back together
		await sleep(waitMs + Math.random() * 250, signal);
	}
}

/** 0 when the turn was taken, else milliseconds until the next window. */
async function takeTurn(limiter: Limiter, account: string): Promise<number> {
	try {
		await limiter.consume(account);
		return 0;
	} catch (refusal) {
		if (refusal instanceof Error || typeof refusal !== 'object' || refusal === null) throw refusal;
		return Math.max(1, (refusal as { msBeforeNext: number }).msBeforeNext);
	}
}

function tooLong(account: string, requests: number, windowS: number, waitMs: number): YtempireError {
	const provider = account.split(':')[0];
	const minutes = Math.ceil(waitMs / 60_000);
	return new YtempireError('rate-limited', `The allowance of ${requests} requests in ${windowS / 60} minutes at ${provider} is used up`, {
		provider,
		reason: 'own-limit',
		retryAfterMs: waitMs,
		cure: `Run it again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, or raise the number in the credential if the account may send more.`,
	});
}

async function limiterOf(store: Store, requests: number, windowS: number): Promise<Limiter> {
	const own = limiters.get(store) ?? new Map<string, Promise<Limiter>>();
	limiters.set(store, own);
	const name = `${requests}/${windowS}`;
	const limiter = own.get(name) ?? makeLimiter(store, requests, windowS);
	own.set(name, limiter);
	return await limiter;
}

async function makeLimiter(store: Store, points: number, duration: number): Promise<Limiter> {
	const { RateLimiterMemory, RateLimiterPostgres } = await import('../vendor/rate-limiter');
	const window = { points, duration };
	if (!store.query) return new RateLimiterMemory(window);
	const { query } = store;
	return new RateLimiterPostgres({
		...window,
		storeClient: { query },
		storeType: 'pool',
		tableName: 'rate_limits',
		tableCreated: true,
		keyPrefix: '',
	});
}
