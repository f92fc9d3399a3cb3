/**
 * How many requests of an account are under way at once: over all that this process does, and over all workers when the
 * store is PostgreSQL. A place whose holder died is free again when its lease is over.
 */
import { randomUUID } from 'node:crypto';

import { sleep } from '../abort';
import type { Store } from '../store/store';

import { Gate } from './gate';
import table from './rate-limits.json';

/** Milliseconds without a sign of life after which a place is free again. */
export const PLACE_LEASE_MS = 45_000;

/** Milliseconds between two signs of life. */
const RENEW_MS = 10_000;

/** Milliseconds between two looks whether another worker has left a place. */
const LOOK_MS = 200;

/** Of accounts at providers that the table doesn't know. */
const FIRST_AT_ONCE = 3;

export interface Places {
	/** Runs `work` when there is a place for it. @throws YtempireError `cancelled` while it waits, and what `work` throws */
	pass<T>(store: Store, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
	/** As the provider told; undefined until it did. */
	readonly told: number | undefined;
	tell(most: number): void;
}

const places = new Map<string, Places>();

/**
 * The places of an account in this process.
 * @param account see `accountName`
 */
export function placesOf(account: string, provider: string): Places {
	const there = places.get(account) ?? new AccountPlaces(account, provider);
	places.set(account, there);
	return there;
}

class AccountPlaces implements Places {
	told: number | undefined;

	private readonly first: number;

	private readonly gate: Gate;

	constructor(
		private readonly account: string,
		provider: string,
	) {
		this.first = (table.requests_at_once as Record<string, number | undefined>)[provider] ?? FIRST_AT_ONCE;
		this.gate = new Gate(this.first);
	}

	tell(most: number): void {
		this.told = most;
		this.gate.setMost(most);
	}

	async pass<T>(store: Store, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
		return await this.gate.pass(async () => {
			const leave = store.query ? await this.take(store, signal) : undefined;
			try {
				return await work();
			} finally {
				await leave?.();
			}
		}, signal);
	}

	/** @returns gives the place back; never fails: a place that can't be given back is free when its lease is over */
	private async take(store: Store, signal: AbortSignal | undefined): Promise<() => Promise<void>> {
		const id = randomUUID();
		// those who wait don't look together
		while (!(await this.tryToTake(store, id))) await sleep(LOOK_MS * (1 + Math.random()), signal);
		const renew = async () => {
			await store.transaction(async (trx) => {
				const until = store.clock.now() + PLACE_LEASE_MS;
				await trx.updateTable('account_places').set({ until, ...this.known() }).where('id', '=', id).execute();
			});
		};
		const timer = setInterval(() => {
			renew().catch(() => undefined); // a busy store: the next renewal is seconds away
		}, RENEW_MS);
		timer.unref();
		return async () => {
			clearInterval(timer);
			await store
				.transaction(async (trx) => {
					await trx.deleteFrom('account_places').where('id', '=', id).execute();
				})
				.catch(() => undefined);
		};
	}

	private async tryToTake(store: Store, id: string): Promise<boolean> {
		const { account } = this;
		// most looks find none: those write nothing
		if (!(await this.hasRoom(store.db, store.clock.now()))) return false;
		return await store.transaction(async (trx) => {
			const now = store.clock.now();
			if (!(await this.hasRoom(trx, now))) return false;
			await trx.deleteFrom('account_places').where('until', '<=', now).execute();
			await trx
				.insertInto('account_places')
				.values({ id, account, until: now + PLACE_LEASE_MS, most: this.told ?? 0 })
				.execute();
			return true;
		});
	}

	/** What another worker was told holds for this one too. */
	private async hasRoom(db: Store['db'], now: number): Promise<boolean> {
		const { busy, most } = await db
			.selectFrom('account_places')
			.select((eb) => [eb.fn.countAll().as('busy'), eb.fn.max('most').as('most')])
			.where('account', '=', this.account)
			.where('until', '>', now)
			.executeTakeFirstOrThrow();
		return Number(busy) < (this.told ?? (most || this.first));
	}

	private known(): { most?: number } {
		return this.told === undefined ? {} : { most: this.told };
	}
}
