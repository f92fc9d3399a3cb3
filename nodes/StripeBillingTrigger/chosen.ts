/** What the node's parameters say, wherever they are read. */
import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import type { EventType } from '../../core/billing/event-types';

type Context = IHookFunctions | IWebhookFunctions;

export function chosenEvents(context: Context): EventType[] {
	return context.getNodeParameter('events', []) as EventType[];
}

export function madeByHand(context: Context): boolean {
	const options = context.getNodeParameter('options', {}) as IDataObject;
	return options.endpoint === 'byHand';
}

/** In the node's static data: the endpoint that it made at Stripe. */
export interface Registered {
	endpointId?: string;
}

export function registered(context: Context): Registered {
	return context.getWorkflowStaticData('node');
}
