/** Webhook endpoints. */
import type { Stripe } from 'stripe';

import { invalid, missingParam } from './errors';
import { secretsOf } from './events';
import { allow, flag, list, metadata, type Params, required, text } from './form';
import { type Caller, page, type StripeState } from './state';

function eventsOf(params: Params): string[] {
	return list(params, 'enabled_events').map((value) => {
		if (typeof value === 'string' && (value === '*' || /^[a-z0-9_]+(\.[a-z0-9_]+)+$/.test(value))) return value;
		throw invalid(`Invalid enabled_events: ${JSON.stringify(value)}`, 'enabled_events');
	});
}

function urlOf(params: Params): string {
	const url = required(params, 'url');
	if (!URL.canParse(url) || !/^https?:/.test(url)) throw invalid('Invalid URL: An explicit scheme (such as https) must be provided.', 'url', 'url_invalid');
	return url;
}

/** The one answer that has the secret. */
export function createEndpoint(state: StripeState, params: Params, caller: Caller): Stripe.WebhookEndpoint {
	allow(params, ['url', 'enabled_events', 'description', 'metadata', 'api_version', 'connect']);
	const url = urlOf(params);
	const enabledEvents = eventsOf(params);
	if (enabledEvents.length === 0) throw missingParam('enabled_events');
	const id = state.idOf('webhook_endpoint');
	const secret = `whsec_${state.context.random(`secret:${id}`).id(32)}`;
	secretsOf(state).set(id, secret);
	const endpoint = state.save('webhook_endpoint', {
		id,
		object: 'webhook_endpoint',
		api_version: text(params, 'api_version') ?? null,
		application: null,
		created: state.now(),
		description: text(params, 'description') || null,
		enabled_events: enabledEvents,
		livemode: caller.livemode,
		metadata: metadata(params),
		status: 'enabled',
		url,
	});
	return { ...endpoint, secret };
}

export function updateEndpoint(state: StripeState, id: string, params: Params, caller: Caller): Stripe.WebhookEndpoint {
	allow(params, ['url', 'enabled_events', 'description', 'metadata', 'disabled']);
	const before = state.get('webhook_endpoint', id, caller);
	const wanted = eventsOf(params);
	const disabled = flag(params, 'disabled');
	return state.save('webhook_endpoint', {
		...before,
		...(params.url === undefined ? {} : { url: urlOf(params) }),
		...(wanted.length === 0 ? {} : { enabled_events: wanted }),
		...(disabled === undefined ? {} : { status: disabled ? 'disabled' : 'enabled' }),
		description: params.description === undefined ? before.description : text(params, 'description') || null,
		metadata: metadata(params, before.metadata),
	});
}

export function listEndpoints(state: StripeState, params: Params, caller: Caller) {
	allow(params, ['limit', 'starting_after', 'ending_before']);
	return page(state.all('webhook_endpoint', caller), params, '/v1/webhook_endpoints');
}

export function deleteEndpoint(state: StripeState, id: string, caller: Caller) {
	state.get('webhook_endpoint', id, caller);
	state.table('webhook_endpoint').delete(id);
	secretsOf(state).delete(id);
	return { id, object: 'webhook_endpoint', deleted: true };
}
