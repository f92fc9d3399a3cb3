/** The sandbox on free ports, for one test. */
import { onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../sandbox/server';

import { temporaryFolder } from './store';

/** Closed, and its files removed, when the test ends. */
export async function temporarySandbox(seed = 1): Promise<Sandbox> {
	const sandbox = await startSandbox({ dataDir: await temporaryFolder(), seed });
	onTestFinished(async () => {
		await sandbox.close();
	});
	return sandbox;
}
