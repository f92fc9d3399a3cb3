/**
 * Many workers of the pool as a process of its own, for tests that kill it: takes its settings as JSON in
 * the first argument, writes a line for each call that it may make, and ends when the pool is exhausted.
 */
import { appendFileSync } from 'node:fs';

import { sleep } from '../../core/abort';
import { isYtempireError } from '../../core/errors';
import { acquire, giveBack, renew } from '../../core/pool/lease';
import { markSent, settle } from '../../core/pool/ledger';
import type { StorePlace } from '../../core/store/place';
import { openStore, type Store } from '../../core/store/store';

import { testPool } from './pool';

export interface PoolProcess {
	place: StorePlace;
	/** Client ID by account, see TestPool. */
	clientIds: string[];
	rules: Record<string, unknown>;
	workers: number;
	/** The time of the store at that moment of the machine's, and how many times as fast it goes. */
	clock: { from: number; at: number; speed: number };
	/** File of WorkerLine as JSON lines, of all processes. */
	log: string;
}

export interface WorkerLine {
	channel: string;
	project: string;
	token: number;
	/** Milliseconds of the machine's clock. */
	at: number;
	/** `call`: the units are marked as sent. `done`: the account was this worker's alone until `at`. */
	what: 'call' | 'done';
}

export const clockOf = ({ from, at, speed }: PoolProcess['clock']) => ({ now: () => from + Math.round((Date.now() - at) * speed) });

async function work(store: Store, settings: PoolProcess, holder: string): Promise<void> {
	const pool = testPool({ clientId: (index) => settings.clientIds[index] ?? '', rules: settings.rules });
	for (;;) {
		try {
			const lease = await acquire(store, pool, { holder, waitMs: 1e12 });
			const write = (what: WorkerLine['what'], at = Date.now()) => {
				const { channelId: channel, project } = lease.account;
				const line: WorkerLine = { channel, project, token: lease.token, at, what };
				appendFileSync(settings.log, `${JSON.stringify(line)}\n`);
			};
			await sleep(Math.random() * 10);
			// one video, one insert: what they were lent for is used up or, when this worker was too slow, not at all
			await store.transaction(async (trx) => {
				await markSent(trx, lease.holds);
			});
			write('call');
			await sleep(Math.random() * 20);
			const before = Date.now();
			if (await renew(store, lease)) write('done', before);
			await store.transaction(async (trx) => {
				for (const hold of lease.holds) await settle(trx, hold);
			});
			await giveBack(store, lease);
		} catch (error) {
			if (!isYtempireError(error)) throw error;
			if (error.errorClass === 'quota-exhausted') return;
			if (error.reason !== 'hold-expired') throw error;
		}
	}
}

async function main(): Promise<void> {
	const settings = JSON.parse(process.argv[2] ?? '{}') as PoolProcess;
	const store = await openStore({ ...settings.place, clock: clockOf(settings.clock) });
	await Promise.all(
		Array.from({ length: settings.workers }, async (_, index) => {
			await work(store, settings, `${process.pid}:${index}`);
		}),
	);
	await store.close();
}

if (require.main === module) {
	main().catch((error: unknown) => {
		process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
		process.exitCode = 1;
	});
}
