/** A worker of n8n's queue mode, with a user folder of its own, as on another machine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureHost } from './install.mjs';
import { n8nEnv, type N8nEnvOptions } from './n8n-env';
import { installPackage } from './package';
import { freePorts } from './ports';
import { startProcess, type RunningProcess } from './processes';
import { answers, until } from './waiting';

/** @param options of the main process whose executions it runs */
export async function startN8nWorker(options: Pick<N8nEnvOptions, 'queue' | 'env'>): Promise<N8nWorker> {
	const { node, n8n } = await ensureHost();
	const userFolder = mkdtempSync(join(tmpdir(), 'ytempire-worker-'));
	await installPackage(userFolder);
	const [port = 0, brokerPort = 0] = await freePorts(2);
	const env = n8nEnv({ queue: options.queue, env: options.env, userFolder, port, brokerPort });
	const server = startProcess({
		name: 'n8n worker',
		node,
		args: [n8n, 'worker'],
		env: {
			...env,
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(port),
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		},
		cwd: userFolder,
		log: join(userFolder, 'n8n.log'),
	});
	return new N8nWorker(server, userFolder, `http://127.0.0.1:${port}/healthz/readiness`);
}

export class N8nWorker {
	constructor(
		private readonly server: RunningProcess,
		private readonly userFolder: string,
		private readonly health: string,
	) {}

	/** Resolves when it takes executions. */
	async ready(): Promise<void> {
		await until(this.server, 'to be ready', async () => await answers(this.health));
	}

	/** IDs of the executions that it has begun, in that order. */
	executions(): string[] {
		const log = readFileSync(join(this.userFolder, 'n8n.log'), 'utf8');
		return [...log.matchAll(/Worker started execution (\d+)/g)].map(([, id = '']) => id);
	}

	/** To the worker and all that it started. */
	async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
		this.server.kill(signal);
		await this.server.exited;
	}

	/** Ends it and removes its folder. */
	async remove(): Promise<void> {
		await this.server.stop();
		rmSync(this.userFolder, { recursive: true, force: true });
	}
}
