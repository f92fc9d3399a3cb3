/** The node that finds stock videos and photos in several libraries at once, and brings them. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { footageCredentials } from '../shared/footage';
import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { photo, video } from './media';

const resources = [video, photo];

export class StockMedia implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE Stock Media',
		name: 'stockMedia',
		icon: { light: 'file:stockMedia.svg', dark: 'file:stockMedia.dark.svg' },
		description: 'Search Pexels, Pixabay and Unsplash for videos and photos, and download them',
		defaults: { name: 'Stock Media' },
		usableAsTool: true,
		credentials: [...footageCredentials(), storeCredential],
		properties: propertiesOf(resources),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
