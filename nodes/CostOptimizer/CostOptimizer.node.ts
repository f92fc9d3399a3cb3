/** The node that looks at what videos cost, and lets cheaper providers prove themselves. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { configuration } from './configuration';
import { cost } from './cost';
import { provider } from './provider';
import { savings } from './savings';

const resources = [configuration, cost, provider, savings];

export class CostOptimizer implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE Cost Optimizer',
		name: 'costOptimizer',
		icon: { light: 'file:costOptimizer.svg', dark: 'file:costOptimizer.dark.svg' },
		description: 'Analyze what videos cost, find savings over a quality floor, and switch providers step by step',
		defaults: { name: 'Cost Optimizer' },
		usableAsTool: true,
		credentials: [storeCredential],
		properties: propertiesOf(resources),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
