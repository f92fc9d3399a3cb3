/** n8n's queue mode: a main process and two workers with user folders of their own, PostgreSQL and Redis between them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UploadResult } from '../../core/documents';
import type { Job } from '../../core/jobs/job';
import { poolFromCredential } from '../../core/pool/accounts';
import { accountStates } from '../../core/pool/state';
import { openStore } from '../../core/store/store';
import { sandboxCredentials } from '../../host/credentials';
import type { N8nWorker } from '../../host/n8n-worker';
import { describeWhere } from '../support/left-out';
import { missingForQueue, startQueueServers, type QueueServers } from '../support/queue';
import { isOver, resumingSoon, testFactory, type TestFactory } from './factory';

const PATH = 'workflow_001';

let shared: string;
let servers: QueueServers;
let factory: TestFactory;

function request(id: string) {
	return {
		video_id: id,
		topic: 'How volcanoes work',
		duration: 15,
		notify_email: `${id}@example.com`,
		options: { resolution: '320x180' },
	};
}

interface YouTube {
	videos: Array<{ id: string; account_id: string }>;
	quota: Array<{ bucket: string; used: number }>;
}

const youTube = () => factory.sandbox.state('youtube') as YouTube;

/** @returns the ID of n8n's execution */
async function post(id: string): Promise<string> {
	const answer = await factory.post(PATH, request(id));
	expect(answer).toMatchObject({ status: 202, body: { video_id: id, status: 'queued' } });
	return String(answer.body.execution_id);
}

const hasTold = ({ stages }: Job) =>
	['mail videoCompleted', 'event videoGenerated'].every((name) =>
		stages.some(({ stage, status }) => stage === name && status === 'done'),
	);

async function published(id: string): Promise<UploadResult> {
	const job = await factory.jobWhen(id, isOver);
	expect(job).toMatchObject({ status: 'published', failure: null });
	const told = await factory.jobWhen(id, hasTold);
	return told.results.upload as UploadResult;
}

/** What `look` finds, as soon as it finds something. */
async function eventually<T>(what: string, look: () => T | undefined): Promise<T> {
	const deadline = Date.now() + 60_000;
	while (Date.now() < deadline) {
		const found = look();
		if (found !== undefined) return found;
		await delay(50);
	}
	throw new Error(`In a minute there was no ${what}`);
}

const workerOf = async (execution: string): Promise<N8nWorker> =>
	await eventually(`worker that began execution ${execution}`, () =>
		factory.workers.find((worker) => worker.executions().includes(execution)),
	);

/** The store's own count: videos of each account, uploads of their one project. */
async function ledger() {
	const credentials = sandboxCredentials(
		Object.fromEntries(Object.entries(factory.sandbox.services).map(([name, { url }]) => [name, url])),
		factory.webhookKey,
	);
	const pool = credentials.find(({ type }) => type === 'ytempireYouTubePoolApi');
	const store = await openStore(factory.store);
	try {
		const states = await accountStates(store, poolFromCredential(pool?.data));
		return {
			videos: Object.fromEntries(states.map(({ account_id: id, videos }) => [id, videos.used])),
			uploads: states[0]?.quota.video_uploads?.used,
		};
	} finally {
		await store.close();
	}
}

/** YouTube's own count, in the same words. */
function countOfYouTube() {
	const { videos, quota } = youTube();
	const counted = new Map<string, number>();
	for (const { account_id: id } of videos) counted.set(id, (counted.get(id) ?? 0) + 1);
	return { videos: Object.fromEntries(counted), uploads: quota.find(({ bucket }) => bucket === 'inserts')?.used };
}

describeWhere('queue mode', missingForQueue(), () => {
	beforeAll(async () => {
		shared = await mkdtemp(join(tmpdir(), 'ytempire-shared-'));
		servers = await startQueueServers(join(shared, 'media'));
		factory = await testFactory({
			workflows: ['video_generation.json'],
			adapt: resumingSoon,
			queue: servers.queue,
			store: servers.store,
			workers: 2,
			// Two executions at once by a worker: three take both workers
			env: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '2' },
		});
	});
	afterAll(async () => {
		await factory?.close();
		await servers?.stop();
		await rm(shared, { recursive: true, force: true });
	});

	it('publishes a posted topic once, made by a worker, and tells of it once', async () => {
		const execution = await post('one');
		const upload = await published('one');
		await workerOf(execution);
		expect(youTube().videos.map(({ id }) => id)).toEqual([upload.youtube_id]);
		expect(factory.asked('sendgrid', '/v3/mail/send')).toBe(1);
		expect(factory.asked('mixpanel', '/import')).toBe(1);
		const [record] = (await factory.n8n.executions({ status: 'success' })).filter(({ id }) => id === execution);
		expect(record?.mode).toBe('webhook');
	});

	describe('when a worker is killed', () => {
		let killed: N8nWorker;
		let arrived: string;
		beforeAll(async () => {
			const before = youTube().videos.length;
			// The video arrives, and nobody hears of it
			factory.sandbox.faults.add({ service: 'youtube', match: { method: 'PUT' }, kind: 'drop-answer' });
			killed = await workerOf(await post('interrupted'));
			({ id: arrived } = await eventually('video on YouTube', () => youTube().videos[before]));
			await killed.kill();
			factory.workers.push(await factory.n8n.startWorker());
		});

		it('the others make three videos at once, each on an account of its own', async () => {
			const before = youTube().videos.length;
			const ids = ['two', 'three', 'four'];
			const executions = await Promise.all(ids.map(post));
			const uploads = await Promise.all(ids.map(published));
			const workers = new Set(await Promise.all(executions.map(workerOf)));
			expect(workers.size).toBe(2);
			expect(workers).not.toContain(killed);
			expect(new Set(uploads.map(({ account_id: id }) => id)).size).toBe(3);
			expect(youTube().videos.slice(before).map(({ id }) => id).sort()).toEqual(uploads.map(({ youtube_id: id }) => id).sort());
			expect(await ledger()).toMatchObject(countOfYouTube());
		});

		it('another one finishes what it began, and neither uploads nor counts it twice', async () => {
			const before = youTube().videos.length;
			expect(await published('interrupted')).toMatchObject({ youtube_id: arrived, resumed: true });
			expect(youTube().videos).toHaveLength(before);
			expect(await ledger()).toMatchObject(countOfYouTube());
		});
	});
});
