/**
 * The one form in which a workflow is kept in workflows/: keys sorted, nodes from left to right, IDs made from names, and
 * nothing that belongs to one n8n (credentials, versions, owners, pinned data).
 */
import { createHash } from 'node:crypto';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	webhookId?: string;
	onError?: string;
	credentials?: unknown;
	disabled?: boolean;
	alwaysOutputData?: boolean;
}

export interface Workflow {
	id: string;
	name: string;
	nodes: WorkflowNode[];
	/** By the name of the node that they leave: each output's list of inputs. */
	connections: Record<string, Record<string, Array<Array<{ node: string; type: string; index: number }> | null>>>;
	settings?: Record<string, unknown>;
}

/** What of a node is the workflow's; n8n 2.41 adds more to an export. */
const NODE_KEYS = [
	'alwaysOutputData',
	'disabled',
	'executeOnce',
	'id',
	'maxTries',
	'name',
	'notes',
	'notesInFlow',
	'onError',
	'parameters',
	'position',
	'retryOnFail',
	'type',
	'typeVersion',
	'waitBetweenTries',
	'webhookId',
];

/** Settings that decide how a workflow runs; the rest n8n sets by itself. */
const SETTINGS = [
	'callerIds',
	'callerPolicy',
	'errorWorkflow',
	'executionOrder',
	'executionTimeout',
	'saveDataErrorExecution',
	'saveDataSuccessExecution',
	'saveExecutionProgress',
	'saveManualExecutions',
	'timezone',
];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** As the file holds it, with a line break at its end. */
export function canonicalText(workflow: Workflow): string {
	return `${JSON.stringify(canonical(workflow), null, '\t')}\n`;
}

export function canonical(workflow: Workflow): Workflow {
	const { id, name, nodes, connections, settings = {} } = workflow;
	return sorted({
		id,
		name,
		nodes: nodes.map((node) => canonicalNode(id, node)).sort(byPlace),
		connections,
		settings: picked(settings, SETTINGS),
	}) as unknown as Workflow;
}

function canonicalNode(workflowId: string, node: WorkflowNode): WorkflowNode {
	const kept = picked(node, NODE_KEYS) as unknown as WorkflowNode;
	return {
		...kept,
		id: stableId(workflowId, node.name),
		...(node.webhookId === undefined ? {} : { webhookId: stableId(workflowId, node.name, 'webhook') }),
		position: node.position.map(Math.round) as [number, number],
		parameters: withStableIds(node.parameters as Json, [workflowId, node.name]) as Record<string, unknown>,
	};
}

/** n8n's editor gives conditions and assignments random IDs. */
function withStableIds(value: Json, path: string[]): Json {
	if (Array.isArray(value)) return value.map((entry, index) => withStableIds(entry, [...path, String(index)]));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, entry]) => [
			key,
			key === 'id' && typeof entry === 'string' && UUID.test(entry)
				? stableId(...path)
				: withStableIds(entry, [...path, key]),
		]),
	);
}

/** A UUID that says nothing but what it was made from. */
function stableId(...parts: string[]): string {
	const hash = createHash('sha256').update(parts.join('\0')).digest('hex');
	return [
		hash.slice(0, 8),
		hash.slice(8, 12),
		`8${hash.slice(13, 16)}`,
		`8${hash.slice(17, 20)}`,
		hash.slice(20, 32),
	].join('-');
}

const STICKY = 'n8n-nodes-base.stickyNote';

/** Notes first, for they lie under the nodes; then from left to right. */
function byPlace(a: WorkflowNode, b: WorkflowNode): number {
	return (
		Number(b.type === STICKY) - Number(a.type === STICKY) ||
		a.position[0] - b.position[0] ||
		a.position[1] - b.position[1] ||
		(a.name < b.name ? -1 : 1)
	);
}

/** Without what is off: an export has it or hasn't, which says the same. */
function picked(from: object, keys: string[]): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(from).filter(
			([key, value]) => keys.includes(key) && value !== undefined && value !== null && !(value === false && keys === NODE_KEYS),
		),
	);
}

function sorted(value: unknown): Json {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== 'object' || value === null) return value as Json;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, entry]) => [key, sorted(entry)]),
	);
}
