/** Events and their delivery: signed, at least once, and again with growing waits until an endpoint answers with 2xx. */
import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

import type { Stripe } from 'stripe';

import type { Caller, StripeState } from './state';

export const API_VERSION = '2026-10-28.endive';

/** Stripe tries for three days; here the waits are milliseconds, so that a test lives to see them. */
const WAITS_MS = [50, 100, 200, 400, 800, 1600, 3200];

/** Stripe ends a delivery that takes longer. */
const TIMEOUT_MS = 20_000;

export interface Delivery {
	event: string;
	type: string;
	endpoint: string;
	/** From 1. */
	attempt: number;
	/** Null when no answer came. */
	status: number | null;
}

type Object_ = { id?: string; object: string; livemode?: boolean };

/** Keeps the event and sends it to every endpoint of its mode that asked for its type. */
export function emit(
	state: StripeState,
	type: string,
	object: Object_,
	caller: Pick<Caller, 'livemode'> & Partial<Caller>,
	previous?: Record<string, unknown>,
): Stripe.Event {
	const event = {
		id: state.idOf('event'),
		object: 'event',
		api_version: API_VERSION,
		created: state.now(),
		// as it was then, whatever becomes of it
		data: { object: structuredClone(object), ...(previous ? { previous_attributes: previous } : {}) },
		livemode: caller.livemode,
		pending_webhooks: 0,
		request: caller.requestId ? { id: caller.requestId, idempotency_key: caller.idempotencyKey ?? null } : null,
		type,
	} as unknown as Stripe.Event;
	const endpoints = endpointsFor(state, event);
	event.pending_webhooks = endpoints.length;
	state.save('event', event);
	for (const endpoint of endpoints) deliver(state, event, endpoint.id);
	return event;
}

/** Sends it again, also what was delivered before. */
export function resend(state: StripeState, event: Stripe.Event): void {
	for (const endpoint of endpointsFor(state, event)) deliver(state, event, endpoint.id);
}

function endpointsFor(state: StripeState, event: Stripe.Event): Stripe.WebhookEndpoint[] {
	return state
		.all('webhook_endpoint', event)
		.filter(({ status }) => status === 'enabled')
		.filter(({ enabled_events: wanted }) => wanted.includes('*') || wanted.includes(event.type));
}

/** The secret of an endpoint is shown once, when it is made. */
export function secretsOf(state: StripeState): Map<string, string> {
	return state.context.table('webhook_secrets');
}

/** `t=…,v1=…` over time and body, as in docs.stripe.com/webhooks/signatures. */
export function signature(payload: string, secret: string, at: number): string {
	return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${payload}`).digest('hex')}`;
}

function deliver(state: StripeState, event: Stripe.Event, endpointId: string, attempt = 1): void {
	const later = () => {
		const wait = WAITS_MS[attempt - 1];
		if (wait !== undefined) setTimeout(() => deliver(state, event, endpointId, attempt + 1), wait).unref();
	};
	const endpoint = state.table('webhook_endpoint').get(endpointId);
	const secret = secretsOf(state).get(endpointId);
	// gone meanwhile, or forgotten by a reset
	if (!endpoint || secret === undefined) return;
	const payload = JSON.stringify(event, null, 2);
	post(endpoint.url, payload, signature(payload, secret, state.now()))
		.catch(() => null)
		.then((status) => {
			const deliveries = state.context.table<Delivery>('deliveries');
			deliveries.set(`${deliveries.size}`, { event: event.id, type: event.type, endpoint: endpointId, attempt, status });
			if (status !== null && status >= 200 && status < 300) event.pending_webhooks = Math.max(0, event.pending_webhooks - 1);
			else later();
		})
		.catch(() => undefined);
}

function post(url: string, payload: string, header: string): Promise<number | null> {
	const send = url.startsWith('https:') ? httpsRequest : httpRequest;
	return new Promise((resolve, reject) => {
		const request = send(
			url,
			{
				method: 'POST',
				timeout: TIMEOUT_MS,
				headers: {
					'content-type': 'application/json; charset=utf-8',
					'content-length': Buffer.byteLength(payload),
					'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
					'stripe-signature': header,
				},
			},
			(answer) => {
				answer.resume();
				answer.once('end', () => resolve(answer.statusCode ?? null));
				answer.once('error', reject);
			},
		);
		request.once('timeout', () => request.destroy(new Error('no answer in time')));
		request.once('error', reject);
		request.end(payload);
	});
}
