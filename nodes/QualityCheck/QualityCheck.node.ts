/** The node that judges a finished video by measurement. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { video } from './video';

const resources = [video];

export class QualityCheck implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE Quality Check',
		name: 'qualityCheck',
		icon: { light: 'file:qualityCheck.svg', dark: 'file:qualityCheck.dark.svg' },
		description: 'Measure a video with ffmpeg and judge it: a score, its reasons, and the step to blame',
		defaults: { name: 'Quality Check' },
		usableAsTool: true,
		credentials: [storeCredential],
		properties: propertiesOf(resources),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
