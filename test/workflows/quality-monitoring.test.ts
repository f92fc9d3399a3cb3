/** Quality monitoring and lists of videos in a real n8n, where runs come every few seconds and overlap. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Job } from '../../core/jobs/job';
import { openStore, type Store } from '../../core/store/store';
import type { WorkflowFile } from '../../host/provision';
import { copyJob } from './copy';
import { isOver, resumingSoon, testFactory, type TestFactory } from './factory';

const PATH = 'workflow_001';

/** Of all that are made at once, here. */
const AT_ONCE = 2;

/** Seconds: made three times, on a busy machine. */
const PATIENCE_S = 240;

/** Hours and ten minutes are long for a test. */
function sooner(workflow: WorkflowFile): WorkflowFile {
	const nodes = resumingSoon(workflow).nodes.map((node) => {
		const { parameters } = node;
		if (node.name === 'Every Hour') return { ...node, parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 5 }] } } };
		if (node.name === 'Fetch Pending Videos') return { ...node, parameters: { ...parameters, filters: { viewers: true } } };
		if (parameters.options && Object.hasOwn(parameters.options, 'atOnce')) return { ...node, parameters: { ...parameters, options: { atOnce: AT_ONCE } } };
		return node;
	});
	return { ...workflow, nodes };
}

let factory: TestFactory;
let store: Store;
beforeAll(async () => {
	factory = await testFactory({ workflows: ['video_generation.json', 'quality_monitoring.json'], adapt: sooner });
	store = await openStore(factory.store);
});
afterAll(async () => {
	await store?.close();
	await factory?.close();
});

const request = (id: string, more: object = {}) => ({
	...{ video_id: id, topic: 'How volcanoes work', duration: 15, options: { resolution: '320x180' } },
	...more,
});

interface Entry {
	video_id: string;
	accepted: boolean;
	disposition: string;
	errors: unknown[];
}

interface YouTubeVideo {
	id: string;
	privacy_status: string;
}

const idOnYouTube = (job: Job) => (job.results.upload as { youtube_id: string }).youtube_id;

