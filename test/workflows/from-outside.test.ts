/** The ways in from outside, against a real n8n: the client, the command and the doctor. */
import { readdirSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isYtempireError, YtempireClient, type ClientOptions, type YtempireError } from '../../core/client';
import { examine, type DoctorOptions } from '../../core/doctor/doctor';
import { isSqlite } from '../../core/store/place';
import { command } from '../support/command';

import { isOver, testFactory, type TestFactory } from './factory';

let factory: TestFactory;
let apiKey: string;
let file: string;

beforeAll(async () => {
	factory = await testFactory({ workflows: readdirSync('workflows'), env: { N8N_METRICS: 'true' } });
	apiKey = (await factory.n8n.api())['key'];
	if (!isSqlite(factory.store)) throw new Error('the store is not a file');
	({ file } = factory.store);
});
afterAll(async () => {
	await factory?.close();
});

const client = (options: Partial<ClientOptions> = {}) =>
	new YtempireClient({ url: factory.n8n.url, webhookAuth: { type: 'header', ...factory.webhookKey }, apiKey, ...options });

async function thrownBy(work: Promise<unknown>): Promise<YtempireError> {
	const error = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (!isYtempireError(error)) throw new Error('no YtempireError', { cause: error });
	return error;
}

const order = (videoId: string) => ({ videoId, topic: 'How volcanoes work', duration: 15, options: { resolution: '320x180' } });

describe('the client with a real n8n', () => {
	it('has a video made, asks how its execution stands, and gets the same video for the same ID', async () => {
		const taken = await client().setupVideoGenerationWorkflow(order('client-1'));
		expect(taken).toMatchObject({ videoId: 'client-1', workflowId: 'workflow_001', disposition: 'created', failure: null });
		const running = await client().getExecutionStatus(taken.executionId);
		expect(running).toMatchObject({ executionId: taken.executionId, workflowId: 'workflow_001', status: 'running', finished: false, stoppedAt: null });
		const job = await factory.jobWhen('client-1', isOver);
		expect(job).toMatchObject({ status: 'published', failure: null });
		const ended = await until(async () => await client().getExecutionStatus(taken.executionId), ({ finished }) => finished);
		expect(ended).toMatchObject({ status: 'success', error: null, stoppedAt: expect.stringMatching(/Z$/) });
		const again = await client().setupVideoGenerationWorkflow({ ...order('client-1'), topic: 'Something else' });
		expect(again).toMatchObject({ disposition: 'existing', status: 'published', youtubeUrl: expect.stringContaining('http') });
		expect(again.stages.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['script', 'voice', 'video', 'quality', 'upload']));
		expect(factory.asked('openai', '/v1/chat/completions')).toBe(1);
	});

	it('tells apart what is wrong: fields, keys, a workflow or an execution that is not there', async () => {
		expect(await thrownBy(client().setupVideoGenerationWorkflow({ videoId: '../x', topic: 'a' }))).toMatchObject({
			errorClass: 'invalid-request', reason: 'fields', issues: expect.arrayContaining([expect.objectContaining({ field: 'video_id' }), expect.objectContaining({ field: 'topic' })]),
		});
		expect(await thrownBy(client().triggerWorkflow('quality_check', { video_id: 'nobody' }))).toMatchObject({ errorClass: 'invalid-request', reason: 'not-known', httpStatus: 404 });
		const gone = client({ workflows: { gone: { path: 'workflow_099' } } });
		expect(await thrownBy(gone.triggerWorkflow('gone'))).toMatchObject({ errorClass: 'invalid-request', reason: 'webhook-unknown' });
		for (const webhookAuth of [{ type: 'none' }, { type: 'header', name: factory.webhookKey.name, value: 'wrong-key' }] as const) {
			expect(await thrownBy(client({ webhookAuth }).triggerWorkflow('video_generation'))).toMatchObject({ errorClass: 'auth', reason: 'webhook-key' });
		}
		expect(await thrownBy(client({ apiKey: 'wrong-key' }).getExecutionStatus(1))).toMatchObject({ errorClass: 'auth', httpStatus: 401 });
		expect(await thrownBy(client().getExecutionStatus(999_999))).toMatchObject({ errorClass: 'invalid-request', httpStatus: 404 });
	});

	it('signs in to a webhook with Basic Auth, and says what stopped an execution that failed', async () => {
		const api = await factory.n8n.api();
		const { id } = await api.post<{ id: string }>('/credentials', { name: 'Basic', type: 'httpBasicAuth', data: { user: 'ana', password: 'pass:wörd' } });
		const node = (name: string, type: string, typeVersion: number, parameters: object, more: object = {}) => ({ id: name, name, type, typeVersion, parameters, position: [0, 0], ...more });
		const made = await api.post<{ id: string }>('/workflows', {
			name: 'Mine',
			nodes: [
				node('In', 'n8n-nodes-base.webhook', 2.1, { httpMethod: 'POST', path: 'mine', authentication: 'basicAuth', responseMode: 'onReceived', options: {} }, { credentials: { httpBasicAuth: { id, name: 'Basic' } }, webhookId: 'mine' }),
				node('Stop', 'n8n-nodes-base.stopAndError', 1, { errorMessage: 'Stopped on purpose' }),
			],
			connections: { In: { main: [[{ node: 'Stop', type: 'main', index: 0 }]] } },
			settings: {},
		});
		await factory.n8n.publish([made.id]);
		const workflows = { mine: { path: 'mine' } };
		const basic = client({ workflows, webhookAuth: { type: 'basic', user: 'ana', password: 'pass:wörd' } });
		expect(await basic.triggerWorkflow('mine', { a: 1 })).toMatchObject({ httpStatus: 200, executionId: undefined });
		expect(await thrownBy(client({ workflows, webhookAuth: { type: 'basic', user: 'ana', password: 'wrong' } }).triggerWorkflow('mine'))).toMatchObject({ reason: 'webhook-key' });
		const [failed] = await until(async () => await factory.n8n.executions({ workflowId: made.id, status: 'error' }), (list) => list.length > 0);
		expect(await client().getExecutionStatus(failed!.id)).toMatchObject({ status: 'error', finished: true, error: { message: 'Stopped on purpose', node: 'Stop' } });
	});
});

