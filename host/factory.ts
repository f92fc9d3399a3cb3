/** The whole factory on this machine: n8n with this package, its workflows published, every service the sandbox. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { PostgresPlace, StorePlace } from '../core/store/place';

import { sandboxCredentials, storeCredential, type ServiceUrls } from './credentials';
import { createN8nInstance, type N8nInstance, type N8nOptions } from './n8n';
import type { N8nWorker } from './n8n-worker';
import { readWorkflow, withCredentials, type WorkflowFile } from './provision';

export interface FactoryOptions {
	/** Addresses of the sandbox's services. */
	services: ServiceUrls;
	/** File names in workflows/, and workflows of one's own. */
	workflows: Array<string | WorkflowFile>;
	n8n?: N8nOptions;
	/** How many workers of the queue in `n8n` are started; none by default. */
	workers?: number;
	/** Where jobs, quota and costs are; a SQLite file in n8n's folder by default. */
	store?: PostgresPlace;
	/** Changes a workflow before it is imported. */
	adapt?(workflow: WorkflowFile): WorkflowFile;
	/** Told as the steps are done. */
	onStep?(text: string): void;
}

export interface Answer {
	status: number;
	body: Record<string, unknown>;
}

export interface Factory {
	n8n: N8nInstance;
	workers: N8nWorker[];
	/** Where jobs, quota and costs are. */
	store: StorePlace;
	/** What the webhooks ask for. */
	webhookKey: { name: string; value: string };
	/** Posts JSON to a webhook. */
	post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
	/** Ends n8n and its workers, and removes their folders. */
	remove(): Promise<void>;
}

export async function startFactory(options: FactoryOptions): Promise<Factory> {
	const { services, workflows: files, onStep } = options;
	const n8n = await createN8nInstance(options.n8n);
	try {
		const webhookKey = { name: 'X-YTEMPIRE-Key', value: randomBytes(24).toString('hex') };
		const credentials = [
			...sandboxCredentials(services, webhookKey),
			...(options.store ? [storeCredential(options.store)] : []),
		];
		onStep?.('Package installed in a new n8n');
		// This makes n8n's tables, which the workers need
		await n8n.importCredentials(credentials);
		const workflows = files.map((file) => {
			const workflow = withCredentials(typeof file === 'string' ? readWorkflow(file) : file, credentials);
			return options.adapt?.(workflow) ?? workflow;
		});
		const start = async () => {
			await n8n.importWorkflows(workflows);
			onStep?.('Credentials and workflows imported');
			await n8n.start();
		};
		const startWorkers = Array.from({ length: options.workers ?? 0 }, async () => await n8n.startWorker());
		const [, ...workers] = await Promise.all([start(), ...startWorkers]);
		await n8n.publish(workflows.map(({ id }) => id));
		onStep?.(`n8n runs at ${n8n.url}`);
		return {
			n8n,
			webhookKey,
			workers,
			store: options.store ?? { file: join(n8n.userFolder, '.n8n', 'ytempire', 'ytempire.sqlite') },
			post: async (path, body, headers = { [webhookKey.name]: webhookKey.value }) =>
				await post(`${n8n.url}/webhook/${path}`, body, headers),
			remove: async () => {
				await n8n.remove();
			},
		};
	} catch (error) {
		await n8n.remove();
		throw error;
	}
}

async function post(url: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
	const answer = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	const text = await answer.text();
	try {
		return { status: answer.status, body: JSON.parse(text) as Record<string, unknown> };
	} catch {
		return { status: answer.status, body: { text } };
	}
}
