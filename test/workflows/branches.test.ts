/** Branches of the workflows that are run when something fails, or only when they are switched on, in a real n8n. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Job } from '../../core/jobs/job';
import { openStore, type Store } from '../../core/store/store';
import type { WorkflowFile } from '../../host/provision';

import { copyJob } from './copy';
import { isOver, resumingSoon, testFactory, type TestFactory } from './factory';

const RENDERED = ['script', 'voice', 'video'];

/** A step that fails for the videos whose ID begins with `prefix`. */
const failingFor = (prefix: string) => `={{ $json.video_id.startsWith('${prefix}') ? 'nowhere' : $json.video_id }}`;

/** Schedules run when the test says so; some steps can't do what they are for. */
function adapted(workflow: WorkflowFile): WorkflowFile {
	const nodes = resumingSoon(workflow).nodes.map((node) => {
		const { name, parameters } = node;
		if (name === 'Every Day') return { ...node, disabled: false };
		if (name === 'Begin Another') return { ...node, parameters: { ...parameters, workflowId: { __rl: true, mode: 'id', value: "={{ 'nowhere' }}" } } };
		if (name === 'Flag Low Quality') return { ...node, parameters: { ...parameters, videoId: failingFor('unflagged') } };
		if (name === 'Let It Go On') return { ...node, parameters: { ...parameters, videoId: failingFor('stays') } };
		return node;
	});
	return { ...workflow, nodes, settings: { ...workflow.settings, saveDataSuccessExecution: 'all' } };
}

let factory: TestFactory;
let store: Store;
/** Made and published. */
let made: Job;

beforeAll(async () => {
	factory = await testFactory({ workflows: ['video_generation.json', 'quality_monitoring.json'], adapt: adapted });
	store = await openStore(factory.store);
	await factory.post('workflow_001', { video_id: 'made', topic: 'How volcanoes work', duration: 15, options: { resolution: '320x180' } });
	made = await factory.jobWhen('made', isOver);
	expect(made).toMatchObject({ status: 'published', failure: null });
});
afterAll(async () => {
	await store?.close();
	await factory?.close();
});
beforeEach(() => {
	factory.sandbox.faults.clear();
});

async function run(trigger: string) {
	const api = await factory.n8n.api();
	return await api.ended(await api.run('quality_monitoring', trigger));
}

const personOf = async (id: string) => (await factory.jobWhen(id, () => true)).person;

describe('quality_monitoring', () => {
	it("keeps every account's figures once a day, each for the video that has them", async () => {
		expect(await run('Every Day')).toMatchObject({ status: 'success' });
		const { channel_id: channel } = made.results.upload as { channel_id: string };
		const rows = await store.db.selectFrom('viewers').selectAll().execute();
		expect(rows).toMatchObject([{ video_id: 'made', channel_id: channel }]);
		expect(rows[0]?.views).toBeGreaterThan(0);
		expect(rows[0]?.retention).toBeGreaterThan(0);
	});

	it('keeps the figures of the others when an account has none to give, and then fails and names it', async () => {
		await store.transaction(async (trx) => await trx.deleteFrom('viewers').execute());
		const { account_id: own } = made.results.upload as { account_id: string };
		const lost = own === 'account-03' ? 'account-04' : 'account-03';
		await fetch(`${factory.sandbox.services.youtube?.url}/sandbox/accounts/${lost}`, { method: 'PATCH', body: JSON.stringify({ standing: 'revoked' }) });
		const { status, data } = await run('Every Day');
		expect(status).toBe('error');
		expect(data?.resultData.error?.message).toMatch(new RegExp(`^The viewers of ${lost} are not known: `));
		expect(await store.db.selectFrom('viewers').select('video_id').execute()).toEqual([{ video_id: 'made' }]);
	});

	it("leaves to a person what can't be judged, flagged, let go on or made again, with the reason, and takes it no more", async () => {
		const { file } = made.results.video as { file: { path: string } };
		const low = { passed: false, score: 0.4, reasons: ['Failed: silence is 4 s (voice).'], blame: ['voice'] };
		await copyJob(store, 'made', 'gone', { stages: RENDERED, status: 'failed', results: { video: { file: { ...file, path: `${file.path}.gone` } } } });
		await copyJob(store, 'made', 'stays', { stages: RENDERED, status: 'failed' });
		await copyJob(store, 'made', 'unflagged', { stages: [...RENDERED, 'quality'], status: 'flagged', results: { quality: low } });
		await copyJob(store, 'made', 'nobody-s-fault', { stages: [...RENDERED, 'quality'], status: 'flagged', results: { quality: { ...low, blame: [] } } });
		expect(await run('Every Hour')).toMatchObject({ status: 'success' });
		expect((await personOf('gone'))?.why).toMatch(/no such file/i);
		expect((await personOf('stays'))?.why).toContain('There is no job with video ID nowhere. Check the ID');
		expect((await personOf('unflagged'))?.why).toContain('There is no job with video ID nowhere');
		expect((await personOf('nobody-s-fault'))?.why).toContain('Nothing says what is wrong');
		const before = await store.db.selectFrom('jobs').select(['video_id', 'status', 'updated_at']).execute();
		expect(await run('Every Hour')).toMatchObject({ status: 'success' });
		expect(await store.db.selectFrom('jobs').select(['video_id', 'status', 'updated_at']).execute()).toEqual(before);
	});
});

describe('video_generation', () => {
	it("makes the video whose turn it is also when n8n can't begin another one beside it", async () => {
		await factory.post('workflow_001', { videos: [{ video_id: 'alone', topic: 'How geysers work', duration: 15, options: { resolution: '320x180' } }] });
		const job = await factory.jobWhen('alone', isOver);
		expect(job).toMatchObject({ status: 'published', failure: null, attempt: 1 });
		// n8n writes an execution down when it has ended
		const begun = async () => {
			const runs = await factory.n8n.executions({ workflowId: 'workflow_001' });
			const outputs = runs.flatMap(({ data }) => (data?.resultData.runData['Begin Another'] ?? []) as Array<{ data: { main: Array<unknown[] | null> } }>);
			return outputs.map(({ data }) => data.main.map((items) => items?.length ?? 0));
		};
		await expect.poll(begun, { timeout: 60_000 }).toEqual([[0, 1]]);
	});
});
