/** The node that writes: scripts for narrated videos. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { openAiCredential } from './connection';
import { getModels } from './load-options';
import { script } from './script';

const resources = [script];

export class OpenAiScript implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE OpenAI Script',
		name: 'openAiScript',
		icon: { light: 'file:openAiScript.svg', dark: 'file:openAiScript.dark.svg' },
		description: 'Write scripts for narrated videos with OpenAI',
		defaults: { name: 'OpenAI Script' },
		usableAsTool: true,
		credentials: [openAiCredential, storeCredential],
		properties: propertiesOf(resources),
	};

	methods = { loadOptions: { getModels } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
