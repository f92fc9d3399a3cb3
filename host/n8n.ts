/** A real n8n in a throwaway user folder, with this package installed as n8n installs it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { ensureHost, type Host } from './install.mjs';
import { N8nApi, ownerOf, type ExecutionRecord, type Owner } from './n8n-api';
import { n8nEnv } from './n8n-env';
import { startN8nWorker, type N8nWorker } from './n8n-worker';
import { installPackage } from './package';
import { freePorts } from './ports';
import { startProcess, type RunningProcess } from './processes';
import type { Queue } from './queue';
import { answers, until } from './waiting';

export interface N8nOptions {
	/** A new one in the system's folder for temporary files by default. */
	userFolder?: string;
	/** A free one by default. */
	port?: number;
	/** Added to n8n's environment. */
	env?: Record<string, string>;
	/** Serve the editor; off by default. */
	editor?: boolean;
	/** Run Code nodes; off by default. */
	codeNodes?: boolean;
	/** Install this package; on by default. */
	withPackage?: boolean;
	/** Queue mode: executions are run by the workers, see `startWorker`. Off by default. */
	queue?: Queue;
}

/** As `n8n export:credentials --decrypted` writes it. */
export interface CredentialFile {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

interface WorkflowNode {
	type: string;
	parameters: Record<string, unknown>;
}

export async function createN8nInstance(options: N8nOptions = {}): Promise<N8nInstance> {
	const host = await ensureHost();
	const throwaway = options.userFolder === undefined;
	const userFolder = options.userFolder ?? mkdtempSync(join(tmpdir(), 'ytempire-n8n-'));
	mkdirSync(userFolder, { recursive: true });
	if (options.withPackage !== false) await installPackage(userFolder);
	const [port = 0, brokerPort = 0] = await freePorts(2);
	const chosen = options.port ?? port;
	const env = n8nEnv({ ...options, userFolder, port: chosen, brokerPort });
	return new N8nInstance(host, userFolder, throwaway, `http://127.0.0.1:${chosen}`, env, options);
}

export class N8nInstance {
	private server: RunningProcess | undefined;

	private signedIn: Promise<N8nApi> | undefined;

	private readonly workers: N8nWorker[] = [];

	constructor(
		private readonly host: Host,
		/** n8n keeps its data in `.n8n` there. */
		readonly userFolder: string,
		private readonly throwaway: boolean,
		/** Without a slash at the end. */
		readonly url: string,
		private readonly env: Record<string, string>,
		private readonly options: N8nOptions,
	) {}

	/** All that n8n says. */
	get log(): string {
		return join(this.userFolder, 'n8n.log');
	}

	/** Who signs in to the editor. */
	get owner(): Owner {
		return ownerOf(this.userFolder);
	}

	/** Of n8n's main process. */
	get pid(): number {
		if (this.server === undefined) throw new Error('n8n is not running.');
		return this.server.pid;
	}

	/** Before the start. n8n encrypts the data itself. */
	async importCredentials(credentials: CredentialFile[]): Promise<void> {
		const file = join(this.userFolder, 'credentials.json');
		writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
		try {
			await this.command('import:credentials', `--input=${file}`);
		} finally {
			rmSync(file);
		}
	}

	/**
	 * Before the start.
	 * @param from a folder of exported workflows, or the workflows themselves
	 */
	async importWorkflows(from: string | object[]): Promise<void> {
		if (typeof from === 'string') {
			await this.command('import:workflow', '--separate', `--input=${resolve(from)}`);
			return;
		}
		const file = join(this.userFolder, 'workflows.json');
		writeFileSync(file, JSON.stringify(from));
		await this.command('import:workflow', `--input=${file}`);
		rmSync(file);
	}

	/**
	 * Starts n8n and waits until it is ready.
	 * @param webhooks paths of webhooks of published workflows that must answer too, e.g. `workflow_001`
	 * @returns milliseconds from the start of the process to its being ready
	 */
	async start(webhooks: string[] = []): Promise<number> {
		const began = performance.now();
		const server = startProcess({
			name: 'n8n',
			node: this.host.node,
			args: [this.host.n8n, 'start'],
			env: this.env,
			cwd: this.userFolder,
			log: this.log,
		});
		this.server = server;
		await until(server, 'to be ready', async () => await answers(`${this.url}/healthz/readiness`));
		const ready = performance.now() - began;
		await this.serving(webhooks);
		return ready;
	}

	/** Starts one more worker of the queue. n8n's tables must be there; this main process need not run. */
	async startWorker(): Promise<N8nWorker> {
		const worker = await startN8nWorker(this.options);
		this.workers.push(worker);
		await worker.ready();
		return worker;
	}

	/** Makes workflows run on their triggers; their webhooks answer when this is done. */
	async publish(ids: string[]): Promise<void> {
		const api = await this.api();
		for (const id of ids) {
			await api.post(`/workflows/${id}/publish`);
			const { nodes } = await api.get<{ nodes: WorkflowNode[] }>(`/workflows/${id}`);
			const webhooks = nodes.filter(({ type }) => type === 'n8n-nodes-base.webhook');
			await this.serving(webhooks.map(({ parameters }) => String(parameters.path)));
		}
	}

	async api(): Promise<N8nApi> {
		this.signedIn ??= N8nApi.signIn(this.url, this.userFolder);
		return await this.signedIn;
	}

	/** With the data of every node, the newest first. */
	async executions(filter?: { workflowId?: string; status?: string }): Promise<ExecutionRecord[]> {
		return await (await this.api()).executions(filter);
	}

	/** To n8n and all that it started; it can be started again. */
	async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
		this.server?.kill(signal);
		await this.server?.exited;
		this.server = undefined;
	}

	/** Ends n8n; {@link start} may follow. */
	async stop(): Promise<void> {
		await this.server?.stop();
		this.server = undefined;
	}

	/** Ends n8n and its workers, and removes the user folder when it was made for this instance. */
	async remove(): Promise<void> {
		await Promise.all([this.stop(), ...this.workers.map(async (worker) => await worker.remove())]);
		if (this.throwaway) rmSync(this.userFolder, { recursive: true, force: true });
	}

	/** Runs one of n8n's own commands to its end. */
	async command(...args: string[]): Promise<void> {
		const running = startProcess({
			name: `n8n ${args[0]}`,
			node: this.host.node,
			args: [this.host.n8n, ...args],
			env: this.env,
			cwd: this.userFolder,
			log: this.log,
		});
		const code = await running.exited;
		if (code !== 0) {
			throw new Error(`"n8n ${args.join(' ')}" ended with ${code}. ${running.tail()}`);
		}
	}

	/** n8n registers webhooks some time after it is ready or has published a workflow. */
	private async serving(webhooks: string[]): Promise<void> {
		const { server } = this;
		if (server === undefined) throw new Error('n8n is not running.');
		for (const path of webhooks) {
			await until(server, `to serve the webhook ${path}`, async () => await this.serves(path));
		}
	}

	/** Asks with a method that no webhook of ours has, so that nothing is triggered. */
	private async serves(path: string): Promise<boolean> {
		const answer = await fetch(`${this.url}/webhook/${path}`, { method: 'DELETE' });
		return /Did you mean to make a/.test(await answer.text());
	}
}
