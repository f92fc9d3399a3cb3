/** Taking requests in: once, however often they are sent. */
import { describe, expect, it } from 'vitest';

import { queueBatch } from '../../../core/jobs/batch';
import { LEASE_MS } from '../../../core/jobs/lease';
import { queueJob } from '../../../core/jobs/queue';
import { validateRequest, type VideoRequest } from '../../../core/jobs/request';
import { updateJob } from '../../../core/jobs/update';
import { openStore } from '../../../core/store/store';
import { temporaryStore } from '../../support/store';

function request(videoId = 'v-1', topic = 'How volcanoes work'): VideoRequest {
	const validation = validateRequest({ video_id: videoId, topic });
	if (!validation.valid) throw new Error('the test request is not valid');
	return validation.request;
}

describe('queueJob', () => {
	it('makes a job of a new video ID', async () => {
		const store = await temporaryStore();
		const { job, disposition } = await queueJob(store, request(), 'n8n:1');
		expect(disposition).toBe('created');
		expect(job).toMatchObject({ video_id: 'v-1', status: 'queued', attempt: 1, cost_usd: 0 });
	});

	it('answers a repeated video ID with the job that is there, whatever the second request says', async () => {
		const store = await temporaryStore();
		await queueJob(store, request(), 'n8n:1');
		const { job, disposition } = await queueJob(store, request('v-1', 'Something else'), 'n8n:2');
		expect(disposition).toBe('existing');
		expect(job.request.topic).toBe('How volcanoes work');
	});

	it('goes on with a job whose execution gave no sign of life', async () => {
		const store = await temporaryStore();
		await queueJob(store, request(), 'n8n:1');
		store.clock.pass(LEASE_MS + 1);
		const { job, disposition } = await queueJob(store, request(), 'n8n:2');
		expect(disposition).toBe('resumed');
		expect(job.attempt).toBe(2);
	});

	it('goes on with a failed job at once, and leaves finished ones alone', async () => {
		const store = await temporaryStore();
		await queueJob(store, request('failed'), 'n8n:1');
		await updateJob(store, 'failed', { status: 'failed' }, 'n8n:1');
		expect((await queueJob(store, request('failed'), 'n8n:2')).disposition).toBe('resumed');
		for (const status of ['published', 'flagged'] as const) {
			await queueJob(store, request(status), 'n8n:1');
			await updateJob(store, status, { status }, 'n8n:1');
			expect((await queueJob(store, request(status), 'n8n:2')).disposition).toBe('existing');
		}
	});

	it('refuses a new video whose planned publication has passed, and goes on with one that is known by the same request', async () => {
		const store = await temporaryStore();
		const planned = { ...request('planned'), publish_at: new Date(store.clock.now() + 3_600_000).toISOString() };
		expect((await queueJob(store, planned, 'n8n:1')).disposition).toBe('created');
		await updateJob(store, 'planned', { status: 'failed' }, 'n8n:1');
		store.clock.pass(2 * 3_600_000);
		expect((await queueJob(store, planned, 'n8n:2')).disposition).toBe('resumed');
		await expect(queueJob(store, { ...planned, video_id: 'new' }, 'n8n:2')).rejects.toMatchObject({
			errorClass: 'invalid-request',
			httpStatus: 400,
			issues: [{ field: 'publish_at', reason: 'in the future' }],
		});
		const [again, fresh] = await queueBatch(store, [planned, { ...planned, video_id: 'new' }], 'n8n:3');
		expect(again).toMatchObject({ accepted: true, disposition: 'existing' });
		expect(fresh).toMatchObject({ accepted: false, errors: [{ field: 'publish_at', reason: 'in the future' }] });
	});

	it('gives the job to one of many that ask at the same time, over several connections', async () => {
		const first = await temporaryStore();
		const others = await Promise.all(
			Array.from({ length: 4 }, async () => await openStore({ file: first.file })),
		);
		try {
			const answers = await Promise.all(
				Array.from({ length: 24 }, async (_, index) => {
					const store = others[index % others.length] ?? first;
					return await queueJob(store, request('contested'), `n8n:${index}`);
				}),
			);
			const dispositions = answers.map(({ disposition }) => disposition);
			expect(dispositions.filter((disposition) => disposition === 'created')).toHaveLength(1);
			expect(dispositions.filter((disposition) => disposition === 'existing')).toHaveLength(23);
		} finally {
			await Promise.all(others.map(async (store) => { await store.close(); }));
		}
	});
});

describe('updateJob', () => {
	it('keeps the reason that a stage recorded', async () => {
		const store = await temporaryStore();
		await queueJob(store, request(), 'n8n:1');
		const first = { stage: 'voice', error_class: 'auth' as const, reason: 'wrong key', cure: 'set it' };
		await updateJob(store, 'v-1', { status: 'failed', failure: first }, 'n8n:1');
		const job = await updateJob(store, 'v-1', {
			status: 'failed',
			failure: { ...first, reason: 'something vaguer' },
		}, 'n8n:1');
		expect(job.failure).toMatchObject(first);
	});

	it('does not take a published video back', async () => {
		const store = await temporaryStore();
		await queueJob(store, request(), 'n8n:1');
		await updateJob(store, 'v-1', { status: 'published' }, 'n8n:1');
		await expect(updateJob(store, 'v-1', { status: 'failed' }, 'n8n:1')).rejects.toThrow(/already published/);
	});

	it('lets nobody end a job that another execution is making', async () => {
		const store = await temporaryStore();
		await queueJob(store, request(), 'n8n:1');
		await expect(updateJob(store, 'v-1', { status: 'failed' }, 'n8n:2')).rejects.toThrow(/another execution/);
		store.clock.pass(LEASE_MS + 1);
		expect((await updateJob(store, 'v-1', { status: 'failed' }, 'n8n:2')).status).toBe('failed');
	});

	it('says that a job is not there', async () => {
		const store = await temporaryStore();
		await expect(updateJob(store, 'nothing', { status: 'failed' }, 'n8n:1')).rejects.toThrow(/no job/);
	});
});
