/** How fast Stripe is asked. */
import { describe, expect, it } from 'vitest';

import { listCustomers } from '../../../core/billing/customers';
import { stripeScene } from '../../support/stripe';

describe('requests to Stripe', () => {
	it('wait for the next second when the account has sent as many as it may, whoever asks', async () => {
		const { call, sandbox } = await stripeScene();
		const slow = { ...call, connection: { ...call.connection, perSecond: 2 } };
		const began = Date.now();
		await Promise.all(Array.from({ length: 5 }, async () => await listCustomers(slow)));
		expect(sandbox.recorder.list({ service: 'stripe', path: '/v1/customers' })).toHaveLength(5);
		// two at once, two in the next second, one in the one after
		expect(Date.now() - began).toBeGreaterThanOrEqual(1_900);
	});

	it('give up waiting at once when the execution is stopped', async () => {
		const { call, sandbox } = await stripeScene();
		const stop = new AbortController();
		const slow = { ...call, connection: { ...call.connection, perSecond: 1 }, signal: stop.signal };
		await listCustomers(slow);
		const waiting = listCustomers(slow);
		stop.abort();
		await expect(waiting).rejects.toMatchObject({ errorClass: 'cancelled' });
		expect(sandbox.recorder.list({ service: 'stripe', path: '/v1/customers' })).toHaveLength(1);
	});
});