describe('the command with a real n8n', () => {
	it('asks for a video, tells each stage until it is published, and then tells its state and the accounts', async () => {
		const env = { YTEMPIRE_N8N_URL: factory.n8n.url, YTEMPIRE_WEBHOOK_KEY: factory.webhookKey.value, YTEMPIRE_STORE_FILE: file };
		const stdin = '{"video_id":"command-1","topic":"How volcanoes work","duration":15,"options":{"resolution":"320x180"}}\n';
		const made = await command(['generate', '--file', '-', '--jsonl', '--wait', '--json'], { env, stdin });
		expect(made.code, made.said).toBe(0);
		for (const stage of ['script', 'voice', 'video', 'quality', 'upload']) expect(made.said).toMatch(new RegExp(`command-1 {2}✔ {2}${stage} {2}[\\d.]+ s`));
		expect(JSON.parse(made.out)).toMatchObject({ taken_in: 1, videos: [{ video_id: 'command-1', status: 'published', youtube_url: expect.stringContaining('http') }] });
		const [status, accounts] = await Promise.all([command(['status', 'command-1'], { env }), command(['accounts', '--json'], { env })]);
		expect(status).toMatchObject({ code: 0, out: expect.stringMatching(/✔ upload/) });
		const { accounts: pool } = JSON.parse(accounts.out);
		expect(pool).toHaveLength(15);
		expect(pool.filter(({ videos }: { videos: { used: number } }) => videos.used > 0).length).toBeGreaterThan(0);
	});
});

describe('the doctor with a real n8n', () => {
	const options = (more: Partial<DoctorOptions> = {}): DoctorOptions => ({
		url: factory.n8n.url, apiKey, webhookAuth: { type: 'header', ...factory.webhookKey }, place: { file }, minFreeGb: 0.01, ...more,
	});
	const wrong = async (more?: Partial<DoctorOptions>) => (await examine(options(more))).filter(({ level }) => level !== 'ok');

	it('finds nothing while all workflows are well, and each fault that is planted in n8n', async () => {
		expect(await wrong()).toEqual([]);
		expect(await wrong({ webhookAuth: { type: 'header', value: 'wrong-key' } })).toMatchObject([{ check: 'webhook-key', level: 'fault' }]);
		expect((await wrong({ apiKey: 'wrong-key' }))[0]).toMatchObject({ check: 'api-key', level: 'fault' });
		const api = await factory.n8n.api();
		await api.post('/workflows/quality_monitoring/archive');
		expect(await wrong()).toMatchObject([{ check: 'workflows', message: expect.stringContaining('quality_monitoring is not in n8n') }]);
		expect(await wrong({ workflows: ['video_generation'] })).toEqual([]);
		await api.request('DELETE', '/credentials/ytempire-openai');
		expect(await wrong()).toContainEqual(expect.objectContaining({ check: 'credentials', level: 'fault', message: expect.stringContaining('ytempireOpenAiApi that is no longer there') }));
		await api.post('/workflows/workflow_001/unpublish');
		const unpublished = await wrong();
		expect(unpublished).toContainEqual(expect.objectContaining({ check: 'workflows', message: 'The workflow video_generation is not published' }));
		expect(unpublished).toContainEqual(expect.objectContaining({ check: 'webhook-key', message: expect.stringContaining('no published workflow') }));
		await factory.n8n.stop();
		expect((await wrong())[0]).toMatchObject({ check: 'n8n', level: 'fault', cure: expect.stringContaining('Start n8n') });
	});
});

async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
	for (const deadline = Date.now() + 30_000; ; ) {
		const seen = await look();
		if (holds(seen) || Date.now() > deadline) return seen;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}
