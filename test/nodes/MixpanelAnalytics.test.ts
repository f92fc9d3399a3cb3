/** The MixpanelAnalytics node in n8n's engine, against the sandbox's Mixpanel. */
import { beforeAll, describe, expect, it } from 'vitest';

import { KEYS } from '../../sandbox/keys';
import { startEngine, type Engine, type NodeRun } from '../support/engine';
import { queuedJob } from '../support/job';
import { temporarySandbox } from '../support/sandbox';
import { temporaryStore } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

interface Tracked {
	event: string;
	properties: Record<string, unknown>;
}

async function setUp(secret: string = KEYS.mixpanel.serviceAccount.secret) {
	const sandbox = await temporarySandbox();
	const store = await temporaryStore();
	const { projectId, serviceAccount } = KEYS.mixpanel;
	const track = async (operation: string, items: object[], parameters: object = {}, more: Partial<NodeRun> = {}) =>
		await engine.runNode({
			type: 'mixpanelAnalytics',
			parameters: { resource: 'event', operation, ...parameters },
			credentials: {
				ytempireStoreApi: { databaseFile: store.file },
				ytempireMixpanelApi: { projectId, username: serviceAccount.username, secret, baseUrl: sandbox.services.mixpanel.url },
			},
			items: items as never,
			...more,
		});
	const events = () => (sandbox.state('mixpanel') as { events: Tracked[] }).events;
	const requests = () => sandbox.recorder.list({ service: 'mixpanel' });
	return { store, track, events, requests };
}

describe('Track Video Generated', () => {
	it('counts a job’s video once, with what it was, however often it runs', async () => {
		const { store, track, events, requests } = await setUp();
		await queuedJob(store, { channel_id: 'UCmine', style: 'calm', duration: 30 });
		const first = await track('trackVideoGenerated', [{ video_id: 'v-1', note: 'mine' }]);
		const second = await track('trackVideoGenerated', [{ video_id: 'v-1' }]);
		expect(events()).toMatchObject([
			{
				event: 'Video Generated',
				properties: {
					distinct_id: 'UCmine', video_id: 'v-1', channel_id: 'UCmine', cost_usd: 0, duration_s: 30, quality_score: null, style: 'calm',
				},
			},
		]);
		expect(requests()).toHaveLength(1);
		expect(first.items[0]?.json).toMatchObject({ note: 'mine', event: { name: 'Video Generated', kept: false } });
		expect(second.items[0]?.json).toMatchObject({ event: { kept: true } });
	});

	it('is one event for Mixpanel even where our own store was lost', async () => {
		const { store, track, events, requests } = await setUp();
		await queuedJob(store);
		await track('trackVideoGenerated', [{ video_id: 'v-1' }]);
		await store.transaction(async (trx) => {
			await trx.deleteFrom('stages').execute();
		});
		await track('trackVideoGenerated', [{ video_id: 'v-1' }]);
		expect([events().length, requests().length]).toEqual([1, 2]);
	});

	it('tells a wrong secret with its cure and without the secret, and leaves the job as it stands', async () => {
		const { store, track } = await setUp('wrong-mixpanel-secret');
		await queuedJob(store);
		const { outputs } = await track('trackVideoGenerated', [{ video_id: 'v-1' }], {}, { onError: 'continueErrorOutput' });
		expect(outputs[1]?.[0]?.json).toMatchObject({
			video_id: 'v-1', details: { error_class: 'auth', provider: 'mixpanel', cure: expect.stringContaining('service account') },
		});
		expect(JSON.stringify(outputs)).not.toContain('wrong-mixpanel-secret');
		expect(await store.db.selectFrom('jobs').select('status').execute()).toEqual([{ status: 'queued' }]);
	});
});

describe('Track Event', () => {
	const parameters = { eventName: 'Channel Connected', distinctId: '={{ $json.channel }}' };

	it('sends each item’s event with its properties', async () => {
		const { track, events } = await setUp();
		const time = '2026-11-22T00:00:00.000Z';
		const { items } = await track('trackEvent', [{ channel: 'UCa', plan: 'growth' }, { channel: 'UCb', plan: 'free' }], {
			...parameters, properties: '={{ JSON.stringify({ plan: $json.plan }) }}', options: { time },
		});
		expect(events()).toMatchObject([
			{ event: 'Channel Connected', properties: { distinct_id: 'UCa', plan: 'growth', time: Date.parse(time) } },
			{ event: 'Channel Connected', properties: { distinct_id: 'UCb', plan: 'free' } },
		]);
		expect(items[1]).toMatchObject({ pairedItem: { item: 1 }, json: { channel: 'UCb', event: { name: 'Channel Connected', distinct_id: 'UCb' } } });
	});

	it('counts the same deduplication key and time once, and events without a key each', async () => {
		const { track, events } = await setUp();
		const items = [{ channel: 'UCa' }, { channel: 'UCa' }];
		const time = '2026-11-22T00:00:00.000Z';
		await track('trackEvent', items, { ...parameters, options: { key: 'connected', time } });
		expect(events()).toHaveLength(1);
		await track('trackEvent', items, { ...parameters, options: { time } });
		expect(events()).toHaveLength(3);
	});

	it.each([
		['Properties that are no JSON', { properties: '={{ "{plan: growth" }}' }, 'Properties is not a JSON object'],
		['Properties that are a list', { properties: '[1]' }, 'Properties is not a JSON object'],
		['a Time that is none', { options: { time: 'yesterday' } }, 'Time is not a date'],
		['a Distinct ID that names nobody', { distinctId: 'anonymous' }, 'Mixpanel takes no event for the distinct ID "anonymous"'],
	])('refuses %s before Mixpanel is asked, and keeps the item', async (_name, wrong, message) => {
		const { track, requests } = await setUp();
		const { outputs } = await track('trackEvent', [{ channel: 'UCa' }], { ...parameters, ...wrong }, { onError: 'continueErrorOutput' });
		expect(outputs[1]?.[0]?.json).toMatchObject({
			channel: 'UCa', error: message, details: { error_class: 'invalid-request', cure: expect.stringMatching(/^Give /) },
		});
		expect(requests()).toEqual([]);
	});

	it('names the property that Mixpanel rejects', async () => {
		const { track } = await setUp();
		const { error } = await track('trackEvent', [{ channel: 'UCa' }], { ...parameters, options: { time: '2100-01-01T00:00:00Z' } });
		expect(error?.message).toBe('Mixpanel rejected the event "Channel Connected"');
		expect(error?.description).toContain('properties.time');
	});
});
