/** Billing events in a real n8n: the trigger's endpoint at Stripe, what it lets in, and what a plan then allows. */
import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { signingSecret } from '../../core/billing/endpoint';
import { planOfCustomer, type CustomerPlan } from '../../core/billing/plans';
import { queueJob } from '../../core/jobs/queue';
import { validateRequest } from '../../core/jobs/request';
import { openStore, type Store } from '../../core/store/store';
import { KEYS } from '../../sandbox/keys';
import workflow from '../../workflows/billing_events.json';
import { customerEvent, subscriptionEvent } from '../support/stripe-events';
import { testFactory, type TestFactory } from './factory';

const WORKFLOW = 'billing_events';

interface StripeState {
	webhook_endpoints: Array<{ id: string; url: string; enabled_events: string[]; status: string; api_version: string }>;
	events: Array<{ id: string; type: string }>;
}

let folder: string;
let factory: TestFactory;
let store: Store;
let secret: string;
const stripe = () => factory.sandbox.state('stripe') as StripeState;
const endpoints = () => stripe().webhook_endpoints;
const endpoint = () => endpoints()[0]!;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'ytempire-plans-'));
	const plans = join(folder, 'plans.json');
	const tiers = { growth: { videos_per_day: 1, budget_usd_per_day: 2 } };
	await writeFile(plans, JSON.stringify({ tiers, entitled_statuses: ['active'], grace_days: 3 }));
	process.env.YTEMPIRE_PLANS_FILE = plans;
	factory = await testFactory({
		workflows: ['billing_events.json', 'video_generation.json'],
		env: { YTEMPIRE_PLANS_FILE: plans },
	});
	store = await openStore(factory.store);
	secret = await eventually(async () => {
		const row = await store.db.selectFrom('billing_endpoints').selectAll().executeTakeFirst();
		expect(row?.secret ?? '').not.toContain('whsec_');
		return row && (await signingSecret(store, row.endpoint, () => KEYS.stripe.secretKey));
	});
	// n8n serves it some time after it is published
	await eventually(async () => (await deliver(customerEvent({ type: 'source.created', created: 0 }))).status === 200 || undefined);
});
afterAll(async () => {
	delete process.env.YTEMPIRE_PLANS_FILE;
	await store?.close();
	await factory?.close();
	await rm(folder, { recursive: true, force: true });
});

async function eventually<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
	const deadline = Date.now() + 60_000;
	for (;;) {
		const found = await look();
		if (found !== undefined) return found;
		if (Date.now() > deadline) throw new Error('It did not come in a minute');
		await delay(50);
	}
}

