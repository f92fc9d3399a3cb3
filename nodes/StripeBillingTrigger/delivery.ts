/** A delivery of Stripe's: opened, counted once, handed to n8n, and remembered when n8n has it. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { CLAIM_MS, claimEvent, eventGivenBack, eventPending, eventStarted } from '../../core/billing/events';
import { ALL_EVENTS, type EventType } from '../../core/billing/event-types';
import { signingSecret } from '../../core/billing/endpoint';
import { openDelivery } from '../../core/billing/signature';
import { redact } from '../../core/redact';
import type { Store } from '../../core/store/store';
import { storeOf } from '../shared/store';

import { chosenEvents, madeByHand, registered } from './chosen';

/** Forged, tampered with, too old, or no event: nobody is told which. */
const BAD_REQUEST = 400;

/** Another delivery of the same event is being taken in: Stripe tries again later, and then it is known or free. */
const CONFLICT = 409;

const UNAVAILABLE = 503;

export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const store = await storeOf(context);
		const { endpoint, secret } = await sender(context, store);
		const request = context.getRequestObject() as IncomingMessage;
		const signature = request.headers['stripe-signature'];
		const delivery = { body: rawBodyOf(request), signature: typeof signature === 'string' ? signature : undefined };
		const event = secret === undefined ? undefined : await openDelivery(delivery, secret, store.clock.now());
		if (!event) return refused(context, BAD_REQUEST);
		const chosen = chosenEvents(context);
		if (!chosen.includes(ALL_EVENTS) && !chosen.includes(event.type as EventType)) return {};
		const arrival = await claimEvent(store, endpoint, event.id);
		if (arrival.arrival === 'replay') return {};
		if (arrival.arrival === 'claimed') return refused(context, CONFLICT);
		followAnswer(context, async (answer) => {
			await SETTLED[answer](store, endpoint, event.id, arrival.claim);
		});
		return { workflowData: [[{ json: event as unknown as IDataObject }]] };
	} catch (error) {
		// n8n would begin an execution without an event; Stripe delivers it again
		context.logger.error(`Stripe Billing Trigger: ${saying(error)}`);
		return refused(context, UNAVAILABLE);
	}
}

/** n8n keeps the bytes beside what it reads out of them. */
function rawBodyOf(request: object): Buffer {
	return 'rawBody' in request && Buffer.isBuffer(request.rawBody) ? request.rawBody : Buffer.alloc(0);
}

/** Which endpoint of Stripe's asks here, and what it signs with. */
async function sender(context: IWebhookFunctions, store: Store): Promise<{ endpoint: string; secret: string | undefined }> {
	const credential = async () => await context.getCredentials<{ secretKey: string; webhookSecret?: string }>('ytempireStripeApi');
	if (madeByHand(context)) {
		const { webhookSecret } = await credential();
		const endpoint = `by hand: ${context.getWorkflow().id ?? ''} ${context.getNode().id}`;
		return { endpoint, secret: webhookSecret?.trim() };
	}
	const { endpointId = '' } = registered(context);
	const secret = endpointId ? await signingSecret(store, endpointId, async () => (await credential()).secretKey) : undefined;
	return { endpoint: endpointId, secret };
}

const responseOf = (context: IWebhookFunctions) => context.getResponseObject() as ServerResponse;

function refused(context: IWebhookFunctions, status: number): IWebhookResponseData {
	const response = responseOf(context);
	response.statusCode = status;
	response.end();
	return { noWebhookResponse: true };
}

type Answer = 'taken' | 'refused' | 'pending';

const SETTLED = { taken: eventStarted, refused: eventGivenBack, pending: eventPending } satisfies Record<Answer, unknown>;

/** Milliseconds for which an answer is followed: as long as Stripe delivers an event. */
const FOLLOWED_MS = 3 * 24 * 3_600_000;

/**
 * n8n answers with 2xx when the execution is in its database and has its turn, and with 5xx when it could not begin.
 * With a limit of executions at once that may be long after Stripe has hung up: until then the claim is kept alive.
 */
function followAnswer(context: IWebhookFunctions, settle: (answer: Answer) => Promise<void>): void {
	const response = responseOf(context);
	const until = Date.now() + FOLLOWED_MS;
	const say = (answer: Answer) => {
		if (answer !== 'pending') clearInterval(timer);
		settle(answer).catch((error: unknown) => {
			context.logger.error(`Stripe Billing Trigger: ${saying(error)}`);
		});
	};
	const answered = (): Answer => (response.statusCode < 300 ? 'taken' : 'refused');
	const onClose = () => {
		if (response.writableEnded) say(answered());
	};
	const timer = setInterval(() => {
		if (response.writableEnded) {
			response.off('close', onClose);
			say(answered());
		} else if (Date.now() < until) say('pending');
		else clearInterval(timer);
	}, CLAIM_MS / 4);
	timer.unref();
	response.once('close', onClose);
}

const saying = (error: unknown) => redact(error instanceof Error ? error.message : String(error));
