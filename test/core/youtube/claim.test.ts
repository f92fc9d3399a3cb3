/** Who works on an upload: what is written by a worker that was taken over, and what it says. */
import { describe, expect, it } from 'vitest';

import type { YtempireError } from '../../../core/errors';
import { acquire } from '../../../core/pool/lease';
import type { Store } from '../../../core/store/store';
import { Claim, withClaim } from '../../../core/youtube/claim';
import { loadUpload } from '../../../core/youtube/records';
import { testPool } from '../../support/pool';
import { temporaryStore, TestClock } from '../../support/store';
import { CHUNK, uploadScene } from '../../support/upload';

const MINUTE_MS = 60_000;

const KEY = 'job:video-1';

const refused = async (work: Promise<unknown>): Promise<YtempireError> => {
	try {
		await work;
	} catch (error) {
		return error as YtempireError;
	}
	throw new Error('It was not refused');
};

async function setUp() {
	const store = await temporaryStore(new TestClock(Date.now()));
	const claim = new Claim(store, KEY, { holder: 'one', waitMs: 0 });
	await claim.take();
	const lend = async (holder: string) => await acquire(store, testPool({ active: 1, reserve: 0 }), { holder, waitMs: 0 });
	return { store, claim, lend };
}

/** A store as of a busy database: one of its transactions waits for the others. */
class HeldStore {
	readonly store: Store;

	waiting = Promise.resolve();

	release = (): void => undefined;

	private number = 0;

	private beginsWaiting = (): void => undefined;

	private gate = Promise.resolve();

	constructor(store: Store) {
		const transaction: Store['transaction'] = async (work) => {
			this.number -= 1;
			if (this.number === 0) {
				this.beginsWaiting();
				await this.gate;
			}
			return await store.transaction(work);
		};
		this.store = { ...store, db: store.db, clock: store.clock, transaction };
	}

	/** The transaction of that number, counted from now on, waits until it is released. */
	hold(number: number): void {
		this.number = number;
		this.waiting = new Promise((resolve) => {
			this.beginsWaiting = resolve;
		});
		this.gate = new Promise((resolve) => {
			this.release = resolve;
		});
	}
}

const writing = async (claim: Claim) => {
	await claim.write(async (trx) => await trx.selectFrom('uploads').selectAll().execute());
};

describe('a claim on an upload', () => {
	it('is another’s only when its holder gives no sign of life', async () => {
		const { store, claim } = await setUp();
		const other = new Claim(store, KEY, { holder: 'other', waitMs: 0 });
		store.clock.pass(40_000);
		expect(await other.take()).toBe(false);
		await claim.renew();
		store.clock.pass(40_000);
		expect(await other.take()).toBe(false);
		store.clock.pass(MINUTE_MS);
		expect(await other.take()).toBe(true);
	});

	it('that was taken over writes nothing any more, and stops its work', async () => {
		const { store, claim } = await setUp();
		store.clock.pass(MINUTE_MS);
		await new Claim(store, KEY, { holder: 'other', waitMs: 0 }).take();
		expect(await refused(writing(claim))).toMatchObject({ errorClass: 'cancelled', reason: 'upload-lost' });
		await claim.renew();
		expect(claim.signal.aborted).toBe(true);
		expect(claim.reasonOf(new Error('The connection broke'))).toMatchObject({ reason: 'upload-lost' });
	});

	it('stands when its account is given back while it is renewed, whichever of the two the store does first', async () => {
		const { store, claim, lend } = await setUp();
		claim.lease = await lend(KEY);
		await Promise.all([claim.renew(), claim.giveBack()]);
		expect(claim.signal.aborted).toBe(false);

		const held = new HeldStore(store);
		const later = new Claim(held.store, KEY, { holder: 'one', waitMs: 0 });
		later.lease = await lend(KEY);
		held.hold(2);
		const renewing = later.renew();
		await held.waiting;
		await later.giveBack();
		held.release();
		await renewing;
		expect(later.signal.aborted).toBe(false);
	});

	it('whose account went to another video asks to be run again, for nobody else finishes it', async () => {
		const { store, claim, lend } = await setUp();
		claim.lease = await lend(KEY);
		store.clock.pass(MINUTE_MS);
		await lend('job:video-2');
		await claim.renew();
		expect(claim.reasonOf(undefined)).toMatchObject({ errorClass: 'unavailable', reason: 'account-lost', cure: expect.stringContaining('Run it again') });
	});

	it('is given back with the work’s own error', async () => {
		const { store } = await setUp();
		store.clock.pass(MINUTE_MS);
		const failed = withClaim(store, KEY, { holder: 'two', waitMs: 0 }, async () => await Promise.reject(new Error('mine')));
		expect((await refused(failed)).message).toBe('mine');
		expect(await new Claim(store, KEY, { holder: 'three', waitMs: 0 }).take()).toBe(true);
	});
});

describe('an upload that another worker has taken over', () => {
	it('leaves its record as the other one has it, and says who finishes it', async () => {
		const scene = await uploadScene(3.5);
		let taken: Promise<unknown> | undefined;
		const error = await refused(scene.upload({}, {
			onProgress: ({ confirmed }) => {
				if (confirmed < CHUNK) return;
				taken ??= (async () => {
					scene.store.clock.pass(MINUTE_MS);
					await new Claim(scene.store, KEY, { holder: 'other', waitMs: 0 }).take();
				})();
			},
		}));
		await taken;
		expect(error).toMatchObject({ errorClass: 'cancelled', reason: 'upload-lost' });
		expect(await loadUpload(scene.store, KEY)).toMatchObject({ state: 'uploading', tail_sent: 0, confirmed_bytes: expect.any(Number) });
		expect(scene.youtube().videos).toEqual([]);
	});
});
