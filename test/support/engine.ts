/**
 * n8n-core's real engine for tests: loads the built package as n8n loads it and runs its nodes,
 * with n8n's own expressions, credentials, item linking and binary storage, but without n8n's server.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type {
	IBinaryData,
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	ITaskData,
	IWorkflowBase,
} from 'n8n-workflow';

import { CredentialStore } from './engine-credentials';
import { PackageNodeTypes, START_TYPE } from './engine-node-types';

const ITEMS = 'Items';
const NODE = 'Node under test';

export interface NodeRun {
	/** The node's name inside the package, e.g. `youTubePool`. */
	type: string;
	/** The newest by default. */
	typeVersion?: number;
	/** As in a workflow's JSON; what is left out has the node's default. */
	parameters?: INodeParameters;
	/** Data by credential type; what is left out has the credential's default. */
	credentials?: Record<string, ICredentialDataDecryptedObject>;
	/** Plain objects become items' `json`. One empty item by default. */
	items?: Array<INodeExecutionData | IDataObject>;
	/** The node's On Error setting; Stop Workflow by default. */
	onError?: INode['onError'];
	/** Cancels the execution, as n8n's Stop button does. */
	signal?: AbortSignal;
}

export interface NodeOutcome {
	/** Items of the first output; none when the node stopped the workflow. */
	items: INodeExecutionData[];
	/** Items by output; the last one is the error output with `continueErrorOutput`. */
	outputs: INodeExecutionData[][];
	/** What stopped the workflow, as the node threw it and n8n wrapped it. */
	error: ITaskData['error'];
	status: 'success' | 'error' | 'canceled';
}

export interface WorkflowRun {
	workflow: Pick<IWorkflowBase, 'nodes' | 'connections' | 'settings'>;
	/** Name of the node that begins. */
	startNode: string;
	/** What that node receives. One empty item by default. */
	items?: Array<INodeExecutionData | IDataObject>;
	/** Data by credential type, for every node that names a credential of it. */
	credentials?: Record<string, ICredentialDataDecryptedObject>;
	signal?: AbortSignal;
}

export interface WorkflowOutcome {
	/** Runs by node name, in order. */
	runs: Record<string, ITaskData[]>;
	error: ITaskData['error'];
	status: NodeOutcome['status'];
}

export interface Engine {
	/** Stands for n8n's user folder; removed when the test process ends. */
	userFolder: string;
	/** @throws Error when an item that comes out doesn't say which item it came from */
	runNode(run: NodeRun): Promise<NodeOutcome>;
	/** @throws Error as {@link Engine.runNode} */
	runWorkflow(run: WorkflowRun): Promise<WorkflowOutcome>;
	/** Stores a file as n8n does and gives what an item's `binary` holds. */
	storeBinary(path: string, mimeType: string): Promise<IBinaryData>;
	readBinary(binary: IBinaryData): Promise<Buffer>;
}

