/** A real store in a folder of its own, with a clock that tests can set. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

import { openStore, type Store } from '../../core/store/store';

export class TestClock {
	constructor(public ms = Date.parse('2026-11-22T12:00:00Z')) {}

	now = (): number => this.ms;

	pass(ms: number): void {
		this.ms += ms;
	}
}

export async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'ytempire-test-'));
	onTestFinished(async () => {
		await rm(folder, { recursive: true, force: true });
	});
	return folder;
}

/** Opens (or opens again) the store in that folder; closed when the test ends. */
export async function temporaryStore(
	clock = new TestClock(),
	folder?: string,
): Promise<Store & { clock: TestClock; file: string }> {
	const file = join(folder ?? (await temporaryFolder()), 'ytempire.sqlite');
	const store = await openStore({ file, clock });
	onTestFinished(async () => {
		await store.close();
	});
	return { ...store, clock, file };
}
