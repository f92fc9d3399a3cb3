/** The rows of deliveries: who is at which, whether it may have left, and what it gave. */
import { YtempireError } from '../errors';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Transaction } from '../vendor/kysely';

/** Milliseconds without a sign of life after which another may try. */
export const LEASE_MS = 45_000;

export interface Wanted {
	key: string;
	/** What a second try must repeat; the first try's is kept. */
	memo?: object;
}

export interface Taken {
	/** An earlier try may have arrived. */
	unsure: boolean;
	/** Of the first try. */
	memo: unknown;
}

export type Claimed =
	| ({ state: 'taken' } & Taken)
	| { state: 'done'; result: unknown; memo: unknown }
	/** Another lives and is at it. */
	| { state: 'held' };

/** Keys of one statement: databases take only so many values. */
const CHUNK = 200;

/** Takes what nobody is at, in one step over all processes. */
export async function claim(store: Store, wanted: Wanted[], holder: string): Promise<Map<string, Claimed>> {
	const claims = new Map<string, Claimed>();
	await inChunks(wanted, async (some) => {
		await store.transaction(async (trx) => {
			for (const [key, claimed] of await claimSome(trx, some, holder, store.clock.now())) claims.set(key, claimed);
		});
	});
	return claims;
}

async function claimSome(
	trx: Transaction<Database>,
	wanted: Wanted[],
	holder: string,
	now: number,
): Promise<Array<[string, Claimed]>> {
	const rows = await trx
		.selectFrom('deliveries')
		.selectAll()
		.where('key', 'in', wanted.map(({ key }) => key))
		.execute();
	const known = new Map(rows.map((row) => [row.key, row]));
	const claims = wanted.map(({ key, memo = {} }): [string, Claimed] => {
		const row = known.get(key);
		if (row?.state === 'done') {
			return [key, { state: 'done', result: JSON.parse(row.result ?? 'null'), memo: JSON.parse(row.memo) }];
		}
		if (row && row.holder !== holder && row.lease_until > now) return [key, { state: 'held' }];
		return [key, { state: 'taken', unsure: row?.state === 'left', memo: row ? JSON.parse(row.memo) : memo }];
	});
	const taken = claims.flatMap(([key, claimed]) => (claimed.state === 'taken' ? [{ key, memo: claimed.memo }] : []));
	if (taken.length > 0) {
		const held = { holder, lease_until: now + LEASE_MS, updated_at: now };
		await trx
			.insertInto('deliveries')
			.values(taken.map(({ key, memo }) => ({ key, state: 'open' as const, memo: JSON.stringify(memo), result: null, ...held })))
			.onConflict((conflict) => conflict.column('key').doUpdateSet(held))
			.execute();
	}
	return claims;
}

/** What one holder does with what it has taken. */
export class Held {
	/** What has arrived, by key, with what it gave. */
	readonly ended = new Map<string, unknown>();

	constructor(
		private readonly store: Store,
		private readonly holder: string,
		readonly taken: ReadonlyMap<string, Taken>,
	) {}

	/** Before a request: from now on it may have arrived. @throws YtempireError `cancelled` when another has taken over */
	async leaving(keys: string[]): Promise<void> {
		let changed = 0;
		await inChunks(keys, async (some) => {
			changed += await this.change(some, { state: 'left' });
		});
		if (changed < keys.length) {
			throw new YtempireError('cancelled', 'Another execution goes on with what this one was about to send', {
				reason: 'delivery-lost',
				cure: 'Nothing to do: the other execution finishes it.',
			});
		}
	}

	/** After a refusal: it has not arrived, unless an earlier try has. */
	async cameBack(keys: string[]): Promise<void> {
		const sure = keys.filter((key) => this.taken.get(key)?.unsure === false);
		await inChunks(sure, async (some) => {
			await this.change(some, { state: 'open' });
		});
	}

	/** It has arrived. */
	async done(results: ReadonlyMap<string, unknown>): Promise<void> {
		await inChunks([...results], async (some) => {
			await this.store.transaction(async (trx) => {
				const ended = { state: 'done' as const, holder: '', lease_until: 0, updated_at: this.store.clock.now() };
				for (const [key, result] of some) {
					await trx
						.updateTable('deliveries')
						.set({ ...ended, result: JSON.stringify(result) })
						.where('key', '=', key)
						.execute();
				}
			});
			for (const [key, result] of some) this.ended.set(key, result);
		});
	}

	async renew(): Promise<void> {
		await this.changeAll({ lease_until: this.store.clock.now() + LEASE_MS });
	}

	/** What is not done is anybody's again. */
	async letGo(): Promise<void> {
		await this.changeAll({ holder: '', lease_until: 0 });
	}

	private async change(keys: string[], to: { state: 'left' | 'open' }): Promise<number> {
		return await this.store.transaction(async (trx) => {
			const { numUpdatedRows } = await trx
				.updateTable('deliveries')
				.set({ ...to, updated_at: this.store.clock.now() })
				.where('key', 'in', keys)
				.where('holder', '=', this.holder)
				.executeTakeFirst();
			return Number(numUpdatedRows);
		});
	}

	private async changeAll(to: { holder?: string; lease_until: number }): Promise<void> {
		await this.store.transaction(async (trx) => {
			await trx.updateTable('deliveries').set(to).where('holder', '=', this.holder).execute();
		});
	}
}

async function inChunks<T>(all: T[], work: (some: T[]) => Promise<void>): Promise<void> {
	for (let start = 0; start < all.length; start += CHUNK) await work(all.slice(start, start + CHUNK));
}