/** As Stripe asks: a form with the secret key. */
async function ask<T>(method: string, path: string, fields: Record<string, string> = {}): Promise<T> {
	const answer = await fetch(`${factory.sandbox.services.stripe.url}${path}`, {
		method,
		headers: { authorization: `Bearer ${KEYS.stripe.secretKey}`, 'content-type': 'application/x-www-form-urlencoded' },
		...(method === 'POST' ? { body: new URLSearchParams(fields) } : {}),
	});
	const body = (await answer.json()) as T;
	if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(body)}`);
	return body;
}

const nowS = () => Math.floor(Date.now() / 1000);

/** As Stripe delivers, made without its SDK. */
async function deliver(
	event: object,
	{ key = secret, at = nowS(), tamper = (text: string) => text, signed = true } = {},
): Promise<{ status: number; text: string }> {
	const body = JSON.stringify(event);
	const mark = createHmac('sha256', key).update(`${at}.${body}`).digest('hex');
	const answer = await fetch(endpoint().url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...(signed ? { 'stripe-signature': `t=${at},v1=${mark}` } : {}) },
		body: tamper(body),
	});
	return { status: answer.status, text: await answer.text() };
}

/** How often an event started the workflow. */
async function startedWith(eventId: string): Promise<number> {
	const executions = await factory.n8n.executions({ workflowId: WORKFLOW });
	return executions.filter(({ data }) => JSON.stringify(data?.resultData.runData['Receive Event'] ?? '').includes(`"${eventId}"`)).length;
}

const planWhen = async (userId: string, holds: (plan: CustomerPlan) => boolean) =>
	await eventually(async () => {
		const plan = await planOfCustomer(store, userId);
		return plan && holds(plan) ? plan : undefined;
	});

const request = (videoId: string, customerId: string) => ({ video_id: videoId, topic: 'How volcanoes work', duration: 15, customer_id: customerId });

describe('billing_events', () => {
	it('has registered its endpoint at Stripe, for the chosen events and in the API version that it reads', () => {
		expect(endpoints()).toHaveLength(1);
		expect(endpoint()).toMatchObject({ status: 'enabled', api_version: '2026-10-28.endive' });
		const trigger = workflow.nodes.find(({ name }) => name === 'Receive Event');
		expect(endpoint().url).toBe(`${factory.n8n.url}/webhook/${trigger?.webhookId}/stripe`);
		expect(endpoint().enabled_events).toContain('customer.subscription.updated');
	});

	it('keeps a plan from the first payment to its end, and the queue answers 402 beyond it', async () => {
		const customer = await ask<{ id: string }>('POST', '/v1/customers', { 'metadata[user_id]': 'user-1', 'metadata[username]': 'Ana' });
		const subscription = await ask<{ id: string }>('POST', '/v1/subscriptions', {
			customer: customer.id,
			'items[0][price]': 'price_sandbox_test_growth_monthly',
			default_payment_method: 'pm_card_visa',
		});
		const plan = await planWhen('user-1', ({ in_force }) => in_force);
		expect(plan).toMatchObject({ tier: 'growth', interval: 'monthly', status: 'active', videos_per_day: 1, username: 'Ana' });

		const validation = validateRequest(request('plan-1', 'user-1'));
		if (!validation.valid) throw new Error('the test request is not valid');
		await queueJob(store, validation.request, 'test');
		const beyond = await factory.post('workflow_001', request('plan-2', 'user-1'));
		expect(beyond).toMatchObject({
			status: 402,
			body: { success: false, reason: 'plan-limit', error: expect.stringContaining('plan growth'), cure: expect.stringMatching(/larger plan/) },
		});
		expect(await factory.post('workflow_001', request('plan-1', 'user-1'))).toMatchObject({ status: 200, body: { disposition: 'existing' } });

		await ask('DELETE', `/v1/subscriptions/${subscription.id}`);
		await planWhen('user-1', ({ status }) => status === 'canceled');
		expect(await factory.post('workflow_001', request('plan-3', 'user-1'))).toMatchObject({ status: 402, body: { reason: 'plan-inactive' } });
	});

	it('starts once with an event that is delivered again, at once or later', async () => {
		const event = customerEvent({ created: nowS(), customer: 'cus_again', metadata: { user_id: 'again' } });
		const answers = await Promise.all(Array.from({ length: 12 }, async () => await deliver({ ...event, id: 'evt_again' })));
		// 409: it is being taken in, Stripe will ask again
		expect(answers.every(({ status }) => [200, 409].includes(status))).toBe(true);
		expect(answers.some(({ status }) => status === 200)).toBe(true);
		await eventually(async () => (await deliver({ ...event, id: 'evt_again' })).status === 200 || undefined);
		await eventually(async () => (await startedWith('evt_again')) > 0 || undefined);
		expect(await startedWith('evt_again')).toBe(1);
	});

	it('lets an older event that comes late undo nothing', async () => {
		const at = nowS();
		const ids = { customer: 'cus_order', subscription: 'sub_order', userId: 'order' };
		await deliver(subscriptionEvent({ ...ids, id: 'evt_newer', created: at, status: 'active', lookupKey: 'growth_yearly' }));
		await planWhen('order', ({ status }) => status === 'active');
		await deliver(subscriptionEvent({ ...ids, id: 'evt_older', type: 'created', created: at - 60, status: 'incomplete', lookupKey: 'growth_yearly' }));
		await eventually(async () => (await startedWith('evt_older')) > 0 || undefined);
		expect(await planOfCustomer(store, 'order')).toMatchObject({ status: 'active', interval: 'yearly' });
	});

	it.each([
		['forged', { key: 'whsec_somebody' }],
		['tampered with', { tamper: (text: string) => text.replace('growth', 'scale!') }],
		['not signed', { signed: false }],
		['late', { at: nowS() - 400 }],
	])('answers what is %s with 400 and nothing more, and starts nothing', async (name, how) => {
		const id = `evt_bad_${name.replace(/ /g, '_')}`;
		const event = { ...subscriptionEvent({ created: nowS(), customer: 'cus_bad', userId: 'bad', lookupKey: 'growth_monthly' }), id };
		expect(await deliver(event, how)).toEqual({ status: 400, text: '' });
		expect(await startedWith(id)).toBe(0);
		expect(await planOfCustomer(store, 'bad')).toBeNull();
		// the very event is let in when it is Stripe's own
		if (name === 'late') expect((await deliver(event)).status).toBe(200);
	});

	it('starts with no event that was not chosen', async () => {
		expect((await deliver({ id: 'evt_other', type: 'invoice.paid', created: nowS(), data: { object: {} } })).status).toBe(200);
		expect(await startedWith('evt_other')).toBe(0);
	});

	it('keeps its signing secret out of executions and of the workflow', async () => {
		const api = await factory.n8n.api();
		const seen = JSON.stringify([await factory.n8n.executions(), await api.get(`/workflows/${WORKFLOW}`)]);
		expect(seen).not.toContain(secret);
		expect(seen).not.toContain(KEYS.stripe.secretKey);
	});

	it('takes an event in that came while n8n was down, when Stripe delivers it again', async () => {
		await factory.n8n.kill();
		await ask('POST', '/v1/customers', { 'metadata[user_id]': 'missed' });
		await factory.n8n.start();
		const event = stripe().events.findLast(({ type }) => type === 'customer.created')!;
		// Stripe tries for three days, the sandbox for some seconds
		await eventually(async () => {
			await fetch(`${factory.sandbox.services.stripe.url}/sandbox/events/${event.id}/resend`, { method: 'POST' });
			await delay(1000);
			return (await startedWith(event.id)) > 0 || undefined;
		});
		expect(await startedWith(event.id)).toBe(1);
		expect(endpoints()).toHaveLength(1);
	});

	it('removes its endpoint when it is no longer published', async () => {
		await (await factory.n8n.api()).post(`/workflows/${WORKFLOW}/unpublish`);
		await eventually(() => endpoints().length === 0 || undefined);
		// what was kept of it goes once Stripe has said that it is gone
		await eventually(async () => (await store.db.selectFrom('billing_endpoints').selectAll().execute()).length === 0 || undefined);
	});
});
