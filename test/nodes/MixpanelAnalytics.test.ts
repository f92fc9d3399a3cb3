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
				ytempireMixpanelApi: { projectId, username: serviceAccount.username, secret, projectToken: KEYS.mixpanel.projectToken, baseUrl: sandbox.services.mixpanel.url },
			},
			items: items as never,
			...more,
		});
	const events = () => (sandbox.state('mixpanel') as { events: Tracked[] }).events;
	const totals = () =>
		Object.fromEntries((sandbox.state('mixpanel') as { profiles: Array<{ distinct_id: string; properties: object }> }).profiles.map((one) => [one.distinct_id, one.properties]));
	const requests = () => sandbox.recorder.list({ service: 'mixpanel' });
	return { store, track, events, totals, requests };
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
			await trx.deleteFrom('deliveries').execute();
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

	it('counts the same deduplication key once, also at another time, and events without a key each', async () => {
		const { track, events } = await setUp();
		const items = [{ channel: 'UCa' }, { channel: 'UCa' }];
		await track('trackEvent', items, { ...parameters, options: { key: 'connected', time: '2026-11-22T00:00:00.000Z' } });
		await track('trackEvent', items, { ...parameters, options: { key: 'connected' } });
		expect(events()).toHaveLength(1);
		await track('trackEvent', items, parameters);
		expect(events()).toHaveLength(3);
	});

	it('counts a video’s event once for it, however often it runs', async () => {
		const { track, events } = await setUp();
		const items = [{ channel: 'UCa', video_id: 'v-1' }, { channel: 'UCa', video_id: 'v-2' }];
		await track('trackEvent', items, parameters);
		const { items: again } = await track('trackEvent', items, parameters);
		expect(events().map(({ properties }) => properties.video_id)).toEqual(['v-1', 'v-2']);
		expect(again.map(({ json }) => json.event)).toMatchObject([{ kept: true }, { kept: true }]);
	});

	it('sends all items of a run in one request, says at each rejected one why, and sends the good ones no more', async () => {
		const { track, events, requests } = await setUp();
		const items = Array.from({ length: 50 }, (_, index) => ({ channel: `UC${index}`, video_id: `v-${index}`, time: index % 25 === 7 ? '1960-01-01' : '2026-11-22' }));
		const run = async () => await track('trackEvent', items, { ...parameters, options: { time: '={{ $json.time }}' } }, { onError: 'continueErrorOutput' });
		const { outputs } = await run();
		expect(outputs.map((output) => output.length)).toEqual([48, 2]);
		expect(outputs[1]).toMatchObject([7, 32].map((item) => ({
			json: { channel: `UC${item}`, error: 'Mixpanel rejected the event "Channel Connected"', details: { issues: [{ field: 'properties.time' }] } }, pairedItem: { item },
		})));
		await run();
		expect(events()).toHaveLength(48);
		expect(requests().map(({ body }) => (body as unknown[]).length)).toEqual([50, 2]);
	});

	it('names all rejected items in the error that stops the workflow, and the others are in', async () => {
		const { track, events } = await setUp();
		const items = ['2026-11-22', '1960-01-01', '2026-11-22', '1961-01-01'].map((time, index) => ({ channel: `UC${index}`, time }));
		const { error } = await track('trackEvent', items, { ...parameters, options: { time: '={{ $json.time }}' } });
		expect(error?.message).toBe('Mixpanel rejected the event "Channel Connected"; 2 of 4 items failed');
		expect(error?.description).toMatch(/item 1 properties\.time: .*; item 3 properties\.time/);
		expect(events()).toHaveLength(2);
	});

	it('sends nothing when an item isn’t right and the workflow is to stop', async () => {
		const { track, requests } = await setUp();
		const { error } = await track('trackEvent', [{ channel: 'UCa' }, { channel: 'UCb', time: 'yesterday' }], { ...parameters, options: { time: '={{ $json.time }}' } });
		expect(error?.message).toBe('Time is not a date');
		expect(requests()).toEqual([]);
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

describe('Track Revenue', () => {
	const parameters = { revenueUsd: '={{ $json.revenue }}' };

	it('counts what videos earned as events and in their channel’s totals, once however often it runs', async () => {
		const { track, events, totals, requests } = await setUp();
		const items = [
			{ video_id: 'v-1', channel_id: 'UCa', period: '2026-11', revenue: 12.5 },
			{ video_id: 'v-2', channel_id: 'UCa', period: '2026-11', revenue: 3 },
			{ video_id: 'v-1', channel_id: 'UCa', period: '2026-12', revenue: 1 },
		];
		const first = await track('trackRevenue', items, parameters);
		const second = await track('trackRevenue', items, parameters);
		expect(events()).toMatchObject([
			{ event: 'Revenue', properties: { distinct_id: 'UCa', video_id: 'v-1', revenue_usd: 12.5, currency: 'USD', period: '2026-11' } }, {}, {},
		]);
		expect(totals()).toEqual({ UCa: { total_revenue: 16.5, videos_monetized: 2 } });
		expect(requests()).toHaveLength(2);
		expect(first.items[0]?.json).toMatchObject({ video_id: 'v-1', event: { name: 'Revenue', kept: false, added: { total_revenue: 12.5, videos_monetized: 1 } } });
		expect(second.items.map(({ json }) => json.event)).toMatchObject(Array(3).fill({ kept: true, added: {} }));
	});

	it('counts once when two executions do it at the same moment', async () => {
		const { track, events, totals } = await setUp();
		const items = [{ video_id: 'v-1', channel_id: 'UCa', revenue: '12.5' }];
		await Promise.all([1, 2].map(async () => await track('trackRevenue', items, parameters)));
		expect([events().length, totals()]).toEqual([1, { UCa: { total_revenue: 12.5, videos_monetized: 1 } }]);
	});

	it.each([
		[{ revenue: 'much', channel_id: 'UCa' }, 'Revenue is not an amount of US dollars'],
		[{ revenue: 1, channel_id: 'UCa', video_id: '' }, 'Revenue needs the ID of its video'],
		[{ revenue: 1 }, 'Nothing says which channel the revenue of video "v-1" belongs to'],
	])('refuses %j before Mixpanel is asked', async (wrong, message) => {
		const { track, requests } = await setUp();
		const { outputs } = await track('trackRevenue', [{ video_id: 'v-1', ...wrong }], parameters, { onError: 'continueErrorOutput' });
		expect(outputs[1]?.[0]?.json).toMatchObject({ error: message, details: { cure: expect.stringMatching(/^Give /) } });
		expect(requests()).toEqual([]);
	});
});
