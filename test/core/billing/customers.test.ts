/** Customers at Stripe. */
import { describe, expect, it } from 'vitest';

import { createCustomer, deleteCustomer, getCustomer, listCustomers, updateCustomer } from '../../../core/billing/customers';
import { stripeScene } from '../../support/stripe';

const ADA = { userId: 'u-1', username: 'ada', email: 'ada@example.com' };

describe('creating a customer', () => {
	it('keeps user ID and username in the metadata', async () => {
		const { call, kept } = await stripeScene();
		const customer = await createCustomer(call, { ...ADA, name: 'Ada', metadata: { source: 'web' } });
		expect(customer).toMatchObject({
			customer_id: expect.stringMatching(/^cus_/), user_id: 'u-1', username: 'ada', email: 'ada@example.com', name: 'Ada', live: false, repeated: false,
		});
		expect(kept().customers[0]?.metadata).toEqual({ source: 'web', user_id: 'u-1', username: 'ada' });
	});

	it('gives one customer for a user however often it is asked for, as it is now', async () => {
		const { call, kept } = await stripeScene();
		const first = await createCustomer(call, ADA);
		await updateCustomer(call, first.customer_id, { email: 'new@example.com' });
		const again = await createCustomer(call, ADA);
		expect(again).toMatchObject({ customer_id: first.customer_id, email: 'new@example.com', repeated: true });
		expect(kept().customers).toHaveLength(1);
	});

	it('gives one customer to many who ask at once', async () => {
		const { call, kept } = await stripeScene();
		const all = await Promise.all(Array.from({ length: 5 }, () => createCustomer(call, ADA)));
		expect(new Set(all.map((one) => one.customer_id)).size).toBe(1);
		expect(kept().customers).toHaveLength(1);
	});

	it('gives users with the same name and no ID of ours one customer, and other users others', async () => {
		const { call, kept } = await stripeScene();
		await createCustomer(call, { email: 'a@example.com' });
		await createCustomer(call, { email: 'a@example.com' });
		await createCustomer(call, { email: 'b@example.com' });
		await createCustomer(call, { userId: 'u-2', email: 'a@example.com' });
		expect(kept().customers).toHaveLength(3);
	});

	it('after a deletion is a new one', async () => {
		const { call } = await stripeScene();
		const first = await createCustomer(call, ADA);
		await deleteCustomer(call, first.customer_id);
		const second = await createCustomer(call, ADA);
		expect(second).toMatchObject({ repeated: false });
		expect(second.customer_id).not.toBe(first.customer_id);
		expect((await createCustomer(call, ADA)).customer_id).toBe(second.customer_id);
	});

	it('gives the one that is there, unchanged, when it is asked for with other details', async () => {
		const { call, kept } = await stripeScene();
		const { customer_id: id } = await createCustomer(call, ADA);
		expect(await createCustomer(call, { ...ADA, email: 'other@example.com' })).toMatchObject({
			customer_id: id, email: 'ada@example.com', repeated: true,
		});
		expect(kept().customers).toHaveLength(1);
	});

	it('refuses a customer of whom nothing is known before Stripe is asked', async () => {
		const { call, posts } = await stripeScene();
		await expect(createCustomer(call, {})).rejects.toMatchObject({ reason: 'customer-empty' });
		expect(posts()).toEqual([]);
	});

	it('tries again where the answer was lost, and makes one', async () => {
		const { sandbox, call, kept } = await stripeScene();
		sandbox.faults.add({ service: 'stripe', match: { method: 'POST' }, kind: 'drop-answer', times: 2 });
		await createCustomer(call, ADA);
		expect(kept().customers).toHaveLength(1);
	});
});

describe('a customer', () => {
	it('changes only in what is given, and loses what is emptied', async () => {
		const { call } = await stripeScene();
		const { customer_id: id } = await createCustomer(call, { ...ADA, name: 'Ada', metadata: { source: 'web' } });
		const after = await updateCustomer(call, id, { name: 'Ada L.', metadata: { source: '' } });
		expect(after).toMatchObject({ name: 'Ada L.', email: 'ada@example.com', metadata: { user_id: 'u-1', username: 'ada' } });
		expect(await updateCustomer(call, id, { name: 'Ada' })).toMatchObject({ name: 'Ada' });
		expect(await updateCustomer(call, id, { name: 'Ada L.' })).toMatchObject({ name: 'Ada L.' });
	});

	it('is found by its email, page by page up to the limit', async () => {
		const { call, sandbox } = await stripeScene();
		for (let index = 0; index < 205; index++) await createCustomer(call, { userId: `u-${index}`, email: index % 2 ? 'a@b.co' : 'c@d.co' });
		sandbox.recorder.clear();
		expect(await listCustomers(call)).toHaveLength(205);
		expect(sandbox.recorder.list({ path: '/v1/customers' }).map(({ query }) => query.limit)).toEqual(['100', '100', '100']);
		const some = await listCustomers(call, { limit: 130 });
		expect(some).toHaveLength(130);
		expect(some[0]?.user_id).toBe('u-204');
		expect(await listCustomers(call, { email: 'a@b.co' })).toHaveLength(102);
	});

	it('is deleted once and stays so', async () => {
		const { call } = await stripeScene();
		const { customer_id: id } = await createCustomer(call, ADA);
		expect(await deleteCustomer(call, id)).toEqual({ customer_id: id, deleted: true });
		expect(await deleteCustomer(call, id)).toEqual({ customer_id: id, deleted: true });
		await expect(getCustomer(call, id)).rejects.toMatchObject({ reason: 'customer-deleted' });
		await expect(deleteCustomer(call, 'cus_none')).rejects.toMatchObject({ reason: 'resource_missing' });
	});
});
