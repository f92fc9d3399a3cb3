/** The node that paints: pictures for scenes, and thumbnails. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { imageCredentials } from './connection';
import { image } from './image';

const resources = [image];

export class SceneImage implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE Scene Image',
		name: 'sceneImage',
		icon: { light: 'file:sceneImage.svg', dark: 'file:sceneImage.dark.svg' },
		description: 'Generate pictures for scenes and thumbnails with Stability, OpenAI or a Midjourney gateway',
		defaults: { name: 'Scene Image' },
		usableAsTool: true,
		credentials: [...imageCredentials, storeCredential],
		properties: propertiesOf(resources),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
