/** The client over real HTTP: what it sends, what it gives back, and when it sends a request a second time. */
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { describe, expect, it, onTestFinished } from 'vitest';

import { YtempireClient, type ClientOptions, YtempireError } from '../../../core/client';
import { fakeN8n, type FakeN8n, type WebhookFault } from '../../support/fake-n8n';

const FAST = { attempts: 3, baseMs: 5, maxMs: 20 };

function clientFor(n8n: Pick<FakeN8n, 'url' | 'webhookKey' | 'apiKey'>, options: Partial<ClientOptions> = {}): YtempireClient {
	return new YtempireClient({
		url: n8n.url,
		webhookAuth: { type: 'header', ...n8n.webhookKey },
		apiKey: n8n.apiKey,
		retries: FAST,
		...options,
	});
}

async function thrownBy(work: Promise<unknown>): Promise<YtempireError> {
	const error = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(YtempireError);
	return error as YtempireError;
}

const queued = {
	success: true, workflow_id: 'workflow_001', execution_id: '12', video_id: 'v-1', status: 'failed', disposition: 'existing',
	stage: 'voice', stages: [{ stage: 'script', status: 'done', progress: 1, seconds: 2.5, cost_usd: 0.003, note: '', providers: [] }],
	cost_usd: 0.003, failure: { stage: 'voice', error_class: 'auth', reason: 'no key', cure: 'give one', at: '2026-11-22T00:00:00Z' },
	youtube_url: null,
};

describe('setupVideoGenerationWorkflow', () => {
	it('speaks camelCase to the caller and snake_case to the webhook', async () => {
		const n8n = await fakeN8n({ webhook: () => ({ status: 202, body: queued }) });
		const status = await clientFor(n8n).setupVideoGenerationWorkflow({
			videoId: 'v-1', topic: 'Volcanoes', notifyEmail: 'a@example.com', channelId: undefined, options: { madeForKids: false, qualityThreshold: 0.8 },
		});
		expect(n8n.requests[0]).toMatchObject({ method: 'POST', path: '/webhook/workflow_001' });
		expect(n8n.worked).toEqual([
			{ video_id: 'v-1', topic: 'Volcanoes', notify_email: 'a@example.com', options: { made_for_kids: false, quality_threshold: 0.8 } },
		]);
		expect(status).toEqual({
			videoId: 'v-1', workflowId: 'workflow_001', executionId: '12', status: 'failed', disposition: 'existing', stage: 'voice',
			stages: [{ stage: 'script', status: 'done', progress: 1, seconds: 2.5, costUsd: 0.003 }],
			costUsd: 0.003, failure: { stage: 'voice', errorClass: 'auth', reason: 'no key', cure: 'give one' }, youtubeUrl: null,
		});
	});

	it('names the first fields of a list in which hundreds are wrong, and cuts what is long', async () => {
		const errors = Array.from({ length: 450 }, (_, index) => ({ field: `videos.${index}.topic`, reason: 'x'.repeat(index === 0 ? 900 : 9) }));
		const n8n = await fakeN8n({ webhook: () => ({ status: 400, body: { success: false, error: 'Wrong '.repeat(2000), errors } }) });
		const { issues } = await thrownBy(clientFor(n8n).triggerWorkflow('video_generation', [{ video_id: 'v' }]));
		expect(issues).toHaveLength(200);
		expect(issues[0]).toEqual({ field: 'videos.0.topic', reason: 'x'.repeat(500) });
	});

	it('throws each field that the workflow rejects, and does not send it again', async () => {
		const errors = [{ field: 'topic', reason: 'at least 3 characters\u001b[31m' }];
		const n8n = await fakeN8n({ webhook: () => ({ status: 400, body: { success: false, error: 'Wrong', errors } }) });
		const error = await thrownBy(clientFor(n8n).setupVideoGenerationWorkflow({ videoId: 'v', topic: 'a' }));
		expect(error).toMatchObject({ errorClass: 'invalid-request', reason: 'fields', httpStatus: 400, issues: errors });
		expect(error.message).not.toContain('\u001b');
		expect(n8n.requests).toHaveLength(1);
	});

	it('says so when something else than the workflow answers', async () => {
		const n8n = await fakeN8n({ webhook: () => ({ status: 200, body: { message: 'Workflow was started' } }) });
		expect(await thrownBy(clientFor(n8n).setupVideoGenerationWorkflow({ videoId: 'v', topic: 'abc' }))).toMatchObject({ errorClass: 'unavailable', reason: 'malformed-answer' });
	});
});

