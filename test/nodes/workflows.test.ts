/** The exported workflows: what they name is there, today and in n8n v3, and they bind to no n8n in particular. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { NodeHelpers, type INode, type INodeTypeDescription } from 'n8n-workflow';
import { beforeAll, describe, expect, it } from 'vitest';

import { canonicalText, type Workflow, type WorkflowNode } from '../../host/workflows/canonical';
import { fileOf } from '../../host/workflows/export';
import { n8nTypes, versionsOf, type N8nTypes } from '../support/n8n-types';

import oldest from './n8n-2.20-nodes.json';

const OURS = 'n8n-nodes-ytempire.';
const STICKY = 'n8n-nodes-base.stickyNote';
const WEBHOOK = 'n8n-nodes-base.webhook';
const LOOP = 'n8n-nodes-base.splitInBatches';

/** Seconds that n8n lets an execution run at most, unless its operator allows more (EXECUTIONS_TIMEOUT_MAX). */
const LONGEST_S = 3600;

/** ID of the workflow that the others' failures start. */
const ERROR_HANDLER = 'error_handler';

/** Pixels of a node on n8n's canvas. */
const SIZE = 96;

const files = readdirSync('workflows');
const textOf = (file: string) => readFileSync(join('workflows', file), 'utf8');
const workflowOf = (file: string) => JSON.parse(textOf(file)) as Workflow;

let types: N8nTypes;
beforeAll(async () => {
	// a fresh machine installs n8n first
	types = await n8nTypes();
}, 900_000);

function typeOf({ name, type }: WorkflowNode): INodeTypeDescription {
	const found = types.nodes.get(type);
	if (!found) throw new Error(`${name}: there is no node ${type}`);
	return found;
}

const asNode = (node: WorkflowNode) => node as unknown as INode;

