/** The node that counts what was made. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { commonDescription, propertiesOf } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { runTogether } from './batch';
import { event } from './event';

export class MixpanelAnalytics implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE Mixpanel Analytics',
		name: 'mixpanelAnalytics',
		icon: { light: 'file:mixpanelAnalytics.svg', dark: 'file:mixpanelAnalytics.dark.svg' },
		description: 'Count videos, revenue and other events in Mixpanel, each once',
		defaults: { name: 'Mixpanel Analytics' },
		usableAsTool: true,
		credentials: [{ name: 'ytempireMixpanelApi', required: true }, storeCredential],
		properties: propertiesOf([event]),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runTogether(this, event);
	}
}
