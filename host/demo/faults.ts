/** Services of the sandbox that are down. */
import type { SandboxProcess } from '../sandbox';

/** They answer with 503 throughout. */
export async function takeDown({ control }: SandboxProcess, services: readonly string[]): Promise<void> {
	for (const service of services) {
		await fetch(`${control}/faults`, { method: 'POST', body: JSON.stringify({ service, kind: 'status', status: 503, times: 0 }) });
	}
}

/** All answer again, but for those. */
export async function bringBack(sandbox: SandboxProcess, allBut: readonly string[]): Promise<void> {
	await fetch(`${sandbox.control}/faults`, { method: 'DELETE' });
	await takeDown(sandbox, allBut);
}
