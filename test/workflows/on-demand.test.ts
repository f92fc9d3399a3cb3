/** In one real n8n: all workflows as they are kept, and those that check, upload, look after accounts and tell of failures. */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { QualityResult, VideoResult } from '../../core/documents';
import { getJob, type Job } from '../../core/jobs/job';
import { queueJob } from '../../core/jobs/queue';
import { validateRequest } from '../../core/jobs/request';
import { runStage } from '../../core/jobs/stage';
import { openStore, type Store } from '../../core/store/store';
import { OPERATOR } from '../../host/credentials';
import { failingWorkflow, slowWorkflow } from '../../host/failing';
import { exportWorkflows } from '../../host/workflows/export';
import { letGo } from '../support/job';

import { testFactory, type TestFactory } from './factory';

const files = readdirSync('workflows');

const DAY_MS = 86_400_000;

let factory: TestFactory;
let store: Store;
/** Made by video_generation and published. */
let made: Job;

beforeAll(async () => {
	factory = await testFactory({ workflows: [...files, failingWorkflow, slowWorkflow] });
	store = await openStore(factory.store);
	await factory.post('workflow_001', { video_id: 'made', topic: 'How volcanoes work', duration: 15, options: { resolution: '320x180' } });
	made = await factory.jobWhen('made', ({ stages }) =>
		stages.some(({ stage, status }) => stage === 'event videoGenerated' && status === 'done'),
	);
	expect(made).toMatchObject({ status: 'published', failure: null });
});
afterAll(async () => {
	await store?.close();
	await factory?.close();
});
beforeEach(() => {
	factory.sandbox.recorder.clear();
	factory.sandbox.faults.clear();
});

/** A job with the same film that stands before its upload. */
async function waiting(id: string, change: { quality?: Partial<QualityResult>; video?: Partial<VideoResult>; until?: string } = {}) {
	const validation = validateRequest({ ...made.request, video_id: id });
	if (!validation.valid) throw new Error('the request of this test is not valid');
	await queueJob(store, validation.request, 'test');
	for (const stage of ['script', 'voice', 'video', 'quality']) {
		if (stage === change.until) break;
		const result = { ...(made.results[stage] as object), ...(change[stage as 'quality'] ?? {}) };
		const held = stage === 'quality' && !(result as QualityResult).passed;
		await runStage({
			store,
			videoId: id,
			stage,
			input: 'of the test',
			holder: 'test',
			work: async () => await Promise.resolve(result),
			statusAfter: () => (held ? 'flagged' : undefined),
		});
	}
	await letGo(store);
}

interface Mail {
	to: string[];
	subject: string;
	text: string;
}

const mails = () => (factory.sandbox.state('sendgrid') as { mails: Mail[] }).mails;
const uploads = () => (factory.sandbox.state('youtube') as { videos: Array<{ privacy_status: string }> }).videos;

/** Mails that came while `work` ran, `count` of them at least. */
async function mailsOf(work: () => Promise<unknown>, count: number): Promise<Mail[]> {
	const before = mails().length;
	await work();
	for (let left = 300; left > 0 && mails().length < before + count; left--) await new Promise((resolve) => setTimeout(resolve, 100));
	return mails().slice(before);
}

describe('the files of workflows/', () => {
	it('come out of n8n as they went in', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'ytempire-exported-'));
		try {
			await cp('workflows', folder, { recursive: true });
			const exported = await exportWorkflows(await factory.n8n.api(), folder);
			expect(exported.map(({ file }) => file).sort()).toEqual([...files].sort());
			for (const file of await readdir(folder)) {
				expect(await readFile(join(folder, file), 'utf8'), file).toBe(await readFile(join('workflows', file), 'utf8'));
			}
		} finally {
			await rm(folder, { recursive: true });
		}
	});

	it("pass n8n's own check for the upgrade to v3", async () => {
		interface Report {
			report: { workflowResults: Array<{ ruleId: string; nbAffectedWorkflows: number }> };
		}
		const api = await factory.n8n.api();
		const { report } = await api.rest<Report>('POST', '/breaking-changes/report/refresh?version=v3');
		expect(report.workflowResults.filter(({ nbAffectedWorkflows }) => nbAffectedWorkflows > 0)).toEqual([]);
	});
});

describe.each(['workflow_002', 'workflow_003'])('%s', (path) => {
	it('lets nobody in without the right key', async () => {
		for (const headers of [{}, { [factory.webhookKey.name]: 'wrong' }]) {
			expect((await factory.post(path, { video_id: 'made' }, headers)).status).toBe(403);
		}
	});

	it.each([
		[{}, [{ field: 'video_id', reason: 'required' }]],
		[{ video_id: '../x' }, [{ field: 'video_id', reason: expect.stringContaining('1 to 64') }]],
		[{ video_id: 'made', colour: 1 }, [{ field: 'colour', reason: 'unknown field' }]],
		[[], [{ field: 'body', reason: 'a JSON object' }]],
	])('answers %j with 400 and what is not right', async (body, errors) => {
		expect(await factory.post(path, body)).toMatchObject({ status: 400, body: { success: false, errors } });
	});

	it('answers 404 for a video that nobody asked for', async () => {
		const answer = await factory.post(path, { video_id: 'never-seen' });
		expect(answer).toMatchObject({ status: 404, body: { error: expect.stringContaining('never-seen'), cure: expect.stringMatching(/\w/) } });
	});

	it('answers 409 for one that is not rendered yet', async () => {
		await waiting(`half-${path}`, { until: 'video' });
		const answer = await factory.post(path, { video_id: `half-${path}` });
		expect(answer).toMatchObject({ status: 409, body: { success: false, error: expect.stringContaining('not finished'), cure: expect.stringMatching(/\w/) } });
	});
});

