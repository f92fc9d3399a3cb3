/** What n8n 2.41 itself knows: its nodes and credentials, and what its next major version takes away. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ICredentialType, INodeTypeDescription } from 'n8n-workflow';

import { ensureHost } from '../../host/install.mjs';

const OURS = 'n8n-nodes-ytempire.';
const BASE = 'n8n-nodes-base.';

export interface N8nTypes {
	/** The newest description of each node, by the type that workflows name. */
	nodes: Map<string, INodeTypeDescription>;
	/** By name. */
	credentials: Map<string, Pick<ICredentialType, 'name' | 'displayName'>>;
	/** Types of nodes that n8n v3 no longer has, as n8n's own check for the upgrade lists them. */
	removedInV3: Set<string>;
}

export async function n8nTypes(): Promise<N8nTypes> {
	const { folder } = await ensureHost();
	const modules = join(folder, 'node_modules');
	const base = join(modules, 'n8n-nodes-base', 'dist', 'types');
	return {
		nodes: new Map([...described(BASE, join(base, 'nodes.json')), ...described(OURS, 'dist/types/nodes.json')]),
		credentials: new Map(
			[join(base, 'credentials.json'), 'dist/types/credentials.json']
				.flatMap((file) => read(file) as ICredentialType[])
				.map((credential) => [credential.name, credential]),
		),
		removedInV3: removedNodes(join(modules, 'n8n', 'dist', 'modules', 'breaking-changes', 'rules', 'v3')),
	};
}

export const versionsOf = ({ version }: INodeTypeDescription): number[] => [version].flat();

/** A node of several versions is listed several times. */
function described(prefix: string, file: string): Array<[string, INodeTypeDescription]> {
	return (read(file) as INodeTypeDescription[])
		.sort((a, b) => Math.max(...versionsOf(a)) - Math.max(...versionsOf(b)))
		.map((description) => [prefix + description.name, description]);
}

function removedNodes(rules: string): Set<string> {
	const files = readdirSync(rules).filter((file) => /^(removed-nodes|ai-transform).*\.js$/.test(file));
	const code = files.map((file) => readFileSync(join(rules, file), 'utf8')).join('\n');
	return new Set([...code.matchAll(/'((?:@n8n\/)?n8n-nodes-(?:base|langchain)\.\w+)'/g)].map(([, type = '']) => type));
}

function read(file: string): unknown {
	return JSON.parse(readFileSync(file, 'utf8'));
}
