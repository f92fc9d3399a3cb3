/** Waiting for a process that has been started. */
import { setTimeout as delay } from 'node:timers/promises';

import type { RunningProcess } from './processes';

const READY_MS = 120_000;
const POLL_MS = 50;

/**
 * @param what ends the sentence "n8n took over 120 s …", e.g. `to be ready`
 * @throws Error with the end of its log when it ends or takes too long
 */
export async function until(server: RunningProcess, what: string, holds: () => Promise<boolean>): Promise<void> {
	let ended: number | string | undefined;
	void server.exited.then((code) => (ended = code));
	const deadline = Date.now() + READY_MS;
	while (!(await holds())) {
		if (ended !== undefined) {
			throw new Error(`n8n ended with ${ended} before it came ${what}. ${server.tail()}`);
		}
		if (Date.now() > deadline) {
			throw new Error(`n8n took over ${READY_MS / 1000} s ${what}. ${server.tail()}`);
		}
		await delay(POLL_MS);
	}
}

/** True when it answers with a status from 200 to 299. */
export async function answers(url: string): Promise<boolean> {
	try {
		return (await fetch(url)).ok;
	} catch {
		// nobody listens yet
		return false;
	}
}
