/** The node that writes: scripts for narrated videos, and what stands around them. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { credentialsOf } from '../shared/candidates';
import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { LANGUAGE_CHOICES } from './connection';
import { getModels } from './load-options';
import { metadata } from './metadata';
import { script } from './script';

const resources = [script, metadata];

export class OpenAiScript implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE OpenAI Script',
		name: 'openAiScript',
		icon: { light: 'file:openAiScript.svg', dark: 'file:openAiScript.dark.svg' },
		description: 'Write, improve and judge scripts for narrated videos, and describe them for YouTube',
		defaults: { name: 'OpenAI Script' },
		usableAsTool: true,
		credentials: [...credentialsOf(LANGUAGE_CHOICES), storeCredential],
		properties: propertiesOf(resources),
	};

	methods = { loadOptions: { getModels } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