describe('triggerWorkflow', () => {
	it('knows the owner’s table by name and by path', async () => {
		const n8n = await fakeN8n();
		const client = clientFor(n8n);
		for (const name of ['video_generation', 'quality_check', 'youtube_upload', 'cost_optimization', 'workflow_003']) {
			expect(await client.triggerWorkflow(name, {})).toEqual({
				workflow: name, httpStatus: 200, executionId: '7', body: { success: true, execution_id: '7' },
			});
		}
		expect(n8n.requests.map(({ path }) => path)).toEqual(['1', '2', '3', '4', '3'].map((one) => `/webhook/workflow_00${one}`));
		expect(await thrownBy(client.triggerWorkflow('constructor'))).toMatchObject({ reason: 'workflow-unknown' });
	});

	it('takes workflows of the caller’s own, and another place for webhooks', async () => {
		const n8n = await fakeN8n();
		const client = clientFor(n8n, { url: 'http://127.0.0.1:9', webhookUrl: `${n8n.url}/webhook/`, workflows: { mine: { path: 'a b/c' } } });
		await client.triggerWorkflow('mine', [1]);
		expect(n8n.requests[0]).toMatchObject({ path: '/webhook/a%20b/c', body: [1] });
	});

	it('signs in with n8n’s Basic Auth', async () => {
		const n8n = await fakeN8n({ webhookKey: { name: 'authorization', value: `Basic ${Buffer.from('ana:s:ö').toString('base64')}` } });
		const client = clientFor(n8n, { webhookAuth: { type: 'basic', user: 'ana', password: 's:ö' } });
		expect((await client.triggerWorkflow('quality_check')).httpStatus).toBe(200);
	});

	it('tells a wrong key from a workflow that is not published', async () => {
		const n8n = await fakeN8n({ workflows: [{ id: 'workflow_001', active: true }] });
		const wrong = clientFor(n8n, { webhookAuth: { type: 'header', name: 'X-Plain', value: 'another-secret' } });
		expect(await thrownBy(wrong.triggerWorkflow('video_generation'))).toMatchObject({ errorClass: 'auth', reason: 'webhook-key', httpStatus: 403 });
		expect(await thrownBy(clientFor(n8n).triggerWorkflow('quality_check'))).toMatchObject({
			errorClass: 'invalid-request', reason: 'webhook-unknown', cure: expect.stringContaining('publish'),
		});
	});

	it('tells what a workflow itself refuses, by its own class and cure, and repeats only what may pass', async () => {
		const refusals: Array<[status: number, body: object, expected: object, requests: number]> = [
			[404, { error: 'There is no job with video ID v', cure: 'Check the ID.' }, { errorClass: 'invalid-request', reason: 'not-known', cure: 'Check the ID.' }, 1],
			[409, { error: 'It was held back', cure: 'Look at it.' }, { errorClass: 'invalid-request', cure: 'Look at it.' }, 1],
			[502, { error: 'Lost its sign-in', error_class: 'auth', cure: 'Connect it.' }, { errorClass: 'auth', reason: undefined, cure: 'Connect it.' }, 1],
			[503, { error: 'No quota', error_class: 'quota-exhausted', cure: 'Wait.' }, { errorClass: 'quota-exhausted' }, 1],
			[503, { error: 'YouTube is down', error_class: 'unavailable', cure: '' }, { errorClass: 'unavailable' }, 3],
		];
		for (const [status, body, expected, requests] of refusals) {
			const n8n = await fakeN8n({ webhook: () => ({ status, body: { success: false, ...body } }) });
			const error = await thrownBy(clientFor(n8n).triggerWorkflow('youtube_upload', { video_id: 'v' }));
			expect(error).toMatchObject({ httpStatus: status, message: expect.stringContaining((body as { error: string }).error), ...expected });
			expect(error.cure).toMatch(/\w/);
			expect(n8n.requests).toHaveLength(requests);
		}
	});

	it('never shows a key that the other side sends back', async () => {
		const body = { error: 'you sent another-secret and fake-api-key-123456' };
		const n8n = await fakeN8n({ faults: [{ kind: 'status', status: 409, body }] });
		const client = clientFor(n8n, { webhookAuth: { type: 'header', name: 'X-Plain', value: 'another-secret' } });
		const error = await thrownBy(client.triggerWorkflow('quality_check'));
		expect(JSON.stringify([error.message, error])).not.toMatch(/another-secret|fake-api-key/);
		expect(error.message).toContain('you sent');
	});

	it.each([
		['url', { url: 'ftp://x' }],
		['url', { url: 'http://ana:secret-word@x' }],
		['webhookAuth.value', { webhookAuth: { type: 'header', value: 'secret-word\r\nX: y' } }],
		['webhookAuth.name', { webhookAuth: { type: 'header', name: 'a:b', value: 'x' } }],
		['webhookAuth.user', { webhookAuth: { type: 'basic', user: 'a:b', password: 'x' } }],
		['apiKey', { apiKey: ' secret-word' }],
	] as Array<[string, Partial<ClientOptions>]>)('refuses a %s that can’t be right without showing it', (field, options) => {
		try {
			new YtempireClient({ url: 'http://n8n.example', ...options });
			expect.unreachable();
		} catch (error) {
			expect(error).toMatchObject({ errorClass: 'invalid-request', issues: [{ field }] });
			expect(String(error)).not.toContain('secret-word');
		}
	});
});

