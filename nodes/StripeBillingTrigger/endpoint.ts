/** The endpoint at Stripe, as n8n asks for it: is it there, make it, remove it. */
import type { IHookFunctions } from 'n8n-workflow';

import { keepEndpoint, makeEndpoint, removeEndpoint, type WantedEndpoint } from '../../core/billing/endpoint';
import { invalidRequest } from '../../core/errors';
import { toNodeError } from '../shared/errors';
import { storeOf } from '../shared/store';

import { chosenEvents, madeByHand, registered } from './chosen';
import { stripeOf } from './connection';

export async function endpointExists(context: IHookFunctions): Promise<boolean> {
	return await said(context, async () => {
		if (madeByHand(context)) return true;
		const { endpointId } = registered(context);
		return endpointId !== undefined && (await keepEndpoint(await stripeOf(context), await storeOf(context), endpointId, wanted(context)));
	});
}

export async function createEndpoint(context: IHookFunctions): Promise<boolean> {
	return await said(context, async () => {
		const data = registered(context);
		data.endpointId = await makeEndpoint(await stripeOf(context), await storeOf(context), wanted(context));
		return true;
	});
}

export async function dropEndpoint(context: IHookFunctions): Promise<boolean> {
	return await said(context, async () => {
		const data = registered(context);
		if (data.endpointId === undefined) return true;
		await removeEndpoint(await stripeOf(context), await storeOf(context), data.endpointId);
		delete data.endpointId;
		return true;
	});
}

function wanted(context: IHookFunctions): WantedEndpoint {
	const url = context.getNodeWebhookUrl('default');
	if (!url) throw new Error('n8n has no address for this webhook');
	const events = chosenEvents(context);
	if (events.length === 0) {
		throw invalidRequest('No events are chosen', { cure: 'Choose at least one event in the node.', reason: 'no-events' });
	}
	const { id, name } = context.getWorkflow();
	return { url, events, description: `n8n: ${name ?? 'workflow'} (${id ?? 'not saved'})`.slice(0, 500) };
}

/** A failure in n8n's own shape. */
async function said<T>(context: IHookFunctions, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		throw toNodeError(context.getNode(), error, 0);
	}
}
