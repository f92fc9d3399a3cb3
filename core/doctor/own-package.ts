/** This package as it lies on the disk: its version, its workflows, and what its nodes need. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { invalidRequest } from '../errors';

export interface ShippedWorkflow {
	/** e.g. `video_generation` */
	file: string;
	path: string;
	id: string;
	name: string;
	/** Paths of its webhooks. */
	webhooks: string[];
}

export interface OwnPackage {
	name: string;
	version: string;
	workflows: ShippedWorkflow[];
	/** Credential types that a node of ours must have with these parameters; none for another's node. */
	required(type: string, parameters: Record<string, unknown>): string[];
	/** Credential types of which a node of ours needs one, whichever; none for a node that needs no provider. */
	oneOf(type: string): string[];
}

/** Nodes whose providers stand in for one another: each credential may be left out, but not all of them. */
const WITH_PROVIDERS = new Set(['elevenLabsVoice', 'openAiScript', 'sceneImage']);

/** Where a node keeps its state, and no provider. */
const STORE_CREDENTIAL = 'ytempireStoreApi';

interface NodeType {
	name: string;
	version: number | number[];
	credentials?: Array<{ name: string; required?: boolean; displayOptions?: { show?: Record<string, unknown[]> } }>;
	properties?: Array<{ name: string; default?: unknown; displayOptions?: { show?: Record<string, unknown[]> } }>;
}

interface WorkflowFile {
	id: string;
	name: string;
	nodes: Array<{ type: string; parameters: { path?: string } }>;
}

/** @throws YtempireError `invalid-request` when the package isn't built */
export function ownPackage(root = rootFrom(__dirname)): OwnPackage {
	const { name, version } = readJson(join(root, 'package.json')) as { name: string; version: string };
	const types = join(root, 'dist', 'types', 'nodes.json');
	const folder = join(root, 'dist', 'workflows');
	if (!existsSync(types) || !existsSync(folder)) {
		throw invalidRequest('The package is not built: dist/ is not whole', { cure: 'Run npm run build first.', reason: 'not-built' });
	}
	const nodes = readJson(types) as NodeType[];
	const own = (type: string) => (type.startsWith(`${name}.`) ? nodes.find((one) => `${name}.${one.name}` === type) : undefined);
	return {
		name,
		version,
		workflows: readdirSync(folder)
			.filter((file) => file.endsWith('.json'))
			.sort()
			.map((file) => shipped(join(folder, file), file.replace(/\.json$/, ''))),
		required: (type, parameters) => {
			const node = own(type);
			return (node?.credentials ?? []).filter(({ required, displayOptions }) => required === true && isShown(displayOptions?.show, parameters, node)).map((one) => one.name);
		},
		oneOf: (type) => {
			const node = own(type);
			if (!node || !WITH_PROVIDERS.has(node.name)) return [];
			return (node.credentials ?? []).map((one) => one.name).filter((one) => one !== STORE_CREDENTIAL);
		},
	};
}

/** A parameter that was left as it is isn't in the workflow. */
function isShown(show: Record<string, unknown[]> | undefined, parameters: Record<string, unknown>, { properties = [] }: Pick<NodeType, 'properties'> = {}): boolean {
	return Object.entries(show ?? {}).every(([key, values]) => {
		const value = key in parameters ? parameters[key] : properties.find((one) => one.name === key)?.default;
		return values.includes(value);
	});
}

function shipped(path: string, file: string): ShippedWorkflow {
	const { id, name, nodes } = readJson(path) as WorkflowFile;
	const webhooks = nodes.flatMap(({ type, parameters }) => (type === 'n8n-nodes-base.webhook' && parameters.path ? [parameters.path] : []));
	return { file, path, id, name, webhooks };
}

function rootFrom(folder: string): string {
	if (existsSync(join(folder, 'package.json'))) return folder;
	const above = dirname(folder);
	if (above === folder) throw new Error('This package has lost its package.json');
	return rootFrom(above);
}

function readJson(path: string): unknown {
	return JSON.parse(readFileSync(path, 'utf8'));
}
