/** The VideoJob node in n8n's engine. */
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { startEngine, type Engine } from '../support/engine';
import { temporaryFolder } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

const request = { video_id: 'v-1', topic: 'How volcanoes work' };

async function jobNode(databaseFile?: string) {
	const file = databaseFile ?? join(await temporaryFolder(), 'jobs.sqlite');
	return async (
		operation: string,
		items: object[],
		parameters: object = {},
		onError?: 'continueErrorOutput' | 'continueRegularOutput',
	) =>
		await engine.runNode({
			type: 'videoJob',
			parameters: { resource: 'job', operation, ...parameters },
			credentials: { ytempireStoreApi: { databaseFile: file } },
			items: items as never,
			onError,
		});
}

describe('VideoJob', () => {
	it('validates each item and lists what is not right by field', async () => {
		const job = await jobNode();
		const { outputs } = await job(
			'validate',
			[{ body: request }, { body: { topic: 'x' } }],
			{},
			'continueErrorOutput',
		);
		expect(outputs[0]?.map(({ json }) => json)).toMatchObject([{ ...request, duration: 60 }]);
		expect(outputs[1]?.[0]?.json).toMatchObject({
			error: 'The request is not valid',
			body: { topic: 'x' },
			details: {
				error_class: 'invalid-request',
				issues: [
					{ field: 'video_id', reason: 'required' },
					{ field: 'topic', reason: 'at least 3 characters' },
				],
			},
		});
	});

	it('stops the workflow with the fields in the message when nobody catches the error', async () => {
		const job = await jobNode();
		const { error, status } = await job('validate', [{ body: { topic: 'x' } }]);
		expect(status).toBe('error');
		expect(error?.description).toContain('video_id: required');
	});

	it('queues a request once, however often it comes', async () => {
		const job = await jobNode();
		const first = await job('queue', [request, request]);
		expect(first.items.map(({ json }) => json.status)).toEqual(['queued', 'queued']);
		expect(first.items[0]?.json).toMatchObject({ ...request, disposition: 'created', attempt: 1 });
		const second = await job('queue', [request]);
		expect(second.items[0]?.json.disposition).toBe('existing');
	});

	it('gets a job with its request beside its state', async () => {
		const job = await jobNode();
		await job('queue', [request]);
		const { items } = await job('get', [{ video_id: 'v-1' }], { includeResults: true });
		expect(items[0]?.json).toMatchObject({
			video_id: 'v-1',
			topic: 'How volcanoes work',
			status: 'queued',
			stages: [],
			results: {},
		});
	});

	it('updates a job in the execution that makes it, and says why it failed', async () => {
		const node = (name: string, parameters: object) => ({
			id: name,
			name,
			type: 'n8n-nodes-ytempire.videoJob',
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: { resource: 'job', ...parameters },
			credentials: { ytempireStoreApi: { id: '1', name: 'Store' } },
		});
		const { runs, error } = await engine.runWorkflow({
			startNode: 'Queue',
			items: [request],
			credentials: { ytempireStoreApi: { databaseFile: join(await temporaryFolder(), 'jobs.sqlite') } },
			workflow: {
				nodes: [
					node('Queue', { operation: 'queue' }),
					node('Update', {
						operation: 'update',
						status: 'failed',
						options: { reason: 'no footage', cure: 'try another topic', stage: 'video' },
					}),
				],
				connections: { Queue: { main: [[{ node: 'Update', type: 'main', index: 0 }]] } },
			},
		});
		expect(error).toBeUndefined();
		expect(runs.Update?.[0]?.data?.main?.[0]?.[0]?.json).toMatchObject({
			status: 'failed',
			failure: { stage: 'video', reason: 'no footage', cure: 'try another topic' },
		});
	});

	it('does not let one execution end the job of another', async () => {
		const job = await jobNode();
		await job('queue', [request]);
		const { error } = await job('update', [{ video_id: 'v-1' }], { status: 'failed' });
		expect(error?.message).toContain('another execution');
	});

	it('names a job that is not there, and goes on with the other items', async () => {
		const job = await jobNode();
		await job('queue', [request]);
		const { items } = await job(
			'get',
			[{ video_id: 'v-1' }, { video_id: 'nothing' }],
			{},
			'continueRegularOutput',
		);
		expect(items[0]?.json.status).toBe('queued');
		expect(items[1]?.json).toMatchObject({ error: 'There is no job with video ID nothing' });
		expect(items.map(({ pairedItem }) => pairedItem)).toMatchObject([{ item: 0 }, { item: 1 }]);
	});

	it('takes a list in as an item for each video, which wait until they are taken in turn', async () => {
		const job = await jobNode();
		const list = { videos: [request, { video_id: 'v-2' }, { ...request, video_id: 'v-3', publish_at: '2027-10-01T18:00:00+02:00' }] };
		const [checked] = (await job('validate', [{ body: list }])).items;
		expect(checked?.json).toEqual(list);
		const { items } = await job('queue', [list]);
		expect(items.map(({ json, pairedItem }) => [json.video_id, json.accepted, json.disposition, pairedItem])).toEqual([
			['v-1', true, 'waiting', { item: 0 }],
			['v-2', false, 'refused', { item: 0 }],
			['v-3', true, 'waiting', { item: 0 }],
		]);
		expect(items[1]?.json.errors).toEqual([{ field: 'topic', reason: 'required' }]);
		const taken = await job('resume', [{}], { options: { atOnce: 1 } });
		expect(taken.items.map(({ json }) => [json.video_id, json.disposition])).toEqual([['v-1', 'resumed']]);
		const waiting = await job('getMany', [{}], { which: 'waiting', returnAll: true });
		expect(waiting.items.map(({ json }) => [json.video_id, json.publish_at])).toEqual([['v-3', '2027-10-01T18:00:00+02:00']]);
		const single = await job('queue', [{ ...request, video_id: 'v-4' }], { options: { atOnce: 1 } });
		expect(single.items[0]?.json).toMatchObject({ disposition: 'waiting', status: 'queued' });
	});

	it('refuses a list of which nothing is right with the field of each video', async () => {
		const job = await jobNode();
		const { outputs } = await job('validate', [{ body: [{ video_id: 'v-2' }] }, { body: [] }], {}, 'continueErrorOutput');
		const issues = outputs[1]?.map(({ json }) => (json.details as { issues: unknown }).issues);
		expect(issues).toEqual([[{ field: 'videos.0.topic', reason: 'required' }], [{ field: 'videos', reason: 'at least one video' }]]);
	});

	it('gets many jobs by state, channel and age, up to a limit', async () => {
		const job = await jobNode();
		const videos = ['a', 'b', 'c'].map((id) => ({ ...request, video_id: id, channel_id: id === 'c' ? 'UC2' : 'UC1' }));
		await job('queue', [{ videos }]);
		const ids = async (parameters: object) => (await job('getMany', [{}], parameters)).items.map(({ json }) => json.video_id as string).toSorted();
		expect(await ids({ which: 'all', returnAll: true })).toEqual(['a', 'b', 'c']);
		expect(await ids({ which: 'all', limit: 2 })).toHaveLength(2);
		expect(await ids({ which: 'all', filters: { channelId: 'UC2' } })).toEqual(['c']);
		expect(await ids({ which: 'all', filters: { status: ['failed'] } })).toEqual([]);
		expect(await ids({ which: 'all', filters: { since: '2100-01-01T00:00:00Z' } })).toEqual([]);
		expect(await ids({ which: 'pending' })).toEqual([]);
	});

	it('flags a video for a person, has it made again when somebody names the part, and lets a person say that he has looked', async () => {
		const job = await jobNode();
		await job('queue', [{ videos: [request] }]);
		const flagged = await job('flag', [{ video_id: 'v-1', other: 1 }], { options: { reason: 'The voice lisps', person: true } });
		expect(flagged.items[0]?.json).toMatchObject({ status: 'flagged', other: 1, person: { why: 'The voice lisps' }, failure: { reason: 'The voice lisps' } });
		expect((await job('getMany', [{}], { which: 'person' })).items).toHaveLength(1);
		const nothing = await job('regenerate', [{ video_id: 'v-1' }]);
		expect(nothing.error?.message).toContain('Nothing says what is wrong');
		const again = await job('regenerate', [{ video_id: 'v-1' }], { options: { parts: ['voice', 'mix'], instruction: 'It lisps' } });
		expect(again.items[0]?.json).toMatchObject({
			status: 'queued',
			person: null,
			regeneration: { outcome: 'queued' },
			regenerations: [{ round: 1, part: 'voice', instruction: 'It lisps' }],
		});
		await job('flag', [{ video_id: 'v-1' }], { options: { person: true } });
		const looked = await job('update', [{ video_id: 'v-1' }], { status: 'unchanged', options: { person: 'done' } });
		expect(looked.items[0]?.json).toMatchObject({ status: 'flagged', person: null });
	});

	it('plans a list over channels and days', async () => {
		const job = await jobNode();
		const { items } = await job('plan', [{ videos: [request, { ...request, video_id: 'v-2' }, { ...request, video_id: 'v-3' }] }], {
			firstDate: '2100-01-01',
			hours: '18:00',
			channels: 'account-01, account-02',
		});
		expect(items.map(({ json }) => [json.video_id, json.channel_id, (json.publish_at as string).slice(0, 10)])).toEqual([
			['v-1', 'account-01', '2100-01-01'],
			['v-2', 'account-02', '2100-01-01'],
			['v-3', 'account-01', '2100-01-02'],
		]);
	});

	it("keeps the store in n8n's own folder when no credential is chosen", async () => {
		const { items } = await engine.runNode({
			type: 'videoJob',
			parameters: { resource: 'job', operation: 'queue' },
			items: [{ ...request, video_id: 'default-store' }],
		});
		expect(items[0]?.json.disposition).toBe('created');
	});

	it('says what is wrong when the store cannot be opened', async () => {
		const job = await jobNode('/dev/null/jobs.sqlite');
		const { error } = await job('queue', [request]);
		expect(error?.message).toContain("can't be opened");
		expect(error?.description).toContain('folder');
	});
});
