/** The VideoJob node's customers, in n8n's engine: plans by events, and what the queue then says. */
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { startEngine, type Engine } from '../support/engine';
import { temporaryFolder } from '../support/store';
import { customerEvent, subscriptionEvent } from '../support/stripe-events';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

const nowS = () => Math.floor(Date.now() / 1000);

async function node() {
	const file = join(await temporaryFolder(), 'jobs.sqlite');
	return async (
		resource: string,
		operation: string,
		items: object[],
		{ parameters = {}, stripe = {} }: { parameters?: object; stripe?: object } = {},
	) =>
		await engine.runNode({
			type: 'videoJob',
			parameters: { resource, operation, ...parameters },
			credentials: {
				ytempireStoreApi: { databaseFile: file },
				...(resource === 'customer' ? { ytempireStripeApi: { secretKey: 'sk_test_of-a-test', ...stripe } } : {}),
			},
			items: items as never,
			onError: 'continueErrorOutput',
		});
}

const request = (videoId: string) => ({ video_id: videoId, topic: 'How volcanoes work', customer_id: 'user-1' });

describe('VideoJob, customers', () => {
	it("keeps a plan by events, also those of a price that only the credential names, and gets it", async () => {
		const run = await node();
		const events = [customerEvent({ created: nowS() }), subscriptionEvent({ created: nowS(), priceId: 'price_ours', lookupKey: null })];
		const { outputs } = await run('customer', 'updatePlan', events, { stripe: { priceScaleYearly: 'price_ours' } });
		expect(outputs[0]?.map(({ json }) => json)).toMatchObject([
			{ changed: true },
			{ changed: true, customer_id: 'user-1', tier: 'scale', interval: 'yearly', in_force: true },
		]);
		const { items } = await run('customer', 'get', [{ customer_id: 'user-1' }, { customer_id: 'nobody' }]);
		expect(items.map(({ json }) => json)).toMatchObject([
			{ known: true, tier: 'scale', status: 'active', username: 'Ana' },
			{ known: false, customer_id: 'nobody', in_force: false },
		]);
	});

	it('says which fields of an event are not right, and goes on with the others', async () => {
		const run = await node();
		const { outputs } = await run('customer', 'updatePlan', [{ id: 'evt_1', type: 'customer.created' }, customerEvent({ created: nowS() })]);
		expect(outputs[1]?.[0]?.json).toMatchObject({ details: { reason: 'stripe-event', issues: [{ field: 'created' }, { field: 'data' }] } });
		expect(outputs[0]?.[0]?.json).toMatchObject({ changed: true });
	});

	it('refuses a video beyond the plan with what a webhook answers', async () => {
		const run = await node();
		await run('customer', 'updatePlan', [customerEvent({ created: nowS() }), subscriptionEvent({ created: nowS() })]);
		const { outputs } = await run('job', 'queue', [request('v-1'), request('v-2'), request('v-1')]);
		expect(outputs[0]?.map(({ json }) => json.disposition)).toEqual(['created', 'resumed']);
		expect(outputs[1]?.[0]?.json).toMatchObject({
			video_id: 'v-2',
			error: expect.stringContaining('plan starter with 1 video a day'),
			details: { error_class: 'quota-exhausted', reason: 'plan-limit', http_status: 402, cure: expect.stringContaining('tomorrow') },
		});
	});

	it('refuses whoever has no plan when the operator says so', async () => {
		const run = await node();
		const { outputs } = await run('job', 'queue', [request('v-1')], { parameters: { options: { customersWithoutPlan: 'refused' } } });
		expect(outputs[1]?.[0]?.json).toMatchObject({ details: { reason: 'plan-required', http_status: 402 } });
	});
});
