/** Uploads by nodes in a real n8n: each node in a workflow of its own, behind a webhook and n8n's own reading of the file. */
import { rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { sandboxCredentials, type ServiceUrls } from '../../host/credentials';
import { createN8nInstance, type N8nInstance } from '../../host/n8n';
import type { N8nCredential } from '../../host/provision';
import { KEYS } from '../../sandbox/keys';
import { environmentOf, type Link } from '../link/link';
import { MemoryWatch } from './memory';
import type { BenchVideo } from './video';

export interface Upload {
	/** What the node took, as n8n wrote it down. */
	seconds: number;
	/** By which n8n's process grew while the node ran, at most. */
	megabytes: number;
}

/** What n8n writes down of a node, in milliseconds. */
interface NodeRun {
	startTime: number;
	executionTime: number;
}

/** Which node, and what it is given. */
export type Way = 'own-binary' | 'own-path' | 'peer-binary';

const UPLOAD = 'Upload';
const POLL_MS = 100;
const PATIENCE_MS = 30_000;

/** Milliseconds for n8n to come to rest before what it takes is measured. */
const SETTLE_MS = 1000;

export class Uploader {
	private count = 0;

	/** Executions that have been looked at. */
	private readonly seen = new Set<string>();

	private constructor(private readonly n8n: N8nInstance) {}

	/**
	 * @param folder that n8n may read videos from; n8n's own data goes there, too
	 * @param token of the account that n8n's own node uploads to
	 */
	static async start(folder: string, services: ServiceUrls, link: Link, token: string): Promise<Uploader> {
		const n8n = await createN8nInstance({
			userFolder: join(folder, 'n8n'),
			env: { ...environmentOf(link), N8N_RESTRICT_FILE_ACCESS_TO: folder },
		});
		await n8n.importCredentials([poolCredential(services), peerCredential(token)]);
		const workflows = (['own-binary', 'own-path', 'peer-binary'] as const).map(workflowOf);
		await n8n.importWorkflows(workflows);
		await n8n.start();
		await n8n.publish(workflows.map(({ id }) => id));
		return new Uploader(n8n);
	}

	async upload(way: Way, video: BenchVideo): Promise<Upload> {
		const { n8n } = this;
		this.count += 1;
		await delay(SETTLE_MS);
		const memory = new MemoryWatch(n8n.pid);
		try {
			await call(`${n8n.url}/webhook/${way}`, { path: video.path, video_id: `bench-${this.count}` });
			const { startTime, executionTime } = await this.lastRun(way);
			return {
				seconds: executionTime / 1000,
				megabytes: memory.growth(startTime, startTime + executionTime),
			};
		} finally {
			memory.stop();
			for (const place of ['storage', 'binaryData', 'ytempire/media']) {
				await rm(join(n8n.userFolder, '.n8n', place), { recursive: true, force: true });
			}
		}
	}

	async stop(): Promise<void> {
		await this.n8n.remove();
	}

	/** @throws Error with the node's own words when it failed */
	private async lastRun(workflowId: Way): Promise<NodeRun> {
		const deadline = Date.now() + PATIENCE_MS;
		while (Date.now() < deadline) {
			const [last] = await this.n8n.executions({ workflowId });
			// n8n answers before it has written all down
			if (!last?.stoppedAt || this.seen.has(last.id)) {
				await delay(POLL_MS);
				continue;
			}
			this.seen.add(last.id);
			const { runData, error } = last.data?.resultData ?? { runData: {} };
			const [run] = runData[UPLOAD] ?? [];
			if (last.status === 'success' && run) return run as unknown as NodeRun;
			throw new Error(`${workflowId}: ${error?.message ?? last.status} ${error?.description ?? ''}`);
		}
		throw new Error(`n8n wrote nothing down about ${workflowId}.`);
	}
}

/** Posts JSON and waits for the workflow's end, minutes if need be: `fetch` would give up before. */
async function call(url: string, body: object): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const posted = request(url, { method: 'POST', headers: { 'content-type': 'application/json' } }, (answer) => {
			answer.resume().on('end', resolve).on('error', reject);
		});
		posted.on('error', reject).end(JSON.stringify(body));
	});
}

/** Of Google's own addresses: the link leads them to the sandbox for both nodes alike. */
function poolCredential(services: ServiceUrls): N8nCredential {
	const found = sandboxCredentials(services, { name: '', value: '' }).find(({ id }) => id === 'ytempire-youtube');
	if (!found) throw new Error('The sandbox has no credential for YouTube.');
	return { ...found, data: { accounts: found.data.accounts } };
}

function peerCredential(token: string): N8nCredential {
	const { clientId, clientSecret, accounts } = KEYS.youtube;
	return {
		id: 'peer',
		name: 'YouTube account',
		type: 'youTubeOAuth2Api',
		data: {
			clientId,
			clientSecret,
			oauthTokenData: { access_token: token, refresh_token: accounts.at(-1)?.refreshToken, token_type: 'Bearer' },
		},
	};
}

function workflowOf(way: Way) {
	const position = [0, 0];
	const webhook = {
		id: 'webhook',
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		position,
		webhookId: way,
		parameters: { path: way, httpMethod: 'POST', responseMode: 'lastNode' },
	};
	const read = {
		id: 'read',
		name: 'Read File',
		type: 'n8n-nodes-base.readWriteFile',
		typeVersion: 1,
		position,
		parameters: { operation: 'read', fileSelector: '={{ $json.body.path }}', options: {} },
	};
	const upload = { id: 'upload', name: UPLOAD, position, ...nodeOf(way) };
	const line = way === 'own-path' ? [webhook, upload] : [webhook, read, upload];
	return {
		id: way,
		name: way,
		active: false,
		settings: { executionOrder: 'v1' },
		nodes: line,
		connections: Object.fromEntries(
			line.slice(1).map(({ name }, index) => [line[index]?.name ?? '', { main: [[{ node: name, type: 'main', index: 0 }]] }]),
		),
	};
}

function nodeOf(way: Way) {
	if (way === 'peer-binary') {
		return {
			type: 'n8n-nodes-base.youTube',
			typeVersion: 1,
			parameters: {
				resource: 'video',
				operation: 'upload',
				title: "Sent by n8n's own node",
				regionCode: 'US',
				categoryId: '27',
				binaryProperty: 'data',
				options: { privacyStatus: 'private' },
			},
			credentials: { youTubeOAuth2Api: { id: 'peer', name: 'YouTube account' } },
		};
	}
	return {
		type: 'n8n-nodes-ytempire.youTubePool',
		typeVersion: 1,
		parameters: {
			resource: 'video',
			operation: 'upload',
			videoId: "={{ $('Webhook').item.json.body.video_id }}",
			title: 'Sent by the pool',
			privacy: 'private',
			// The peer looks at nothing after the last byte
			options: { processingWait: 0 },
			...(way === 'own-path' ? { source: 'path', filePath: '={{ $json.body.path }}' } : { source: 'binary' }),
		},
		credentials: { ytempireYouTubePoolApi: { id: 'ytempire-youtube', name: 'YouTube Pool' } },
	};
}