/** Built `dist/` of this checkout by default; any folder with a package.json that has an `n8n` section. */
export async function startEngine(packageFolder = '.'): Promise<Engine> {
	const userFolder = prepareUserFolder();
	const { BinaryDataService, ExecutionLifecycleHooks, WorkflowExecute } = await import('n8n-core');
	const { Workflow } = await import('n8n-workflow');
	const { Container } = await import('@n8n/di');
	const nodeTypes = await PackageNodeTypes.load(resolve(packageFolder));
	const binaryData = Container.get(BinaryDataService);
	await binaryData.init();
	let executions = 0;

	async function runWorkflow(run: WorkflowRun): Promise<WorkflowOutcome> {
		const { workflow, startNode, items, credentials, signal } = run;
		executions += 1;
		const executionId = String(executions);
		const data: IWorkflowBase = {
			id: 'engine-test',
			name: 'Engine test',
			active: false,
			isArchived: false,
			createdAt: new Date(),
			updatedAt: new Date(),
			activeVersionId: null,
			...workflow,
			settings: { executionOrder: 'v1', ...workflow.settings },
		};
		const instance = new Workflow({ ...data, nodeTypes });
		const start = instance.getNode(startNode);
		if (start === null) throw new Error(`The workflow has no node "${startNode}".`);
		const hooks = new ExecutionLifecycleHooks('trigger', executionId, data);
		let status: string | undefined;
		// a cancelled execution ends twice, and n8n keeps what it said first
		hooks.addHandler('workflowExecuteAfter', (ended) => {
			status ??= ended.status;
		});
		const additionalData = {
			hooks,
			credentialsHelper: new CredentialStore(nodeTypes, credentials ?? {}),
			executionId,
			workflowId: data.id,
			currentNodeExecutionIndex: 0,
			variables: {},
			restApiUrl: 'http://127.0.0.1/rest',
			instanceBaseUrl: 'http://127.0.0.1/',
			webhookBaseUrl: 'http://127.0.0.1/webhook',
			webhookTestBaseUrl: 'http://127.0.0.1/webhook-test',
			webhookWaitingBaseUrl: 'http://127.0.0.1/webhook-waiting',
			formBaseUrl: 'http://127.0.0.1/form',
			formTestBaseUrl: 'http://127.0.0.1/form-test',
			formWaitingBaseUrl: 'http://127.0.0.1/form-waiting',
		};
		// what the engine asks of a server (sub-workflows, task runners) has no place here
		const execution = new WorkflowExecute(additionalData as never, 'trigger').run({
			workflow: instance,
			startNode: start,
			triggerToStartFrom: {
				name: startNode,
				data: {
					startTime: 0,
					executionIndex: 0,
					executionTime: 0,
					source: [],
					data: { main: [asItems(items)] },
				},
			},
		});
		const cancel = (): void => execution.cancel();
		signal?.addEventListener('abort', cancel, { once: true });
		if (signal?.aborted) cancel();
		const result = await execution;
		signal?.removeEventListener('abort', cancel);
		nodeTypes.assertItemsWereLinked();
		const runs = result.data.resultData.runData;
		const tasks = Object.values(runs).flat();
		return {
			runs,
			error: tasks.find(({ error }) => error)?.error ?? result.data.resultData.error,
			status: (status ?? result.status) as NodeOutcome['status'],
		};
	}

	async function runNode(run: NodeRun): Promise<NodeOutcome> {
		const credentialTypes = Object.keys(run.credentials ?? {});
		const type = `${nodeTypes.packageName}.${run.type}`;
		const { runs, error, status } = await runWorkflow({
			startNode: ITEMS,
			items: run.items,
			credentials: run.credentials,
			signal: run.signal,
			workflow: {
				nodes: [
					{
						id: ITEMS,
						name: ITEMS,
						type: START_TYPE,
						typeVersion: 1,
						position: [0, 0],
						parameters: {},
					},
					{
						id: NODE,
						name: NODE,
						type,
						typeVersion: run.typeVersion ?? nodeTypes.latestVersion(type),
						position: [200, 0],
						parameters: run.parameters ?? {},
						onError: run.onError,
						credentials: Object.fromEntries(
							credentialTypes.map((name) => [name, { id: name, name }]),
						),
					},
				],
				connections: { [ITEMS]: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
			},
		});
		const outputs = (runs[NODE]?.[0]?.data?.main ?? []).map((output) => output ?? []);
		return { items: outputs[0] ?? [], outputs, error, status };
	}

	return {
		userFolder,
		runWorkflow,
		runNode,
		storeBinary: async (path, mimeType) =>
			await binaryData.copyBinaryFile(
				{ type: 'execution', workflowId: 'engine-test', executionId: 'input' },
				{ data: '', mimeType, fileName: path.split('/').pop() },
				path,
			),
		readBinary: async (binary) => await binaryData.getAsBuffer(binary),
	};
}

function asItems(items: Array<INodeExecutionData | IDataObject> = [{}]): INodeExecutionData[] {
	return items.map((item) => (isItem(item) ? item : { json: item }));
}

function isItem(item: INodeExecutionData | IDataObject): item is INodeExecutionData {
	return typeof item.json === 'object' && item.json !== null;
}

/** n8n-core reads its settings once, when it is first imported. */
function prepareUserFolder(): string {
	const given = process.env.YTEMPIRE_ENGINE_FOLDER;
	if (given !== undefined) return given;
	const folder = mkdtempSync(join(tmpdir(), 'ytempire-engine-'));
	Object.assign(process.env, {
		YTEMPIRE_ENGINE_FOLDER: folder,
		NODE_ENV: 'test',
		N8N_USER_FOLDER: folder,
		N8N_ENCRYPTION_KEY: 'engine-test',
		// n8n keeps nodes from every other folder
		N8N_RESTRICT_FILE_ACCESS_TO: tmpdir(),
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		// failures are in the outcome; set it to `debug` to hear n8n's own words
		N8N_LOG_LEVEL: process.env.N8N_LOG_LEVEL ?? 'silent',
	});
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
	return folder;
}