describe.each(files)('%s', (file) => {
	const text = textOf(file);
	const workflow = workflowOf(file);
	const { nodes, connections, settings = {} } = workflow;
	const steps = nodes.filter(({ type }) => type !== STICKY);

	it('is in canonical form ("npm run workflows:export -- --files" brings it there)', () => {
		expect(text).toBe(canonicalText(workflow));
	});

	it('is named as its workflow, and its workflow as no other', () => {
		expect(fileOf(workflow.name)).toBe(file);
		expect(files.filter((other) => workflowOf(other).id === workflow.id)).toEqual([file]);
	});

	it('names nodes that n8n 2.20 has, in a version that it has and that there still is', () => {
		for (const node of nodes) {
			expect(versionsOf(typeOf(node)), node.name).toContain(node.typeVersion);
			if (node.type.startsWith(OURS)) continue;
			expect((oldest.versions as Record<string, number[]>)[node.type], `${node.name}, ${node.type}`).toContain(node.typeVersion);
		}
	});

	it('names no node and no setting that n8n v3 takes away', () => {
		for (const { name, type, parameters, alwaysOutputData, onError } of nodes) {
			expect(types.removedInV3, name).not.toContain(type);
			if (type === 'n8n-nodes-base.executeWorkflow') {
				expect(parameters.mode ?? 'once', name).not.toBe('each');
				expect(['database', 'parameter'], name).toContain(parameters.source ?? 'database');
			}
			// v3 adds the empty item only when every output is empty
			if (alwaysOutputData) expect(onError, name).not.toBe('continueErrorOutput');
		}
		expect(settings.callerPolicy).not.toBe('any');
		expect(text).not.toContain('$getPairedItem');
	});

	it('gives its nodes parameters that they have and show, and leaves out none that they need', () => {
		for (const node of nodes) {
			const type = typeOf(node);
			const known = NodeHelpers.getNodeParameters(type.properties, node.parameters as INode['parameters'], true, false, asNode(node), type);
			expect(known, node.name).toMatchObject(node.parameters);
			const issues = NodeHelpers.getNodeParametersIssues(type.properties, asNode({ ...node, parameters: known ?? {} }), type);
			expect(issues?.parameters, node.name).toBeUndefined();
		}
	});

	it('asks for credentials that there are, and says in its note which it needs', () => {
		const notes = nodes.filter(({ type }) => type === STICKY).map(({ parameters }) => String(parameters.content)).join('\n');
		for (const node of steps) {
			const type = typeOf(node);
			for (const wanted of type.credentials ?? []) {
				const found = types.credentials.get(wanted.name);
				expect(found, `${node.name}: credential ${wanted.name}`).toBeDefined();
				if (!wanted.required || !NodeHelpers.displayParameter(node.parameters as INode['parameters'], wanted, asNode(node), type)) continue;
				const title = found?.displayName.replace(/^YTEMPIRE | API$|( Auth) account$/g, '$1') ?? '';
				expect(notes, `${node.name} needs ${title}`).toContain(title);
			}
		}
	});

	it('names no credential, no address and no secret of an n8n', () => {
		for (const { name, credentials } of nodes) expect(credentials, name).toBeUndefined();
		expect(text).not.toMatch(/https?:\/\//);
		expect(text).not.toMatch(/sk-[A-Za-z0-9]{8}|SG\.|Bearer |[A-Za-z0-9+/]{64}/);
	});

	it('connects nodes that there are', () => {
		const names = new Set(nodes.map(({ name }) => name));
		expect(names.size).toBe(nodes.length);
		for (const [from, outputs] of Object.entries(connections)) {
			expect(names, from).toContain(from);
			for (const { node } of Object.values(outputs).flat(2).filter((input) => input !== null)) expect(names, node).toContain(node);
		}
		const reached = new Set(Object.values(connections).flatMap((outputs) => Object.values(outputs).flat(2)).map((input) => input?.node));
		for (const node of steps) {
			if (!typeOf(node).group.includes('trigger')) expect(reached, `${node.name} is reached`).toContain(node.name);
		}
	});

	it('reads from left to right, no node on another', () => {
		const placeOf = (name: string) => nodes.find((node) => node.name === name);
		for (const [from, { main = [] }] of Object.entries(connections)) {
			const left = placeOf(from);
			for (const { node } of main.flat().filter((input) => input !== null)) {
				const right = placeOf(node);
				if (!left || !right || right.type === LOOP || left.position[1] !== right.position[1]) continue;
				expect(right.position[0], `${from} → ${node}`).toBeGreaterThan(left.position[0]);
			}
		}
		for (const [index, { name, position: [x, y] }] of steps.entries()) {
			for (const other of steps.slice(index + 1)) {
				const apart = Math.max(Math.abs(x - other.position[0]), Math.abs(y - other.position[1]));
				expect(apart, `${name} and ${other.name}`).toBeGreaterThan(SIZE);
			}
		}
	});

	it('asks for authentication on every webhook, and explains itself', () => {
		for (const { name, type, parameters } of nodes) {
			if (type === WEBHOOK) expect(['headerAuth', 'basicAuth', 'jwtAuth'], name).toContain(parameters.authentication);
		}
		expect(nodes.some(({ type }) => type === STICKY)).toBe(true);
	});

	it('says what happens when it fails, how long it may run, and what is kept of it', () => {
		expect(settings).toMatchObject({ executionOrder: 'v1', saveDataErrorExecution: 'all', saveManualExecutions: true });
		expect(settings.saveDataSuccessExecution).toMatch(/^(all|none)$/);
		expect(settings.executionTimeout).toBeGreaterThan(0);
		expect(settings.executionTimeout).toBeLessThanOrEqual(LONGEST_S);
		// its own failure would call it again
		expect(settings.errorWorkflow).toBe(workflow.id === ERROR_HANDLER ? undefined : ERROR_HANDLER);
	});
});

describe('video_generation.json', () => {
	it("has the owner's nine nodes one after the other on its main line", () => {
		const { connections } = workflowOf('video_generation.json');
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
			(connections[from]?.main?.[0] ?? []).some(
				({ node }) =>
					node === to ||
					(!line.includes(node) && !passed.includes(node) && leadsTo(node, to, [...passed, node])),
			);
		for (const [index, name] of line.slice(1).entries()) {
			expect(leadsTo(line[index] ?? '', name), `${line[index]} → ${name}`).toBe(true);
		}
	});
});
