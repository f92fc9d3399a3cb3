/** The trigger's endpoint at Stripe: put right, made anew, and never left behind. */
import { describe, expect, it } from 'vitest';

import { keepEndpoint, makeEndpoint, removeEndpoint, signingSecret, type WantedEndpoint } from '../../../core/billing/endpoint';
import { temporaryStore } from '../../support/store';
import { stripeScene } from '../../support/stripe';

const WANTED: WantedEndpoint = { url: 'https://n8n.example/webhook/1/stripe', events: ['invoice.paid', 'customer.created'], description: 'n8n: Billing (1)' };

async function registered() {
	const scene = await stripeScene();
	const id = await makeEndpoint(scene.call, scene.store, WANTED);
	const there = async () => (await scene.sdk.webhookEndpoints.list()).data;
	const key = () => scene.call.connection.secretKey;
	return { ...scene, id, there, key };
}

describe('an endpoint that is as it should be', () => {
	it('is left as it is', async () => {
		const { call, store, id, posts } = await registered();
		const before = posts().length;
		expect(await keepEndpoint(call, store, id, { ...WANTED, events: [...WANTED.events].reverse() })).toBe(true);
		expect(posts()).toHaveLength(before);
	});
});

describe('an endpoint that somebody has changed', () => {
	it.each([
		['was switched off', { disabled: true }],
		['has another address', { url: 'https://elsewhere.example/' }],
		['has other events', { enabled_events: ['charge.failed' as const] }],
	])('and that %s is put right', async (_name, change) => {
		const { call, store, sdk, id, there } = await registered();
		await sdk.webhookEndpoints.update(id, change);
		expect(await keepEndpoint(call, store, id, WANTED)).toBe(true);
		expect(await there()).toMatchObject([{ id, url: WANTED.url, status: 'enabled', enabled_events: WANTED.events }]);
	});

	it('and that was removed is not there', async () => {
		const { call, store, sdk, id } = await registered();
		await sdk.webhookEndpoints.del(id);
		expect(await keepEndpoint(call, store, id, WANTED)).toBe(false);
	});
});

describe('an endpoint of ours that was left behind', () => {
	it('at the same address makes room for the new one, and another’s stays', async () => {
		const { call, store, sdk, id, there, key } = await registered();
		const theirs = await sdk.webhookEndpoints.create({ url: WANTED.url, enabled_events: ['*'] });
		const elsewhere = await makeEndpoint(call, store, { ...WANTED, url: 'https://n8n.example/webhook/2/stripe' });
		const second = await makeEndpoint(call, store, WANTED);
		expect((await there()).map((one) => one.id).sort()).toEqual([theirs.id, elsewhere, second].sort());
		expect(await signingSecret(store, id, key)).toBeUndefined();
		expect(await signingSecret(store, second, key)).toMatch(/^whsec_/);
	});

	it('is gone also when it is removed twice', async () => {
		const { call, store, id, there } = await registered();
		await removeEndpoint(call, store, id);
		await removeEndpoint(call, store, id);
		expect(await there()).toEqual([]);
	});
});

describe('the signing secret', () => {
	it('opens with the key that it was made with, and with no other: then the endpoint is made anew', async () => {
		const { call, store, id, key } = await registered();
		expect(await signingSecret(store, id, key)).toMatch(/^whsec_/);
		// as after a restart
		const again = await temporaryStore(undefined, store.file.replace(/\/[^/]+$/, ''));
		const changed = { ...call, connection: { ...call.connection, secretKey: 'sk_test_another' } };
		expect(await keepEndpoint(changed, again, id, WANTED)).toBe(false);
		expect(await keepEndpoint(call, again, id, WANTED)).toBe(true);
	});
});
