/** Fits an exported workflow to one n8n: puts that n8n's credentials on the nodes that take them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface N8nCredential {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

interface WorkflowNode {
	name: string;
	type: string;
	parameters: Record<string, unknown>;
	disabled?: boolean;
	credentials?: Record<string, { id: string; name: string }>;
}

export interface WorkflowFile {
	id: string;
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
}

export function readWorkflow(file: string): WorkflowFile {
	return JSON.parse(readFileSync(join('workflows', file), 'utf8')) as WorkflowFile;
}

/** Which credential types each of our nodes takes, as the built package says. */
function credentialTypes(): Map<string, string[]> {
	const nodes = JSON.parse(readFileSync('dist/types/nodes.json', 'utf8')) as Array<{
		name: string;
		credentials?: Array<{ name: string }>;
	}>;
	return new Map(
		nodes.map(({ name, credentials = [] }) => [
			`n8n-nodes-ytempire.${name}`,
			credentials.map((credential) => credential.name),
		]),
	);
}

/** By how a webhook knows its callers. */
const WEBHOOK_CREDENTIALS: Record<string, string[]> = { headerAuth: ['httpHeaderAuth'], basicAuth: ['httpBasicAuth'] };

/** A copy of the workflow whose nodes use these credentials, one of each type. */
export function withCredentials(workflow: WorkflowFile, credentials: N8nCredential[]): WorkflowFile {
	const types = credentialTypes();
	const nodes = workflow.nodes.map((node) => {
		const wanted =
			node.type === 'n8n-nodes-base.webhook'
				? (WEBHOOK_CREDENTIALS[String(node.parameters.authentication)] ?? [])
				: (types.get(node.type) ?? []);
		const chosen = credentials.filter(({ type }) => wanted.includes(type));
		if (chosen.length === 0) return node;
		return {
			...node,
			credentials: Object.fromEntries(chosen.map(({ id, name, type }) => [type, { id, name }])),
		};
	});
	return { ...workflow, nodes };
}
