/** What becomes of a delivery of Stripe's until n8n has answered it, over real HTTP. */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import type { IWebhookFunctions } from 'n8n-workflow';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { CLAIM_MS } from '../../core/billing/events';
import { Stripe } from '../../core/vendor/stripe';
import { receive } from '../../nodes/StripeBillingTrigger/delivery';
import { temporaryStore } from '../support/store';

const SECRET = 'whsec_by_hand';

type Begun = (response: ServerResponse) => void;

/** n8n around the trigger's webhook: `begun` gets the response when an execution would begin with the event. */
async function scene(begun: Begun) {
	const { file, db } = await temporaryStore();
	const receiving = async (incoming: IncomingMessage, response: ServerResponse) => {
		Object.assign(incoming, { rawBody: await buffer(incoming) });
		const credentials = { ytempireStripeApi: { secretKey: 'sk_test_1', webhookSecret: SECRET }, ytempireStoreApi: { databaseFile: file } };
		const context = {
			getNode: () => ({ id: 'node-1', credentials: { ytempireStoreApi: {} } }),
			getWorkflow: () => ({ id: 'workflow-1' }),
			getCredentials: (name: keyof typeof credentials) => Promise.resolve(credentials[name]),
			getNodeParameter: (name: string) => (name === 'events' ? ['*'] : { endpoint: 'byHand' }),
			getRequestObject: () => incoming,
			getResponseObject: () => response,
			logger: { error: (line: string) => told.push(line) },
		};
		const { workflowData, noWebhookResponse } = await receive(context as unknown as IWebhookFunctions);
		if (workflowData) begun(response);
		else if (noWebhookResponse !== true) response.end();
	};
	const told: string[] = [];
	const server = createServer((incoming, response) => void receiving(incoming, response));
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	const payload = JSON.stringify({ id: 'evt_1', object: 'event', type: 'invoice.paid', created: 1, data: { object: {} } });
	/** The status; undefined when Stripe hung up before one came. */
	const deliver = async (hangUp = new AbortController().signal): Promise<number | undefined> =>
		await new Promise((resolve) => {
			const headers = { 'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET }) };
			const sent = request({ port, method: 'POST', path: '/', headers, signal: hangUp }, (answer) => {
				answer.resume();
				resolve(answer.statusCode);
			});
			sent.once('error', () => resolve(undefined));
			sent.end(payload);
		});
	const rows = async () => await db.selectFrom('billing_events').select(['state', 'at']).execute();
	return { deliver, rows, db, told };
}

/** An execution that waits for its turn while Stripe has hung up. */
async function waiting() {
	vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
	onTestFinished(() => {
		vi.useRealTimers();
	});
	const responses: ServerResponse[] = [];
	const stripe = new AbortController();
	const all = await scene((response) => {
		responses.push(response);
		if (responses.length > 1) response.end();
		else stripe.abort();
	});
	expect(await all.deliver(stripe.signal)).toBeUndefined();
	await vi.waitFor(() => expect(responses[0]?.closed).toBe(true));
	vi.advanceTimersByTime(2 * CLAIM_MS);
	return { ...all, responses };
}

describe('an event whose execution waits for its turn while Stripe has hung up', () => {
	it('starts no second one when Stripe delivers it again, before and after the execution has begun', async () => {
		const { deliver, responses, rows, told } = await waiting();
		expect(await deliver()).toBe(409);
		responses[0]!.end();
		vi.advanceTimersByTime(CLAIM_MS);
		await vi.waitFor(async () => expect(await rows()).toMatchObject([{ state: 'started' }]));
		expect(await deliver()).toBe(200);
		expect([responses.length, told]).toEqual([1, []]);
	});

	it('keeps its claim however long that takes', async () => {
		const { rows, db } = await waiting();
		await db.updateTable('billing_events').set({ at: 1 }).execute();
		vi.advanceTimersByTime(CLAIM_MS / 2);
		await vi.waitFor(async () => expect((await rows())[0]!.at).toBeGreaterThan(1));
		expect(await rows()).toMatchObject([{ state: 'claimed' }]);
	});

	it('is let in again when n8n could not begin it', async () => {
		const { deliver, responses, rows } = await waiting();
		responses[0]!.statusCode = 500;
		responses[0]!.end();
		vi.advanceTimersByTime(CLAIM_MS);
		await vi.waitFor(async () => expect(await rows()).toEqual([]));
		expect(await deliver()).toBe(200);
		expect(responses).toHaveLength(2);
	});
});

describe('an event that n8n answers at once', () => {
	it('starts one execution', async () => {
		let begun = 0;
		const { deliver, rows } = await scene((response) => {
			begun += 1;
			response.end();
		});
		expect(await deliver()).toBe(200);
		await vi.waitFor(async () => expect(await rows()).toMatchObject([{ state: 'started' }]));
		expect(await deliver()).toBe(200);
		expect(begun).toBe(1);
	});
});
