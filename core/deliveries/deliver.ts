/** Tells the outside once, whoever runs it, how often, and at which moment. */
import { randomUUID } from 'node:crypto';

import { sleep, throwIfCancelled } from '../abort';
import { YtempireError } from '../errors';
import type { Store } from '../store/store';

import { claim, Held, type Taken, type Wanted } from './claims';

/** Milliseconds between two signs of life. */
const RENEW_MS = 10_000;

/** Milliseconds between two looks at what another is at. */
const LOOK_MS = 200;

/** Milliseconds to wait for another's end: its lease and a little more. */
const WAIT_MS = 60_000;

export interface Delivered {
	result: unknown;
	/** Of the first try. */
	memo: unknown;
	/** True when an earlier run, or another execution, has done it. */
	kept: boolean;
}

export interface DeliverOptions {
	store: Store;
	signal?: AbortSignal;
	/** Milliseconds to wait for another execution that is at it. Default 60,000. */
	waitMs?: number;
}

/**
 * Takes what nobody has told yet and lets `work` tell it; waits for what another execution is telling
 * at this moment. What `work` doesn't report as done is not in the answer and may be tried again.
 * @throws what `work` throws; YtempireError `rate-limited` when another is at it for longer than the wait
 */
export async function deliver(
	{ store, signal, waitMs = WAIT_MS }: DeliverOptions,
	wanted: Wanted[],
	work: (held: Held) => Promise<void>,
): Promise<Map<string, Delivered>> {
	const delivered = new Map<string, Delivered>();
	const holder = randomUUID();
	const deadline = Date.now() + waitMs;
	for (let open = wanted; ; ) {
		throwIfCancelled(signal);
		const claims = await claim(store, open, holder);
		const taken = new Map<string, Taken>();
		for (const [key, claimed] of claims) {
			if (claimed.state === 'taken') taken.set(key, claimed);
			if (claimed.state === 'done') delivered.set(key, { result: claimed.result, memo: claimed.memo, kept: true });
		}
		if (taken.size > 0) {
			const held = new Held(store, holder, taken);
			await alive(held, work);
			for (const [key, result] of held.ended) delivered.set(key, { result, memo: taken.get(key)?.memo, kept: false });
		}
		open = open.filter(({ key }) => claims.get(key)?.state === 'held');
		if (open.length === 0) return delivered;
		if (Date.now() >= deadline) throw heldByAnother();
		await sleep(LOOK_MS, signal);
	}
}

async function alive(held: Held, work: (held: Held) => Promise<void>): Promise<void> {
	const timer = setInterval(() => {
		// a busy store: the next sign is seconds away
		held.renew().catch(() => undefined);
	}, RENEW_MS);
	timer.unref();
	try {
		await work(held);
	} finally {
		clearInterval(timer);
		await held.letGo();
	}
}

function heldByAnother(): YtempireError {
	return new YtempireError('rate-limited', 'Another execution is sending the same at this moment', {
		reason: 'delivery-held',
		cure: 'Wait until it has finished, then run this one again: nothing is sent twice.',
	});
}
