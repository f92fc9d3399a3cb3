/** The sandbox as a process of its own. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { ServiceUrls } from './credentials';
import { startProcess } from './processes';

const READY_MS = 30_000;

export interface SandboxProcess {
	/** Address of the control API. */
	control: string;
	services: ServiceUrls;
	/** What the control API tells of a service. */
	state<T>(service: string): Promise<T>;
	stop(): Promise<void>;
}

export async function startSandboxProcess(folder: string, seed = 1): Promise<SandboxProcess> {
	mkdirSync(folder, { recursive: true });
	const log = join(folder, 'sandbox.log');
	const running = startProcess({
		name: 'sandbox',
		args: ['--import', 'tsx', resolve('sandbox/main.ts'), '--data', folder, '--seed', String(seed)],
		env: process.env,
		cwd: process.cwd(),
		log,
	});
	let ended = false;
	void running.exited.then(() => (ended = true));
	const deadline = Date.now() + READY_MS;
	for (;;) {
		const line = existsSync(log) && readFileSync(log, 'utf8').split('\n').find((text) => text.startsWith('{'));
		if (line) {
			const { control, services } = JSON.parse(line) as Pick<SandboxProcess, 'control' | 'services'>;
			return {
				control,
				services,
				state: async <T>(service: string) =>
					(await (await fetch(`${control}/state/${service}`)).json()) as T,
				stop: async () => {
					await running.stop();
				},
			};
		}
		if (ended || Date.now() > deadline) throw new Error(`The sandbox did not start. ${running.tail()}`);
		await delay(50);
	}
}
