/** An operation in one file: what the user sees of it, and what it does with one item. */
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { errorItem, toNodeError } from './errors';

export interface Operation {
	/** As in the menu, e.g. `Generate`. */
	name: string;
	/** As in the workflow's JSON, e.g. `generate`. */
	value: string;
	/** As in the node panel, e.g. `Generate a script`. */
	action: string;
	description: string;
	properties: INodeProperties[];
	/** Gives the items that this input item leads to; pairing and failures are the router's. */
	execute(context: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]>;
}

/** What the user sees of an operation. */
export type OperationWords = Omit<Operation, 'execute'>;

export interface Resource<Kind extends OperationWords = Operation> {
	name: string;
	value: string;
	operations: Kind[];
}

/** The node's parameters: resource, operation, and each operation's own fields shown only there. */
export function propertiesOf(resources: Array<Resource<OperationWords>>): INodeProperties[] {
	const first = resources[0];
	if (!first) return [];
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resources.map(({ name, value }) => ({ name, value })),
			default: first.value,
		},
		...resources.map(
			(resource): INodeProperties => ({
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: [resource.value] } },
				options: resource.operations.map(({ name, value, action, description }) => ({
					name,
					value,
					action,
					description,
				})),
				default: resource.operations[0]?.value ?? '',
			}),
		),
		...resources.flatMap((resource) =>
			resource.operations.flatMap((operation) =>
				operation.properties.map((property) => shownFor(property, resource, operation)),
			),
		),
	];
}

function shownFor(
	property: INodeProperties,
	resource: Resource<OperationWords>,
	operation: OperationWords,
): INodeProperties {
	return {
		...property,
		displayOptions: {
			...property.displayOptions,
			show: {
				...property.displayOptions?.show,
				resource: [resource.value],
				operation: [operation.value],
			},
		},
	};
}

/** What all our nodes have in common. */
export const commonDescription = {
	version: 1,
	group: ['transform'],
	subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
	inputs: [NodeConnectionTypes.Main],
	outputs: [NodeConnectionTypes.Main],
} satisfies Partial<INodeTypeDescription>;

/**
 * Runs the chosen operation on every item: items are independent, each output names its input
 * item, and with Continue On Fail an item that fails goes on as an item that says why.
 */
export async function runOperations(
	context: IExecuteFunctions,
	resources: Resource[],
): Promise<INodeExecutionData[][]> {
	const output: INodeExecutionData[] = [];
	const count = context.getInputData().length;
	for (let itemIndex = 0; itemIndex < count; itemIndex++) {
		try {
			const operation = chosenOperation(context, resources, itemIndex);
			const items = await operation.execute(context, itemIndex);
			output.push(...items.map((item) => ({ ...item, pairedItem: { item: itemIndex } })));
		} catch (error) {
			const cancelled = context.getExecutionCancelSignal()?.aborted === true;
			const nodeError = toNodeError(context.getNode(), error, itemIndex);
			if (cancelled || !context.continueOnFail()) throw nodeError;
			output.push(errorItem(error, nodeError, itemIndex));
		}
	}
	return [output];
}

function chosenOperation(
	context: IExecuteFunctions,
	resources: Resource[],
	itemIndex: number,
): Operation {
	const resource = context.getNodeParameter('resource', itemIndex);
	const operation = context.getNodeParameter('operation', itemIndex);
	const chosen = resources
		.find(({ value }) => value === resource)
		?.operations.find(({ value }) => value === operation);
	if (!chosen) throw new Error(`The operation ${resource}: ${operation} is not known to this node`);
	return chosen;
}
