/** The node and credential types of one built package, loaded by n8n's own lazy loader. */
import type { LazyPackageDirectoryLoader } from 'n8n-core';
import type {
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	INodeTypes,
	IVersionedNodeType,
	NodeOutput,
} from 'n8n-workflow';

/** Hands on the items that a test starts with. */
export const START_TYPE = 'test.items';

const startNode: INodeType = {
	description: {
		displayName: 'Items',
		name: 'items',
		group: ['trigger'],
		version: 1,
		description: 'Hands on what it is given',
		defaults: { name: 'Items' },
		inputs: [],
		outputs: ['main'],
		properties: [],
	} satisfies INodeTypeDescription,
	async execute(this: IExecuteFunctions) {
		return await Promise.resolve([this.getInputData()]);
	},
};

export class PackageNodeTypes implements INodeTypes {
	/** Node types whose items came out without a link. */
	private readonly unlinked = new Set<string>();

	private constructor(
		readonly packageName: string,
		private readonly loader: LazyPackageDirectoryLoader,
		private readonly versionOf: (
			node: INodeType | IVersionedNodeType,
			version?: number,
		) => INodeType,
	) {}

	static async load(folder: string): Promise<PackageNodeTypes> {
		const { LazyPackageDirectoryLoader } = await import('n8n-core');
		const { NodeHelpers } = await import('n8n-workflow');
		const loader = new LazyPackageDirectoryLoader(folder);
		await loader.loadAll();
		if (!loader.isLazyLoaded) {
			throw new Error(`${folder} has no metadata in dist/. Run "npm run build".`);
		}
		return new PackageNodeTypes(loader.packageName, loader, (node, version) =>
			NodeHelpers.getVersionedNodeType(node, version),
		);
	}

	getByName(type: string): INodeType | IVersionedNodeType {
		if (type === START_TYPE) return startNode;
		const [packageName, name] = type.split('.');
		if (packageName !== this.packageName || name === undefined) {
			throw new Error(`This engine knows the nodes of ${this.packageName} only, not "${type}".`);
		}
		return this.loader.getNode(name).type;
	}

	getByNameAndVersion(type: string, version?: number): INodeType {
		const node = this.versionOf(this.getByName(type), version);
		return type === START_TYPE ? node : this.watched(type, node);
	}

	getKnownTypes(): IDataObject {
		return { ...this.loader.known.nodes };
	}

	getCredential(type: string): ICredentialType {
		return this.loader.getCredential(type).type;
	}

	latestVersion(type: string): number {
		const { description } = this.versionOf(this.getByName(type));
		return [description.version].flat().at(-1) ?? 1;
	}

	/** @throws Error once for each run that let unlinked items out */
	assertItemsWereLinked(): void {
		const types = [...this.unlinked];
		this.unlinked.clear();
		if (types.length > 0) {
			throw new Error(
				`Items of ${types.join(', ')} have no pairedItem: users can't refer back to the item they came from.`,
			);
		}
	}

	/** n8n adds a link itself where it can guess one, so the node's own output is looked at before that. */
	private watched(type: string, node: INodeType): INodeType {
		const { execute } = node;
		if (execute === undefined) return node;
		const look = (output: NodeOutput): void => {
			const items = Array.isArray(output) ? output.flatMap((branch) => branch ?? []) : [];
			if (items.some((item: INodeExecutionData) => item.pairedItem === undefined)) {
				this.unlinked.add(type);
			}
		};
		return Object.create(node, {
			execute: {
				async value(this: IExecuteFunctions, ...rest: []) {
					const output = await execute.apply(this, rest);
					look(output);
					return output;
				},
			},
		}) as INodeType;
	}
}
