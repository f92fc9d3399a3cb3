/** A factory in which nothing is wrong, for tests that break one thing of it: a stand-in for n8n, and a real store. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { DoctorOptions } from '../../core/doctor/doctor';
import type { WebhookAuth } from '../../core/client/types';

import { fakeN8n, type FakeN8n } from './fake-n8n';
import { temporaryFolder, temporaryStore } from './store';

export interface HealthyFactory {
	n8n: FakeN8n;
	/** Of the store. */
	file: string;
	folder: string;
	options: DoctorOptions & { webhookAuth: WebhookAuth; place: { file: string } };
}

const nodeTypes = [
	{
		name: 'openAiScript',
		version: 1,
		properties: [{ name: 'resource', default: 'script' }],
		credentials: [
			{ name: 'ytempireOpenAiApi', required: true },
			{ name: 'ytempireStoreApi', required: false },
			{ name: 'ytempireCohereApi', required: true, displayOptions: { show: { resource: ['metadata'] } } },
		],
	},
	{
		name: 'elevenLabsVoice',
		version: 1,
		properties: [],
		credentials: [
			{ name: 'ytempireElevenLabsApi', required: false },
			{ name: 'ytempireAzureSpeechApi', required: false },
			{ name: 'ytempireStoreApi', required: false },
		],
	},
];

const webhook = (path: string) => ({ name: 'Receive Request', type: 'n8n-nodes-base.webhook', parameters: { path, authentication: 'headerAuth' } });
const script = { name: 'Generate Script', type: 'n8n-nodes-ytempire.openAiScript', parameters: {} };

const files = {
	video_generation: { id: 'workflow_001', name: 'YTEMPIRE Video Generation', nodes: [webhook('workflow_001'), script] },
	quality_check: { id: 'workflow_002', name: 'YTEMPIRE Quality Check', nodes: [webhook('workflow_002')] },
	error_handler: { id: 'error_handler', name: 'YTEMPIRE Error Handler', nodes: [script] },
};

const credentials = [
	{ id: 'c1', name: 'Webhook Key', type: 'httpHeaderAuth' },
	{ id: 'c2', name: 'OpenAI', type: 'ytempireOpenAiApi' },
	{ id: 'c3', name: 'Somebody else’s', type: 'slackApi' },
];

/** As n8n gives it: with the credentials chosen, and published. */
function live(file: (typeof files)[keyof typeof files]): Record<string, unknown> {
	const nodes = file.nodes.map((node) => ({
		...node,
		credentials: node.type.endsWith('webhook') ? { httpHeaderAuth: { id: 'c1', name: 'x' } } : { ytempireOpenAiApi: { id: 'c2', name: 'y' } },
	}));
	return { id: file.id, name: file.name, active: true, isArchived: false, nodes };
}

export async function healthyFactory(): Promise<HealthyFactory> {
	const root = await temporaryFolder();
	await mkdir(join(root, 'dist', 'types'), { recursive: true });
	await mkdir(join(root, 'dist', 'workflows'));
	await writeFile(join(root, 'package.json'), JSON.stringify({ name: 'n8n-nodes-ytempire', version: '0.1.0' }));
	await writeFile(join(root, 'dist', 'types', 'nodes.json'), JSON.stringify(nodeTypes));
	for (const [name, file] of Object.entries(files)) await writeFile(join(root, 'dist', 'workflows', `${name}.json`), JSON.stringify(file));
	const n8n = await fakeN8n({
		credentialTypes: ['ytempireOpenAiApi'],
		packages: [{ packageName: 'n8n-nodes-ytempire', installedVersion: '0.1.0' }],
		workflows: [live(files.video_generation), { id: 'x', name: 'Another', active: false, nodes: [] }, live(files.quality_check), live(files.error_handler)],
		credentials: [...credentials],
		webhook: () => ({ status: 400, body: { success: false, errors: [{ field: 'video_id', reason: 'required' }] } }),
	});
	const folder = await temporaryFolder();
	const { file } = await temporaryStore(undefined, folder);
	return {
		n8n,
		file,
		folder,
		options: {
			url: n8n.url,
			apiKey: n8n.apiKey,
			webhookAuth: { type: 'header', ...n8n.webhookKey },
			place: { file },
			minFreeGb: 0.001,
			root,
		},
	};
}
