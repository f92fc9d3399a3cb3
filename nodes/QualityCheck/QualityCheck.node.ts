/** The node that judges a script and a finished video by measurement. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { script } from './script';
import { video } from './video';

const resources = [video, script];

export class QualityCheck implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE Quality Check',
		name: 'qualityCheck',
		icon: { light: 'file:qualityCheck.svg', dark: 'file:qualityCheck.dark.svg' },
		description: 'Measure a script or a video and judge it: a score, its reasons, and the step to blame',
		defaults: { name: 'Quality Check' },
		usableAsTool: true,
		credentials: [storeCredential],
		properties: propertiesOf(resources),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
