/** Before tests that run a real n8n: it is installed, once per lockfile. */
import { ensureHost } from '../../host/install.mjs';

export async function setup(): Promise<void> {
	await ensureHost();
}