/** The most jobs that had a living holder at the same time, until all are over. */
async function mostAtOnce(ids: string[]): Promise<number> {
	let most = 0;
	for (;;) {
		const rows = await store.db.selectFrom('jobs').select(['status', 'holder', 'lease_until']).where('video_id', 'in', ids).execute();
		if (rows.every(({ status }) => ['published', 'flagged', 'failed'].includes(status))) return most;
		most = Math.max(most, rows.filter(({ holder, lease_until: until }) => holder !== '' && until > Date.now()).length);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

describe('a list of videos', () => {
	it('is answered at once with an entry for each, and made no more at a time than the limit', async () => {
		const publishAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
		const videos = [request('list-1', { publish_at: publishAt }), request('list-2'), { video_id: 'list-3' }, request('list-4')];
		const began = Date.now();
		const answer = await factory.post(PATH, { videos });
		expect(Date.now() - began).toBeLessThan(10_000);
		expect(answer).toMatchObject({ status: 202, body: { success: true, accepted: 3, refused: 1 } });
		const entries = answer.body.videos as Entry[];
		expect(entries.map(({ video_id: id, disposition }) => [id, disposition])).toEqual([
			['list-1', 'waiting'],
			['list-2', 'waiting'],
			['list-3', 'refused'],
			['list-4', 'waiting'],
		]);
		expect(entries[2]?.errors).toEqual([{ field: 'topic', reason: 'required' }]);

		const ids = ['list-1', 'list-2', 'list-4'];
		expect(await mostAtOnce(ids)).toBe(AT_ONCE);
		const jobs = await Promise.all(ids.map(async (id) => await factory.jobWhen(id, isOver)));
		expect(jobs.map(({ status, failure, attempt }) => ({ status, failure, attempt }))).toEqual(
			ids.map(() => ({ status: 'published', failure: null, attempt: 1 })),
		);
		const { videos: published } = factory.sandbox.state('youtube') as { videos: YouTubeVideo[] };
		expect(published).toHaveLength(3);
		const upload = factory.sandbox.recorder
			.list({ service: 'youtube', method: 'POST' })
			.map(({ body }) => body as { status?: { privacyStatus: string; publishAt?: string } } | undefined)
			.find((body) => body?.status?.publishAt);
		expect(upload?.status).toMatchObject({ privacyStatus: 'private', publishAt });
		const planned = jobs[0];
		expect(published.find(({ id }) => planned && id === idOnYouTube(planned))).toMatchObject({ privacy_status: 'private' });
	});

	it('is refused with every field when no video of it is right', async () => {
		const answer = await factory.post(PATH, [{ video_id: 'x' }, 5]);
		expect(answer.status).toBe(400);
		expect((answer.body.errors as Array<{ field: string }>)[0]).toEqual({ field: 'videos.0.topic', reason: 'required' });
	});
});

describe('quality_monitoring', { timeout: 600_000 }, () => {
	it('judges what was rendered and not judged; generation goes on with it and pays nothing again', async () => {
		const paid = () => factory.asked('openai', '/v1/chat/completions') + factory.asked('elevenlabs', '/');
		const before = paid();
		await copyJob(store, 'list-2', 'unjudged', { stages: ['script', 'voice', 'video'], status: 'failed' });
		const job = await factory.jobWhen('unjudged', ({ status }) => status === 'published', PATIENCE_S);
		expect(job.results.quality).toMatchObject({ passed: true });
		expect(paid()).toBe(before);
	});

	it('leaves a published video that its viewers leave early to a person, and never replaces it', async () => {
		const published = Date.now() - 3 * 86_400_000;
		for (const [index, retention] of [0.5, 0.6, 0.5, 0.6, 0.1].entries()) {
			const id = `seen-${index}`;
			await copyJob(store, 'list-2', id, { stages: ['script', 'voice', 'video', 'quality', 'upload'], status: 'published', uploadedAt: published });
			await store.transaction(async (trx) => {
				await trx.insertInto('viewers').values({ video_id: id, channel_id: 'UC-seen', retention, views: 500, at: published }).execute();
			});
		}
		const job = await factory.jobWhen('seen-4', ({ person }) => person !== null, PATIENCE_S);
		expect(job).toMatchObject({ status: 'published', regenerations: [], person: { why: expect.stringContaining('10 %') as string } });
		expect((await factory.jobWhen('seen-0', () => true)).person).toBeNull();
	});

	it('has a low video made again from the stage to blame, told what was wrong, until it is good', async () => {
		factory.sandbox.recorder.clear();
		factory.sandbox.faults.add({ service: 'openai', kind: 'wrong-length', factor: 0.2, times: 0 });
		expect((await factory.post(PATH, request('again', { duration: 30 }))).status).toBe(202);
		await factory.jobWhen('again', ({ regenerations }) => regenerations.length > 0, PATIENCE_S);
		factory.sandbox.faults.clear();
		const job = await factory.jobWhen('again', ({ status }) => status === 'published', PATIENCE_S);
		expect(job.regenerations[0]).toMatchObject({ round: 1, part: 'script', instruction: expect.stringContaining('duration') as string });
		const last = factory.sandbox.recorder.list({ service: 'openai', path: '/v1/chat/completions' }).at(-1);
		expect(JSON.stringify(last?.body)).toContain('Failed: duration is');
	});

	it('makes it again twice at most, however many runs overlap, and then leaves it to a person', async () => {
		factory.sandbox.faults.add({ service: 'openai', kind: 'wrong-length', factor: 0.2, times: 0 });
		expect((await factory.post(PATH, request('hopeless', { duration: 30 }))).status).toBe(202);
		const job = await factory.jobWhen('hopeless', ({ person }) => person !== null, PATIENCE_S);
		expect(job).toMatchObject({ status: 'flagged', person: { why: expect.stringContaining('2 times') as string } });
		expect(job.regenerations.map(({ round, part }) => [round, part])).toEqual([
			[1, 'script'],
			[2, 'script'],
		]);
		const failed = await factory.n8n.executions({ workflowId: 'quality_monitoring', status: 'error' });
		expect(failed.map(({ data }) => data?.resultData.error?.message)).toEqual([]);
	});
});
