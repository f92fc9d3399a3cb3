/** The node that keeps the jobs, a video from request to published, and the customers' plans. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential, testStore } from '../shared/store';

import { customer } from './customer';
import { dashboard } from './dashboard';
import { job } from './job';

const resources = [job, customer, dashboard];

export class VideoJob implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE Video Job',
		name: 'videoJob',
		icon: { light: 'file:videoJob.svg', dark: 'file:videoJob.dark.svg' },
		description: "Validate, queue and follow videos from request to published, within customers' plans",
		defaults: { name: 'Video Job' },
		usableAsTool: true,
		credentials: [
			{ ...storeCredential, testedBy: 'testStore' },
			{
				name: 'ytempireStripeApi',
				required: false,
				displayOptions: { show: { resource: ['customer'], operation: ['updatePlan'] } },
			},
		],
		properties: propertiesOf(resources),
	};

	methods = { credentialTest: { testStore } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
