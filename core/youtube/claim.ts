/** One worker per upload: whoever claims it says so in the store while it lives; others wait for its result. */
import { sleep, throwIfCancelled } from '../abort';
import { YtempireError } from '../errors';
import { giveBack, renew, type Lease } from '../pool/lease';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Transaction } from '../vendor/kysely';

/** Milliseconds without a sign of life after which another may go on with the upload. */
const CLAIM_MS = 45_000;

const RENEW_MS = 10_000;

/** Milliseconds between two looks at an upload that another worker has. */
const LOOK_MS = 500;

export interface ClaimOptions {
	holder: string;
	/** Milliseconds to wait for another worker's end. */
	waitMs: number;
	signal?: AbortSignal;
}

export class Claim {
	/** The account's lease, renewed with the claim. */
	lease: Lease | undefined;

	private readonly lost = new AbortController();

	/** Fires when the caller cancels or another worker has taken over. */
	readonly signal: AbortSignal;

	private timer: NodeJS.Timeout | undefined;

	constructor(
		private readonly store: Store,
		readonly key: string,
		private readonly options: ClaimOptions,
	) {
		const { signal } = options;
		this.signal = signal ? AbortSignal.any([signal, this.lost.signal]) : this.lost.signal;
	}

	/** Changes the upload's row, unless another worker has taken it over. */
	async write<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
		return await this.store.transaction(async (trx) => {
			const row = await trx
				.selectFrom('upload_claims')
				.select('holder')
				.where('key', '=', this.key)
				.executeTakeFirst();
			if (row?.holder !== this.options.holder) throw takenOver(this.key);
			return await work(trx);
		});
	}

	async take(): Promise<boolean> {
		const { holder } = this.options;
		const now = this.store.clock.now();
		return await this.store.transaction(async (trx) => {
			const row = await trx
				.selectFrom('upload_claims')
				.selectAll()
				.where('key', '=', this.key)
				.executeTakeFirst();
			if (row && row.holder !== holder && row.lease_until > now) return false;
			const held = { holder, lease_until: now + CLAIM_MS };
			await trx
				.insertInto('upload_claims')
				.values({ key: this.key, ...held })
				.onConflict((conflict) => conflict.column('key').doUpdateSet(held))
				.execute();
			return true;
		});
	}

	keep(): void {
		this.timer = setInterval(() => {
			// a busy store: the next renewal is seconds away
			this.renew().catch(() => undefined);
		}, RENEW_MS);
		this.timer.unref();
	}

	/** The account is free for the next upload; a renewal that is on its way doesn't miss it. */
	async giveBack(): Promise<void> {
		const { lease } = this;
		this.lease = undefined;
		if (lease) await giveBack(this.store, lease);
	}

	/** What a worker that was taken over throws, in place of what its broken requests say. */
	reasonOf(error: unknown): unknown {
		return this.lost.signal.aborted ? this.lost.signal.reason : error;
	}

	async end(): Promise<void> {
		clearInterval(this.timer);
		await this.store.transaction(async (trx) => {
			await trx
				.updateTable('upload_claims')
				.set({ lease_until: 0 })
				.where('key', '=', this.key)
				.where('holder', '=', this.options.holder)
				.execute();
		});
	}

	/** A sign of life; `keep` gives one every ten seconds. */
	async renew(): Promise<void> {
		const now = this.store.clock.now();
		const kept = await this.store.transaction(async (trx) => {
			const result = await trx
				.updateTable('upload_claims')
				.set({ lease_until: now + CLAIM_MS })
				.where('key', '=', this.key)
				.where('holder', '=', this.options.holder)
				.executeTakeFirst();
			return result.numUpdatedRows > 0n;
		});
		if (!kept) {
			this.lost.abort(takenOver(this.key));
			return;
		}
		const { lease } = this;
		if (!lease || (await renew(this.store, lease))) return;
		// Unless it was given back meanwhile
		if (this.lease === lease) this.lost.abort(accountTaken(lease));
	}
}

/** @throws YtempireError `rate-limited` when another worker holds the upload for longer than the wait */
export async function withClaim<T>(
	store: Store,
	key: string,
	options: ClaimOptions,
	work: (claim: Claim) => Promise<T>,
): Promise<T> {
	const claim = new Claim(store, key, options);
	const deadline = store.clock.now() + options.waitMs;
	while (!(await claim.take())) {
		throwIfCancelled(options.signal);
		if (store.clock.now() >= deadline) throw heldByAnother();
		await sleep(LOOK_MS, options.signal);
	}
	claim.keep();
	try {
		return await work(claim);
	} catch (error) {
		throw claim.reasonOf(error);
	} finally {
		await claim.end();
	}
}

function heldByAnother(): YtempireError {
	return new YtempireError('rate-limited', 'Another execution is uploading this video', {
		reason: 'upload-held',
		cure: 'Wait until it has finished, then run this one again: it gives the same video.',
	});
}

function takenOver(key: string): YtempireError {
	return new YtempireError('cancelled', `Another execution goes on with the upload ${key}`, {
		reason: 'upload-lost',
		cure: 'Nothing to do: the other execution finishes it.',
	});
}

/** This worker stood still for so long that another video has got its account. */
function accountTaken({ account }: Lease): YtempireError {
	return new YtempireError('unavailable', `${account.accountId} was given to another video: this upload gave no sign of life for too long`, {
		reason: 'account-lost',
		cure: 'Run it again: it goes on where it stopped. If it stays, look at the load of this machine.',
	});
}
