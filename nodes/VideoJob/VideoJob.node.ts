/** The node that keeps the jobs: a video from request to published. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential, testStore } from '../shared/store';

import { dashboard } from './dashboard';
import { job } from './job';

const resources = [job, dashboard];

export class VideoJob implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE Video Job',
		name: 'videoJob',
		icon: { light: 'file:videoJob.svg', dark: 'file:videoJob.dark.svg' },
		description: 'Validate, queue and follow videos from request to published',
		defaults: { name: 'Video Job' },
		usableAsTool: true,
		credentials: [{ ...storeCredential, testedBy: 'testStore' }],
		properties: propertiesOf(resources),
	};

	methods = { credentialTest: { testStore } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