describe('a request that fails', () => {
	const passing: WebhookFault[] = [
		{ kind: 'drop' },
		{ kind: 'drop-answer' },
		{ kind: 'html' },
		{ kind: 'status', status: 503 },
		{ kind: 'status', status: 429, headers: { 'retry-after': '0' } },
	];

	it.each(passing)('is sent again with a video ID, which makes it safe: $kind $status', async (fault) => {
		const n8n = await fakeN8n({ faults: [fault] });
		const { httpStatus } = await clientFor(n8n).triggerWorkflow('video_generation', { video_id: 'v-1' });
		expect(httpStatus).toBe(200);
		expect(n8n.requests).toHaveLength(2);
		expect(n8n.requests[1]!.body).toEqual({ video_id: 'v-1' });
	});

	const unsafe: Array<[string, string, Record<string, unknown> | unknown[]]> = [
		['without a video ID', 'video_generation', { topic: 'x' }],
		['with an empty video ID', 'video_generation', { video_id: '' }],
		['with a list of which one has no video ID', 'video_generation', [{ video_id: 'a' }, {}]],
		['with such a list under its name', 'video_generation', { videos: [{ video_id: 'a' }, {}] }],
		['with an empty list', 'video_generation', []],
		['that may change the configuration', 'cost_optimization', { video_id: 'v-1', apply: true }],
	];
	it.each(unsafe)('is never sent again %s once it may have arrived', async (_what, name, data) => {
		for (const fault of passing) {
			const n8n = await fakeN8n({ faults: [fault] });
			const error = await thrownBy(clientFor(n8n).triggerWorkflow(name, data));
			expect(['unavailable', 'rate-limited']).toContain(error.errorClass);
			expect(n8n.requests).toHaveLength(1);
		}
	});

	it('is sent again when each video of a list has its ID', async () => {
		for (const list of [[{ video_id: 'a' }, { video_id: 'b' }], { videos: [{ video_id: 'a' }] }]) {
			const n8n = await fakeN8n({ faults: [{ kind: 'drop-answer' }] });
			await clientFor(n8n).triggerWorkflow('video_generation', list);
			expect(n8n.worked).toEqual([list, list]);
		}
	});

	it('is sent again with an idempotency key where the workflow does a thing once under it, and the key goes along', async () => {
		const workflows = { heeding: { path: 'workflow_009', heedsIdempotencyKey: true } };
		const cases: Array<[string, unknown]> = [
			['heeding', { days: 30 }],
			['video_generation', { days: 30, video_id: 'run-7' }],
		];
		for (const [name, body] of cases) {
			const n8n = await fakeN8n({ faults: [{ kind: 'drop-answer' }] });
			await clientFor(n8n, { workflows }).triggerWorkflow(name, { days: 30 }, { idempotencyKey: 'run-7' });
			expect(n8n.worked).toEqual([body, body]);
			expect(n8n.requests.map(({ headers }) => headers['idempotency-key'])).toEqual(['run-7', 'run-7']);
		}
	});

	it('is not sent again with an idempotency key that the workflow does not heed, such as the one that may change the configuration', async () => {
		const n8n = await fakeN8n({ faults: [{ kind: 'drop-answer' }] });
		const error = await thrownBy(clientFor(n8n).triggerWorkflow('cost_optimization', { apply: true }, { idempotencyKey: 'run-7' }));
		expect(error).toMatchObject({ errorClass: 'unavailable' });
		expect(n8n.worked).toEqual([{ apply: true }]);
	});

	it('is sent again even without a key when no connection ever stood', async () => {
		// A port that was free a moment ago, and is opened between the first try and the next
		const holder = createServer();
		await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
		const { port } = holder.address() as AddressInfo;
		await new Promise((resolve) => holder.close(resolve));
		const late = createHttpServer((_request, response) => response.end('{}'));
		setTimeout(() => late.listen(port, '127.0.0.1'), 50);
		onTestFinished(() => void late.close());
		const client = new YtempireClient({ url: `http://127.0.0.1:${port}`, retries: { attempts: 2, baseMs: 300 } });
		expect(await client.triggerWorkflow('cost_optimization', {})).toMatchObject({ httpStatus: 200 });
		const never = new YtempireClient({ url: 'http://127.0.0.1:9', retries: FAST });
		expect(await thrownBy(never.triggerWorkflow('cost_optimization', {}))).toMatchObject({ errorClass: 'unavailable', reason: 'ECONNREFUSED' });
	});

	it('is given up after its time, and then not sent again without a key', async () => {
		const n8n = await fakeN8n({ faults: [{ kind: 'slow', ms: 1000 }] });
		const error = await thrownBy(clientFor(n8n).triggerWorkflow('cost_optimization', {}, { timeoutMs: 50 }));
		expect(error).toMatchObject({ errorClass: 'unavailable', reason: 'timeout' });
		expect(n8n.requests).toHaveLength(1);
	});

	it('ends at once when the caller cancels, also while it waits to send again', async () => {
		const n8n = await fakeN8n({ faults: [{ kind: 'status', status: 503 }] });
		const client = clientFor(n8n, { retries: { baseMs: 60_000 } });
		const work = client.triggerWorkflow('video_generation', { video_id: 'v' }, { signal: AbortSignal.timeout(100) });
		expect(await thrownBy(work)).toMatchObject({ errorClass: 'cancelled' });
	});

	it('is tried as often as was asked, and the last error is told', async () => {
		const n8n = await fakeN8n({ faults: Array.from({ length: 9 }, () => ({ kind: 'status', status: 500 }) as const) });
		await thrownBy(clientFor(n8n, { retries: { attempts: 4, baseMs: 1, maxMs: 2 } }).triggerWorkflow('video_generation', { video_id: 'v' }));
		expect(n8n.requests).toHaveLength(4);
	});
});

