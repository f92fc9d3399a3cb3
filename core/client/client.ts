/** The way in for other programs: triggers the workflows by their webhooks and asks n8n how they go. */
import { invalidRequest, type YtempireError } from '../errors';
import { httpRequest, type HttpResponse } from '../http';
import { excerpt } from '../redact';

import { executionStatus } from './execution';
import { N8nApi, read } from './n8n-api';
import { issuesOf, PROVIDER, readWebhookAnswer, asN8nError } from './n8n-errors';
import { sendSafely } from './send';
import { settingsOf, type Settings } from './settings';
import type { CallOptions, ClientOptions, ExecutionStatus, TriggerOptions, TriggerResult, VideoOrder, VideoStatus, WorkflowEntry } from './types';
import { orderBody, videoStatusSchema } from './video';
import { WORKFLOWS, type WorkflowName } from './workflows';

const TIMEOUT_MS = 30_000;

/**
 * ```ts
 * const client = new YtempireClient({ url: 'https://n8n.example.com', webhookAuth: { type: 'header', value: key } });
 * const { status } = await client.setupVideoGenerationWorkflow({ videoId: 'volcanoes-001', topic: 'How do volcanoes work?' });
 * ```
 * Every method throws a YtempireError: `errorClass` says what kind it is, `cure` what to do, `issues` which fields are
 * wrong. Redirects are not followed, and no error holds a key.
 */
export class YtempireClient {
	/** What can be triggered, by name. */
	readonly workflows: Readonly<Record<string, WorkflowEntry>>;

	private readonly settings: Settings;

	private readonly api: N8nApi;

	/** @throws YtempireError `invalid-request`, reason `client-options`, naming the option that isn't right */
	constructor(private readonly options: ClientOptions) {
		this.settings = settingsOf(options);
		this.workflows = { ...WORKFLOWS, ...options.workflows };
		const { timeoutMs, retries } = options;
		this.api = new N8nApi({ url: this.settings.url, apiKey: this.settings.apiKey, timeoutMs, retries });
	}

	/**
	 * Posts `data` to the workflow's webhook and gives its answer.
	 *
	 * A request that failed for a reason that may pass is sent again only when it surely never left, or when the
	 * workflow does it once under the value of its idempotency field (`video_id`), or under `idempotencyKey` where its
	 * entry in the table says that it heeds it.
	 * @param name of the table, e.g. `video_generation`, or a webhook's own path, e.g. `workflow_001`
	 * @throws YtempireError `invalid-request` (reason `webhook-unknown` when nothing answers there, `not-known` when the
	 * workflow knows nothing of what it was asked about; `issues` when it found fault with fields), `auth` (reason
	 * `webhook-key` when it is the caller's), `rate-limited`, `unavailable`, `cancelled`, or what the workflow names
	 */
	async triggerWorkflow<Body = unknown>(
		name: WorkflowName | (string & {}),
		data: Record<string, unknown> | readonly unknown[] = {},
		{ idempotencyKey, signal, timeoutMs }: TriggerOptions = {},
	): Promise<TriggerResult<Body>> {
		const entry = this.entryOf(name);
		if (idempotencyKey !== undefined && !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
			throw invalidRequest('An idempotency key is 1 to 255 visible characters', {
				cure: 'Use an ID of your own without blanks.',
				reason: 'idempotency-key',
				issues: [{ field: 'idempotencyKey', reason: '1 to 255 visible characters' }],
			});
		}
		const { body, isKeyed } = keyed(entry, data, idempotencyKey);
		const url = `${this.settings.webhookUrl}/${entry.path.split('/').map(encodeURIComponent).join('/')}`;
		const post = async () =>
			await httpRequest({
				method: 'POST',
				url,
				headers: {
					...this.settings.webhookHeaders,
					...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
				},
				body,
				signal,
				timeoutMs: timeoutMs ?? this.options.timeoutMs ?? entry.timeoutMs ?? TIMEOUT_MS,
				provider: PROVIDER,
				acceptStatus: (status) => (status >= 200 && status < 300) || status === 400,
				readVerdict: readWebhookAnswer,
			});
		try {
			const answer = await sendSafely(post, { ...this.options.retries, repeatable: isKeyed, signal });
			if (answer.status === 400) throw rejected(answer);
			return { workflow: name, httpStatus: answer.status, executionId: executionIdOf(answer.body), body: answer.body as Body };
		} catch (error) {
			throw asN8nError(error, this.settings.secrets);
		}
	}

	/**
	 * How an execution stands; needs `apiKey`.
	 * @throws YtempireError `invalid-request` (no such execution, no key), `auth`, `unavailable`, `cancelled`
	 */
	async getExecutionStatus(executionId: string | number, options: CallOptions = {}): Promise<ExecutionStatus> {
		return await executionStatus(this.api, String(executionId), options);
	}

	/**
	 * Has a video made, or asks how it stands: the same `videoId` again makes no second video, and lets a failed one go
	 * on from its finished stages. So it is safe to repeat, and is repeated when the answer was lost.
	 * @throws as `triggerWorkflow`
	 */
	async setupVideoGenerationWorkflow(video: VideoOrder, options: CallOptions = {}): Promise<VideoStatus> {
		const { body } = await this.triggerWorkflow('video_generation', orderBody(video), options);
		return read(videoStatusSchema, body);
	}

	private entryOf(name: string): WorkflowEntry {
		const own = Object.hasOwn(this.workflows, name) ? this.workflows[name] : undefined;
		const entry = own ?? Object.values(this.workflows).find(({ path }) => path === name);
		if (entry) return entry;
		throw invalidRequest('There is no workflow of that name in the client’s table', {
			cure: `Use one of ${Object.keys(this.workflows).join(', ')}, or add yours to the option workflows.`,
			reason: 'workflow-unknown',
			issues: [{ field: 'name', reason: 'not in the table of workflows' }],
		});
	}
}

/** The body with its key in place, and whether there is one. */
function keyed(
	{ idempotencyField: field, heedsIdempotencyKey: heeds }: WorkflowEntry,
	data: Record<string, unknown> | readonly unknown[],
	key: string | undefined,
): { body: unknown; isKeyed: boolean } {
	const isHeeded = key !== undefined && heeds === true;
	if (field === undefined) return { body: data, isKeyed: isHeeded };
	const list: unknown = 'videos' in data ? data.videos : data;
	if (Array.isArray(list)) return { body: data, isKeyed: isHeeded || list.length > 0 && list.every((one) => isFilled(one, field)) };
	const body = key === undefined || isFilled(data, field) ? data : { ...data, [field]: key };
	return { body, isKeyed: isHeeded || isFilled(body, field) };
}

function isFilled(data: unknown, field: string): boolean {
	if (typeof data !== 'object' || data === null) return false;
	const value = (data as Record<string, unknown>)[field];
	return typeof value === 'string' && value !== '';
}

function executionIdOf(body: unknown): string | undefined {
	if (typeof body !== 'object' || body === null || !('execution_id' in body)) return undefined;
	const { execution_id: id } = body;
	return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

function rejected({ body }: HttpResponse<unknown>): YtempireError {
	const issues = issuesOf(body);
	const fields = issues.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
	return invalidRequest(`The workflow rejected the request${fields ? `: ${excerpt(fields)}` : ''}`, {
		cure: 'Correct the named fields and send it again.',
		provider: PROVIDER,
		reason: 'fields',
		httpStatus: 400,
		issues,
	});
}

