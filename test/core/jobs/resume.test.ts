/** Jobs whose execution died are not forgotten. */
import { describe, expect, it } from 'vitest';

import { queueBatch } from '../../../core/jobs/batch';
import { getJob } from '../../../core/jobs/job';
import { LEASE_MS } from '../../../core/jobs/lease';
import { queueJob } from '../../../core/jobs/queue';
import { validateRequest } from '../../../core/jobs/request';
import { MAX_ATTEMPTS, resumeInterrupted } from '../../../core/jobs/resume';
import { updateJob } from '../../../core/jobs/update';
import type { Store } from '../../../core/store/store';
import { temporaryStore } from '../../support/store';

async function storeWithJobs(...ids: string[]) {
	const store = await temporaryStore();
	for (const id of ids) {
		const validation = validateRequest({ video_id: id, topic: 'How volcanoes work' });
		if (!validation.valid) throw new Error('the test request is not valid');
		await queueJob(store, validation.request, 'n8n:1');
	}
	return store;
}

describe('resumeInterrupted', () => {
	it('takes over dead jobs once, and leaves living and finished ones alone', async () => {
		const store = await storeWithJobs('dead', 'done', 'failed');
		await updateJob(store, 'done', { status: 'published' }, 'n8n:1');
		await updateJob(store, 'failed', { status: 'failed' }, 'n8n:1');
		expect(await resumeInterrupted(store, 'n8n:2', 10)).toEqual([]);
		store.clock.pass(LEASE_MS + 1);
		const taken = await resumeInterrupted(store, 'n8n:2', 10);
		expect(taken.map((job) => [job.video_id, job.attempt])).toEqual([['dead', 2]]);
		expect(await resumeInterrupted(store, 'n8n:3', 10)).toEqual([]);
	});

	it('takes no more than it was asked to, oldest first', async () => {
		const store = await storeWithJobs('a', 'b', 'c');
		store.clock.pass(LEASE_MS + 1);
		expect((await resumeInterrupted(store, 'n8n:2', 2)).map((job) => job.video_id)).toEqual(['a', 'b']);
		expect((await resumeInterrupted(store, 'n8n:2', 2)).map((job) => job.video_id)).toEqual(['c']);
	});

	it.each([
		['sent again in a list', async (store: Store): Promise<unknown> => await queueBatch(store, [{ video_id: 'unlucky', topic: 'How volcanoes work' }], 'n8n:9')],
		['queued by hand', async (store: Store): Promise<unknown> => await updateJob(store, 'unlucky', { status: 'queued' }, 'n8n:9')],
	])('takes a job that failed in the ordinary way as often as it is %s, and counts only deaths after it', async (_, again) => {
		const store = await storeWithJobs('unlucky');
		for (let time = 1; time <= MAX_ATTEMPTS + 1; time++) {
			const holder = time === 1 ? 'n8n:1' : `n8n:t${time}`;
			await updateJob(store, 'unlucky', { status: 'failed', failure: { stage: 'voice', error_class: 'unavailable', reason: 'down', cure: 'wait' } }, holder);
			await again(store);
			expect((await resumeInterrupted(store, `n8n:t${time + 1}`, 10)).map(({ video_id: id }) => id), `time ${time}`).toEqual(['unlucky']);
		}
		for (let death = 1; death < MAX_ATTEMPTS; death++) {
			store.clock.pass(LEASE_MS + 1);
			expect(await resumeInterrupted(store, `n8n:d${death}`, 10)).toHaveLength(1);
		}
		store.clock.pass(LEASE_MS + 1);
		expect(await resumeInterrupted(store, 'n8n:last', 10)).toEqual([]);
		expect(await getJob(store, 'unlucky')).toMatchObject({ status: 'failed', failure: { reason: expect.stringContaining('stopped 3 times') as string } });
	});

	it('gives a job up to a person when it has brought n8n down too often', async () => {
		const store = await storeWithJobs('poison');
		for (let attempt = 2; attempt <= MAX_ATTEMPTS; attempt++) {
			store.clock.pass(LEASE_MS + 1);
			expect(await resumeInterrupted(store, `n8n:${attempt}`, 10)).toHaveLength(1);
		}
		store.clock.pass(LEASE_MS + 1);
		expect(await resumeInterrupted(store, 'n8n:9', 10)).toEqual([]);
		const job = await getJob(store, 'poison');
		expect(job?.status).toBe('failed');
		expect(job?.failure?.reason).toContain('stopped 3 times');
	});
});