describe('quality_check', () => {
	it('measures a video and answers with the result, and leaves its job as it stands', async () => {
		const { quality } = made.results as { quality: QualityResult };
		const answer = await factory.post('workflow_002', { video_id: 'made' });
		expect(answer).toMatchObject({
			status: 200,
			body: { success: true, workflow_id: 'workflow_002', video_id: 'made', status: 'published', passed: true, threshold: quality.threshold },
		});
		expect(answer.body.score).toBeCloseTo(quality.score, 2);
		expect((answer.body.gates as unknown[]).length).toBe(quality.gates.length);
		const strict = await factory.post('workflow_002', { video_id: 'made', threshold: 1 });
		expect(strict.body.threshold).toBe(1);
		expect(await getJob(store, 'made')).toEqual(made);
	});

	it('answers 409 when the file is gone', async () => {
		const { video } = made.results as { video: VideoResult };
		await waiting('gone', { video: { file: { ...video.file, path: `${video.file.path}.gone` } } });
		const answer = await factory.post('workflow_002', { video_id: 'gone' });
		expect(answer).toMatchObject({ status: 409, body: { success: false, video_id: 'gone', error: expect.stringMatching(/no such file/i) } });
	});
});

describe('youtube_upload', () => {
	it('uploads a finished video once, as private as the request says', async () => {
		await waiting('finished');
		const before = uploads().length;
		const answer = await factory.post('workflow_003', { video_id: 'finished', privacy: 'unlisted' });
		expect(answer).toMatchObject({ status: 200, body: { success: true, disposition: 'uploaded', video_id: 'finished', status: 'published' } });
		expect(uploads().slice(before)).toMatchObject([{ id: answer.body.youtube_id, privacy_status: 'unlisted' }]);
		expect(await getJob(store, 'finished')).toMatchObject({ status: 'published', failure: null });

		const again = await factory.post('workflow_003', { video_id: 'finished', privacy: 'public' });
		expect(again).toMatchObject({ status: 200, body: { disposition: 'existing', youtube_url: answer.body.youtube_url } });
		expect(uploads()).toHaveLength(before + 1);
	});

	describe('with a planned publication', () => {
		async function planned(id: string, at: number) {
			await waiting(id, { quality: { passed: false, score: 0.4, reasons: ['It is silent for 9 s'] } });
			const request = JSON.stringify({ ...made.request, video_id: id, publish_at: new Date(at).toISOString() });
			await store.transaction(async (trx) => await trx.updateTable('jobs').set({ request }).where('video_id', '=', id).execute());
		}

		/** As YouTube was told in the session's first request. */
		const toldYouTube = () =>
			factory.sandbox.recorder
				.list({ service: 'youtube', method: 'POST' })
				.map(({ body }) => (body as { status?: { privacyStatus: string; publishAt?: string } } | undefined)?.status)
				.find((status) => status !== undefined);

		it.each(['private', 'unlisted'])('leaves the video %s when the request says so, whether its time has passed or not', async (privacy) => {
			for (const [name, at] of [['passed', Date.now() - DAY_MS], ['future', Date.now() + DAY_MS]] as const) {
				factory.sandbox.recorder.clear();
				await planned(`planned-${privacy}-${name}`, at);
				const answer = await factory.post('workflow_003', { video_id: `planned-${privacy}-${name}`, force: true, privacy });
				expect(answer, name).toMatchObject({ status: 200, body: { disposition: 'uploaded', privacy_status: privacy } });
				expect(toldYouTube(), name).toMatchObject({ privacyStatus: privacy });
				expect(toldYouTube(), name).not.toHaveProperty('publishAt');
			}
		});

		it('keeps to it when the request says nothing', async () => {
			const at = Date.now() + DAY_MS;
			await planned('planned-as-asked', at);
			expect(await factory.post('workflow_003', { video_id: 'planned-as-asked', force: true })).toMatchObject({ status: 200 });
			expect(toldYouTube()).toMatchObject({ privacyStatus: 'private', publishAt: new Date(at).toISOString() });
		});
	});

	it('uploads a video that was held back only when a person wants it', async () => {
		await waiting('held-back', { quality: { passed: false, score: 0.4, reasons: ['It is silent for 9 s'] } });
		const before = uploads().length;
		const refused = await factory.post('workflow_003', { video_id: 'held-back' });
		expect(refused).toMatchObject({ status: 409, body: { error: expect.stringContaining('It is silent for 9 s'), cure: expect.stringContaining('force') } });
		expect(uploads()).toHaveLength(before);
		const forced = await factory.post('workflow_003', { video_id: 'held-back', force: true });
		expect(forced).toMatchObject({ status: 200, body: { disposition: 'uploaded' } });
		expect(await getJob(store, 'held-back')).toMatchObject({ status: 'published' });
	});

	it('leaves a video alone that another execution is making', async () => {
		await waiting('being-made');
		await store.transaction(async (trx) => {
			const lease = { holder: 'another', lease_until: Date.now() + 60_000 };
			await trx.updateTable('jobs').set(lease).where('video_id', '=', 'being-made').execute();
		});
		const answer = await factory.post('workflow_003', { video_id: 'being-made' });
		expect(answer).toMatchObject({ status: 409, body: { error: expect.stringContaining('another execution') } });
	});

	it('says what to do when YouTube is down, and goes on when asked again', async () => {
		await waiting('unlucky');
		factory.sandbox.faults.add({ service: 'youtube', kind: 'status', status: 503, times: 0 });
		const failed = await factory.post('workflow_003', { video_id: 'unlucky' });
		expect(failed).toMatchObject({ status: 503, body: { success: false, video_id: 'unlucky', error_class: 'unavailable', cure: expect.stringMatching(/\w/) } });
		expect(await getJob(store, 'unlucky')).toMatchObject({ status: 'failed', failure: { stage: 'upload' } });
		factory.sandbox.faults.clear();
		expect(await factory.post('workflow_003', { video_id: 'unlucky' })).toMatchObject({ status: 200, body: { disposition: 'uploaded' } });
	});
});

