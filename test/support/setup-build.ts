/** Before tests that load `dist/`: it is built from the sources as they are. */
import { ensureBuilt } from '../../host/build/stamp';

export async function setup(): Promise<void> {
	await ensureBuilt();
}
