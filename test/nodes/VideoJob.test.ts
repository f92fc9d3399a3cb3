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