describe('getExecutionStatus', () => {
	const executions = {
		1: { id: '1', workflowId: 'workflow_001', status: 'running', startedAt: '2026-11-22T10:00:00.000Z', stoppedAt: null },
		2: {
			id: 2, workflowId: 'workflow_001', status: 'error', startedAt: '2026-11-22T10:00:00.000Z', stoppedAt: '2026-11-22T10:00:02.000Z',
			data: { resultData: { runData: {}, lastNodeExecuted: 'Generate Script', error: { message: 'No\u001b[2J credit', stack: 'x' } } },
		},
		3: { id: '3', workflowId: 'w', status: 'something new' },
	};

	it('gives n8n’s state, and of a failed one what stopped it and where', async () => {
		const client = clientFor(await fakeN8n({ executions }));
		expect(await client.getExecutionStatus(1)).toEqual({
			executionId: '1', workflowId: 'workflow_001', status: 'running', finished: false, startedAt: '2026-11-22T10:00:00.000Z', stoppedAt: null, error: null,
		});
		expect(await client.getExecutionStatus('2')).toMatchObject({ status: 'error', finished: true, error: { message: 'No [2J credit', node: 'Generate Script' } });
		expect(await client.getExecutionStatus('3')).toMatchObject({ status: 'unknown', finished: false, startedAt: null });
	});

	it('says what is missing: the key, its rights, the execution', async () => {
		const n8n = await fakeN8n({ executions });
		expect(await thrownBy(clientFor(n8n, { apiKey: undefined }).getExecutionStatus(1))).toMatchObject({ reason: 'api-key-missing' });
		expect(await thrownBy(clientFor(n8n, { apiKey: 'wrong-key' }).getExecutionStatus(1))).toMatchObject({ errorClass: 'auth', cure: expect.stringContaining('API key') });
		expect(await thrownBy(clientFor(n8n).getExecutionStatus(99))).toMatchObject({ errorClass: 'invalid-request', httpStatus: 404 });
		expect(await thrownBy(clientFor(n8n).getExecutionStatus('../workflows'))).toMatchObject({ reason: 'execution-id' });
	});
});
