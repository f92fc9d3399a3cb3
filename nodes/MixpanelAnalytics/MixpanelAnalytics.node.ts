/** The node that counts what was made. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { event } from './event';

const resources = [event];

export class MixpanelAnalytics implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE Mixpanel Analytics',
		name: 'mixpanelAnalytics',
		icon: { light: 'file:mixpanelAnalytics.svg', dark: 'file:mixpanelAnalytics.dark.svg' },
		description: 'Count videos and other events in Mixpanel, each once',
		defaults: { name: 'Mixpanel Analytics' },
		usableAsTool: true,
		credentials: [{ name: 'ytempireMixpanelApi', required: true }, storeCredential],
		properties: propertiesOf(resources),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