describe('error_handler', () => {
	const fail = async (id: string, message: string) =>
		await factory.post('failing', { video_id: id, topic: 'How volcanoes work', message });

	it('marks the video with stage, reason and cure, and tells the operator once of a cause', async () => {
		const ids = ['broken-1', 'broken-2', 'broken-3'];
		const sent = await mailsOf(async () => {
			// at the same time, and with numbers that say nothing of the cause
			await Promise.all(ids.map(async (id, index) => await fail(id, `The disk is full: ${index} bytes are left`)));
			for (const id of ids) await factory.jobWhen(id, ({ status }) => status === 'failed');
		}, 1);
		for (const [index, id] of ids.entries()) {
			const failure = { stage: 'Break', reason: `The disk is full: ${index} bytes are left`, cure: expect.stringMatching(/\w/) };
			expect(await getJob(store, id)).toMatchObject({ status: 'failed', failure });
		}
		expect(sent).toMatchObject([{ to: [OPERATOR], subject: 'Workflow failed: Failing' }]);
		expect(sent[0]?.text).toMatch(/The disk is full[\s\S]*What to do[\s\S]*broken-\d[\s\S]*executions\//);

		const other = await mailsOf(async () => await fail('broken-4', 'The moon is full'), 1);
		expect(other).toMatchObject([{ text: expect.stringContaining('The moon is full') }]);
		await expect
			.poll(async () => (await factory.n8n.executions({ workflowId: 'error_handler', status: 'success' })).length, { timeout: 30_000 })
			.toBe(4);
		expect(mails().filter(({ text }) => text.includes('The disk is full'))).toHaveLength(1);
	});

	it('hears of an execution that ran out of time', async () => {
		const sent = await mailsOf(async () => await factory.post('slow', { video_id: 'slow', topic: 'How volcanoes work' }), 1);
		expect(sent).toMatchObject([{ subject: 'Workflow failed: Slow' }]);
		expect(await getJob(store, 'slow')).toMatchObject({ status: 'failed', failure: { reason: expect.stringMatching(/longer than it may|timed out/) } });
	});
});

describe('account_health', () => {
	const account = async (id: string, change: object) =>
		await fetch(`${factory.sandbox.services.youtube?.url}/sandbox/accounts/${id}`, { method: 'PATCH', body: JSON.stringify(change) });

	async function run(): Promise<string> {
		const api = await factory.n8n.api();
		const { status } = await api.ended(await api.run('account_health', 'Every Day'));
		return status;
	}

	it('says nothing when all accounts are well', async () => {
		const before = mails().length;
		expect(await run()).toBe('success');
		expect(factory.asked('youtube', '/token')).toBe(15);
		expect(mails()).toHaveLength(before);
	});

	it('tells the operator in one mail which accounts are lost and which soon will be', async () => {
		await account('account-03', { standing: 'revoked' });
		await account('account-05', { signInEnds: Date.now() + 2 * DAY_MS });
		await account('account-06', { signInEnds: Date.now() + 6 * DAY_MS });
		const sent = await mailsOf(async () => {
			expect(await run()).toBe('success');
			expect(await run()).toBe('success');
		}, 1);
		expect(sent).toMatchObject([{ to: [OPERATOR], subject: '2 YouTube accounts need you' }]);
		expect(sent[0]?.text).toMatch(/account-03 .*: invalid_grant: \S/);
		expect(sent[0]?.text).toMatch(/account-05 .*Its sign-in ends on 20\d\d-/);
		expect(sent[0]?.text).not.toContain('account-06');
	});
});
