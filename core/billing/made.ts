/** What has been made at Stripe, kept in the store: reserved before Stripe is asked, and named when the answer is there. */
import { randomUUID } from 'node:crypto';

import { sleep, throwIfCancelled } from '../abort';
import { YtempireError } from '../errors';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';

/** Milliseconds without a sign of life after which another may ask: a request of a dead process has ended by then. */
const LEASE_MS = 10_000;

/** Milliseconds between two signs of life. */
const RENEW_MS = 2_500;

/** Milliseconds between two looks at what another is at. */
const LOOK_MS = 100;

/** Milliseconds to wait for another's end. */
const WAIT_MS = 90_000;

export interface MadeName {
	/** Account and mode. */
	account: string;
	/** e.g. `customer` */
	operation: string;
	/** Hash of what makes it the same. */
	same: string;
}

interface Known {
	/** What the idempotency key comes after; empty for the first one. */
	after: string;
	/** Stripe's ID; empty while nobody has heard of one. */
	object: string;
	/** Milliseconds since 1970: when it was first asked for, behind what has ended. */
	askedAt: number;
}

/** One thing, held by one execution over all workers. */
export class MadeRow {
	private timer: NodeJS.Timeout | undefined;

	private constructor(
		private readonly store: Store,
		private readonly name: MadeName,
		private readonly holder: string,
		private known: Known,
	) {
		this.timer = setInterval(() => {
			// a busy store: the next sign is seconds away
			this.change({ lease_until: store.clock.now() + LEASE_MS }).catch(() => undefined);
		}, RENEW_MS);
		this.timer.unref();
	}

	/**
	 * Reserved, or taken up as an earlier run left it; waits for whoever is at it.
	 * @throws YtempireError `rate-limited` when another is at it for longer than a minute and a half
	 */
	static async hold(store: Store, name: MadeName, signal?: AbortSignal): Promise<MadeRow> {
		const holder = randomUUID();
		const deadline = Date.now() + WAIT_MS;
		for (;;) {
			throwIfCancelled(signal);
			const known = await take(store, name, holder);
			if (known) return new MadeRow(store, name, holder, known);
			if (Date.now() >= deadline) throw heldByAnother(name);
			await sleep(LOOK_MS, signal);
		}
	}

	get after(): string {
		return this.known.after;
	}

	get object(): string {
		return this.known.object;
	}

	get askedAt(): number {
		return this.known.askedAt;
	}

	/** It is there. Whoever has taken over meanwhile comes to the same, by the same key. */
	async made(object: string): Promise<void> {
		await this.change({ object });
		this.known = { ...this.known, object };
	}

	/** Nothing came of what was asked so long ago that Stripe has forgotten it: it is asked anew. */
	async askedAgain(): Promise<void> {
		await this.set({ ...this.known, askedAt: this.store.clock.now() });
	}

	/** What was there is over: the next comes behind it. */
	async behind(ended: string): Promise<void> {
		await this.set({ after: ended, object: '', askedAt: this.store.clock.now() });
	}

	/** Stripe has a failure under the key: the next key takes its place. */
	async withNextKey(after: string): Promise<void> {
		await this.set({ ...this.known, after });
	}

	async letGo(): Promise<void> {
		clearInterval(this.timer);
		await this.change({ holder: '', lease_until: 0 });
	}

	private async set(known: Known): Promise<void> {
		const { after, object, askedAt } = known;
		if (!(await this.change({ after, object, asked_at: askedAt }))) throw heldByAnother(this.name);
		this.known = known;
	}

	/** False when another has taken it over. */
	private async change(values: Partial<Database['billing_made']>): Promise<boolean> {
		return await this.store.transaction(async (trx) => {
			const { numUpdatedRows } = await trx
				.updateTable('billing_made')
				.set({ ...values, updated_at: this.store.clock.now() })
				.where('account', '=', this.name.account)
				.where('operation', '=', this.name.operation)
				.where('same', '=', this.name.same)
				.where('holder', '=', this.holder)
				.executeTakeFirst();
			return numUpdatedRows > 0n;
		});
	}
}

/** Undefined while another is at it. */
async function take(store: Store, name: MadeName, holder: string): Promise<Known | undefined> {
	return await store.transaction(async (trx) => {
		const now = store.clock.now();
		const row = await trx
			.selectFrom('billing_made')
			.select(['after', 'object', 'asked_at', 'holder', 'lease_until'])
			.where('account', '=', name.account)
			.where('operation', '=', name.operation)
			.where('same', '=', name.same)
			.executeTakeFirst();
		if (row && row.holder !== '' && row.lease_until > now) return undefined;
		const held = { holder, lease_until: now + LEASE_MS, updated_at: now };
		const known: Known = row ? { after: row.after, object: row.object, askedAt: row.asked_at } : { after: '', object: '', askedAt: now };
		await trx
			.insertInto('billing_made')
			.values({ ...name, after: known.after, object: known.object, asked_at: known.askedAt, ...held })
			.onConflict((conflict) => conflict.columns(['account', 'operation', 'same']).doUpdateSet(held))
			.execute();
		return known;
	});
}

function heldByAnother({ operation }: MadeName): YtempireError {
	return new YtempireError('rate-limited', `Another execution is making the same ${operation} at Stripe at this moment`, {
		provider: 'stripe',
		reason: 'billing-held',
		cure: 'Run it again when the other one has finished: it is made once.',
	});
}
