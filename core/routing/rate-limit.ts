/** Waits for an account's turn: over all workers when the store is PostgreSQL, else in this process. */
import { sleep, throwIfCancelled } from '../abort';
import type { Store } from '../store/store';
import type { RateLimiterMemory, RateLimiterPostgres } from '../vendor/rate-limiter';

type Limiter = RateLimiterMemory | RateLimiterPostgres;

const MINUTE_S = 60;

const limiters = new WeakMap<Store, Map<number, Promise<Limiter>>>();

/**
 * Returns when the account may send one request more.
 * @throws YtempireError `cancelled`
 */
export async function waitForTurn(
	store: Store,
	account: string,
	perMinute: number,
	signal?: AbortSignal,
): Promise<void> {
	const limiter = await limiterOf(store, perMinute);
	for (;;) {
		throwIfCancelled(signal);
		const waitMs = await takeTurn(limiter, account);
		if (waitMs === 0) return;
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

async function limiterOf(store: Store, perMinute: number): Promise<Limiter> {
	const own = limiters.get(store) ?? new Map<number, Promise<Limiter>>();
	limiters.set(store, own);
	const limiter = own.get(perMinute) ?? makeLimiter(store, perMinute);
	own.set(perMinute, limiter);
	return await limiter;
}

async function makeLimiter(store: Store, points: number): Promise<Limiter> {
	const { RateLimiterMemory, RateLimiterPostgres } = await import('../vendor/rate-limiter');
	const window = { points, duration: MINUTE_S };
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
