/** A stand-in for n8n over real HTTP: its health, its public API and its webhooks, with faults that a test plants. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { onTestFinished } from 'vitest';

export interface FakeRequest {
	method: string;
	path: string;
	headers: IncomingMessage['headers'];
	body: any;
}

export type WebhookFault =
	/** The connection breaks before the request is read. */
	| { kind: 'drop' }
	/** The workflow does its work, and the connection breaks before the answer. */
	| { kind: 'drop-answer' }
	| { kind: 'status'; status: number; body?: unknown; headers?: Record<string, string> }
	| { kind: 'html' }
	| { kind: 'slow'; ms: number };

export interface FakeN8nSettings {
	/** Empty: the editor is switched off, and tells none. */
	version: string;
	apiKey: string;
	webhookKey: { name: string; value: string };
	/** Types that n8n knows. */
	credentialTypes: string[];
	packages: Array<{ packageName: string; installedVersion: string }>;
	workflows: Array<Record<string, unknown>>;
	credentials: Array<{ id: string; name: string; type: string }>;
	executions: Record<string, unknown>;
	/** Consumed by webhook requests, one each. */
	faults: WebhookFault[];
	/** Answers of a webhook, by path. */
	webhook(path: string, body: any): { status: number; body: unknown };
}

export interface FakeN8n extends FakeN8nSettings {
	url: string;
	/** All that has come in, in order. */
	requests: FakeRequest[];
	/** Bodies that a webhook has worked on. */
	worked: unknown[];
	close(): Promise<void>;
}

export async function fakeN8n(settings: Partial<FakeN8nSettings> = {}): Promise<FakeN8n> {
	const server = createServer((request, response) => {
		void answer(fake, request, response).catch(() => response.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const close = async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
	const fake: FakeN8n = {
		version: '2.41.1',
		apiKey: 'fake-api-key-123456',
		webhookKey: { name: 'x-ytempire-key', value: 'fake-webhook-key-123456' },
		credentialTypes: [],
		packages: [],
		workflows: [],
		credentials: [],
		executions: {},
		faults: [],
		webhook: () => ({ status: 200, body: { success: true, execution_id: '7' } }),
		...settings,
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests: [],
		worked: [],
		close,
	};
	onTestFinished(close);
	return fake;
}

async function answer(fake: FakeN8n, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const { pathname: path, searchParams } = new URL(request.url ?? '/', fake.url);
	const entry: FakeRequest = { method: request.method ?? '', path, headers: request.headers, body: undefined };
	fake.requests.push(entry);
	const webhook = /^\/webhook\/(.+)$/.exec(path)?.[1];
	const fault = webhook === undefined ? undefined : fake.faults.shift();
	if (fault?.kind === 'drop') {
		request.socket.destroy();
		return;
	}
	const raw = await text(request);
	entry.body = raw === '' ? undefined : JSON.parse(raw);
	if (webhook !== undefined) {
		await answerWebhook(fake, webhook, entry, fault, response);
		return;
	}
	if (path.startsWith('/api/v1/') && request.headers['x-n8n-api-key'] !== fake.apiKey) {
		send(response, 401, { message: 'unauthorized' });
		return;
	}
	const [status, body] = read(fake, path, searchParams);
	send(response, status, body);
}

async function answerWebhook(
	fake: FakeN8n,
	path: string,
	{ method, headers, body }: FakeRequest,
	fault: WebhookFault | undefined,
	response: ServerResponse,
): Promise<void> {
	if (fault?.kind === 'status') {
		send(response, fault.status, fault.body ?? { message: 'planted' }, fault.headers);
		return;
	}
	if (fault?.kind === 'html') {
		send(response, 502, '<html>Bad gateway</html>');
		return;
	}
	if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
	const isThere = fake.workflows.length === 0 || fake.workflows.some(({ active, id }) => active === true && id === path);
	if (method !== 'POST' || !isThere) {
		send(response, 404, { code: 404, message: 'The requested webhook is not registered.' });
		return;
	}
	const { name, value } = fake.webhookKey;
	if (headers[name.toLowerCase()] !== value) {
		send(response, 403, { code: 0, message: 'Authorization data is wrong!' });
		return;
	}
	fake.worked.push(body);
	if (fault?.kind === 'drop-answer') {
		response.destroy();
		return;
	}
	const given = fake.webhook(path, body);
	send(response, given.status, given.body);
}

/** @returns status and body */
function read(fake: FakeN8n, path: string, query: URLSearchParams): [number, unknown] {
	if (path === '/healthz' || path === '/healthz/readiness') return [200, { status: 'ok' }];
	if (path === '/' && fake.version) {
		const tag = Buffer.from(JSON.stringify({ dsn: '', release: `n8n@${fake.version}` })).toString('base64');
		return [200, `<html><head><meta name="n8n:config:sentry" content="${tag}"></head></html>`];
	}
	const schema = /^\/api\/v1\/credentials\/schema\/(\w+)$/.exec(path)?.[1];
	if (schema !== undefined) return fake.credentialTypes.includes(schema) ? [200, { type: 'object', properties: {} }] : [404, { message: 'not found' }];
	const execution = /^\/api\/v1\/executions\/(\d+)$/.exec(path)?.[1];
	if (execution !== undefined) return execution in fake.executions ? [200, fake.executions[execution]] : [404, { message: 'Not Found' }];
	if (path === '/api/v1/community-packages') return [200, fake.packages];
	if (path === '/api/v1/workflows') return [200, page(fake.workflows, query)];
	if (path === '/api/v1/credentials') return [200, page(fake.credentials, query)];
	return [404, { message: 'not found' }];
}

/** Two at a time, so that whoever reads them all has to follow the cursor. */
function page(all: unknown[], query: URLSearchParams): { data: unknown[]; nextCursor: string | null } {
	const start = Number(query.get('cursor') ?? 0);
	const next = start + 2;
	return { data: all.slice(start, next), nextCursor: next < all.length ? String(next) : null };
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
	const isText = typeof body === 'string';
	response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
	response.end(isText ? body : JSON.stringify(body));
}
