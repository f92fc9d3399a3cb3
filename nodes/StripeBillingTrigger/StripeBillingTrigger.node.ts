/** The node that starts a workflow with Stripe's events: signed, each once, and only those that were chosen. */
import type { IHookFunctions, INodeType, INodeTypeDescription, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { storeCredential } from '../shared/store';

import { receive } from './delivery';
import { createEndpoint, dropEndpoint, endpointExists } from './endpoint';
import { properties, triggerDescription } from './properties';

export class StripeBillingTrigger implements INodeType {
	description: INodeTypeDescription = {
		...triggerDescription,
		displayName: 'YTEMPIRE Stripe Billing Trigger',
		name: 'stripeBillingTrigger',
		icon: { light: 'file:stripeBillingTrigger.svg', dark: 'file:stripeBillingTrigger.dark.svg' },
		description: "Start with Stripe's events: the signature is checked, and events that came before are dropped",
		subtitle: '={{$parameter["events"].join(", ")}}',
		defaults: { name: 'Stripe Billing Trigger' },
		credentials: [{ name: 'ytempireStripeApi', required: true }, { ...storeCredential }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', responseData: 'noData', path: 'stripe' }],
		properties,
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await endpointExists(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await createEndpoint(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await dropEndpoint(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}
}
