/** The exported workflows: what they name is there, and they bind to no n8n in particular. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

interface Node {
	name: string;
	type: string;
	typeVersion: number;
	parameters: Record<string, unknown>;
	credentials?: object;
}

interface Workflow {
	nodes: Node[];
	connections: Record<string, { main: Array<Array<{ node: string }>> }>;
}

interface NodeType {
	name: string;
	properties: Array<{ name: string; displayOptions?: { show?: Record<string, unknown[]> } }>;
}

const OURS = 'n8n-nodes-ytempire.';

/** n8n 2.41's own nodes that the workflows use, with their newest versions. */
const N8N_NODES: Record<string, number> = {
	'n8n-nodes-base.if': 2.3,
	'n8n-nodes-base.respondToWebhook': 1.5,
	'n8n-nodes-base.scheduleTrigger': 1.4,
	'n8n-nodes-base.stickyNote': 1,
	'n8n-nodes-base.webhook': 2.1,
};

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as unknown;

const nodeTypes = new Map((read('dist/types/nodes.json') as NodeType[]).map((type) => [type.name, type]));

describe.each(readdirSync('workflows'))('%s', (file) => {
	const text = readFileSync(join('workflows', file), 'utf8');
	const workflow = JSON.parse(text) as Workflow;

	it('is written as the exporter writes it', () => {
		expect(text).toBe(`${JSON.stringify(workflow, null, '\t')}\n`);
	});

	it('names nodes that there are, and of ours only parameters that they show', () => {
		for (const { name, type, typeVersion, parameters } of workflow.nodes) {
			if (!type.startsWith(OURS)) {
				expect(N8N_NODES[type], `${name}: ${type}`).toBe(typeVersion);
				continue;
			}
			const found = nodeTypes.get(type.slice(OURS.length));
			expect(found, `${name}: ${type}`).toBeDefined();
			const shown = found?.properties
				.filter(({ displayOptions }) =>
					Object.entries(displayOptions?.show ?? {}).every(
						([key, values]) => !['resource', 'operation'].includes(key) || values.includes(parameters[key]),
					),
				)
				.map((property) => property.name);
			for (const parameter of Object.keys(parameters)) expect(shown, `${name}: ${parameter}`).toContain(parameter);
		}
	});

	it('connects nodes that there are', () => {
		const names = new Set(workflow.nodes.map(({ name }) => name));
		expect(names.size).toBe(workflow.nodes.length);
		for (const [from, { main }] of Object.entries(workflow.connections)) {
			expect(names, from).toContain(from);
			for (const { node } of main.flat()) expect(names, node).toContain(node);
		}
	});

	it('names no credential and no address of an n8n', () => {
		for (const { name, credentials } of workflow.nodes) expect(credentials, name).toBeUndefined();
		expect(text).not.toMatch(/https?:\/\//);
	});

	it('asks for authentication on every webhook, and explains itself', () => {
		for (const { type, parameters } of workflow.nodes) {
			if (type === 'n8n-nodes-base.webhook') expect(parameters.authentication).toBe('headerAuth');
		}
		expect(workflow.nodes.some(({ type }) => type === 'n8n-nodes-base.stickyNote')).toBe(true);
	});
});

describe('video_generation.json', () => {
	it("has the owner's nine nodes one after the other on its main line", () => {
		const { connections } = read('workflows/video_generation.json') as Workflow;
		const line = [
			'Receive Request',
			'Validate Input',
			'Queue Generation',
			'Generate Script',
			'Generate Voice',
			'Create Video',
			'Quality Check',
			'Upload YouTube',
			'Notify Completion',
		];
		const leadsTo = (from: string, to: string, passed: string[] = []): boolean =>
			(connections[from]?.main[0] ?? []).some(
				({ node }) =>
					node === to ||
					(!line.includes(node) && !passed.includes(node) && leadsTo(node, to, [...passed, node])),
			);
		for (const [index, name] of line.slice(1).entries()) {
			expect(leadsTo(line[index] ?? '', name), `${line[index]} → ${name}`).toBe(true);
		}
	});
});
