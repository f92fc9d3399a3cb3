/** One request through the frame: recorded, delayed, hit by its fault, checked for its key, answered. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished, pipeline } from 'node:stream';
import { finished as ended, pipeline as flow } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { BodyTap } from './body';
import type { Fault, Faults } from './faults';
import type { RecordedRequest, Recorder } from './recorder';
import { SandboxRequest } from './request';
import { isReadable, RefusedRequest, type Reply, type Service, type ServiceContext } from './service';
import type { RouteTable } from './router';

export interface Exchange {
	service: Service;
	context: ServiceContext;
	routes: RouteTable;
	recorder: Recorder;
	faults: Faults;
	/** Requests without an answer yet. */
	underWay: Set<RecordedRequest>;
}

export async function handle(exchange: Exchange, raw: IncomingMessage, response: ServerResponse): Promise<void> {
	const { service, faults } = exchange;
	const startedAt = performance.now();
	const url = new URL(raw.url ?? '/', 'http://sandbox');
	const method = raw.method ?? 'GET';
	const record = exchange.recorder.open({
		service: service.name,
		method,
		path: url.pathname,
		query: url.searchParams,
		headers: raw.headers,
		at: Date.now(),
	});
	const hit = faults.take({
		service: service.name,
		method,
		path: url.pathname,
		url: url.pathname + url.search,
	});
	if (hit.fault) record.fault = hit.fault.kind;
	for (const [name, value] of Object.entries(service.headers?.(exchange.context) ?? {})) {
		response.setHeader(name, value);
	}

	const tap = new BodyTap(raw, hit.fault?.kind === 'drop-after-bytes' ? hit.fault.bytes : undefined);
	pipeline(raw, tap, () => {
		record.body = tap.recorded();
	});
	exchange.underWay.add(record);
	finished(response, () => {
		exchange.underWay.delete(record);
		record.ms = Math.round(performance.now() - startedAt);
		record.status = response.headersSent && response.writableFinished ? response.statusCode : null;
	});

	try {
		if (hit.delayMs > 0) await delay(hit.delayMs);
		if (hit.fault?.kind === 'drop') {
			raw.socket.destroy();
			return;
		}
		if (hit.fault?.kind === 'status') {
			await answerFault(service, hit.fault, tap, response);
			return;
		}
		const found = exchange.routes.find(method, url.pathname);
		const request = new SandboxRequest(
			raw, response, method, url.pathname, url.searchParams, found?.params ?? {}, tap, hit.fault,
		);
		const reply = await answer(exchange, request, found);
		if (hit.fault?.kind === 'drop-answer') {
			raw.socket.destroy();
			return;
		}
		if (reply) await send(response, reply, hit.fault);
	} catch (error) {
		await answerError(service, error, response, record);
	} finally {
		tap.resume();
	}
}

async function answer(
	{ service, context }: Exchange,
	request: SandboxRequest,
	found: ReturnType<RouteTable['find']>,
): Promise<Reply | void> {
	if (!found?.options.open) {
		const refusal = service.authenticate(request, context);
		if (refusal) return refusal;
	}
	if (!found) {
		return {
			status: 404,
			body: service.errorBody(404, undefined, `Unknown path: ${request.method} ${request.path}`),
		};
	}
	return found.handler(request);
}

/** The body is read to its end first, as a front end does that forwards whole requests. */
async function answerFault(service: Service, fault: Fault, tap: BodyTap, response: ServerResponse): Promise<void> {
	await ended(tap.resume());
	const status = fault.status ?? 500;
	await send(response, {
		status,
		headers: fault.headers,
		body: fault.body ?? service.errorBody(status, fault.reason),
	});
}

async function answerError(
	service: Service,
	error: unknown,
	response: ServerResponse,
	record: RecordedRequest,
): Promise<void> {
	if (response.headersSent || response.destroyed || response.socket?.destroyed) return void response.destroy();
	if (error instanceof RefusedRequest) {
		const { status, reason, message, headers, body = service.errorBody(status, reason, message) } = error;
		return send(response, { status, headers, body });
	}
	record.error = error instanceof Error ? (error.stack ?? error.message) : String(error);
	return send(response, { status: 500, body: service.errorBody(500) });
}

/** Sends a reply; a `malformed` fault cuts its JSON in the middle. */
export async function send(response: ServerResponse, reply: Reply, fault?: Fault): Promise<void> {
	const { status, body, headers = {} } = reply;
	if (isReadable(body)) {
		response.writeHead(status, headers);
		return flow(body, response);
	}
	let bytes: Buffer;
	if (body === undefined) bytes = Buffer.alloc(0);
	else if (Buffer.isBuffer(body)) bytes = body;
	else {
		const json = JSON.stringify(body);
		bytes = Buffer.from(fault?.kind === 'malformed' ? json.slice(0, Math.ceil(json.length / 2)) : json);
		if (!hasHeader(headers, 'content-type')) response.setHeader('content-type', 'application/json');
	}
	if (!hasHeader(headers, 'content-length')) response.setHeader('content-length', String(bytes.length));
	response.writeHead(status, headers);
	await new Promise<void>((done) => {
		response.end(bytes, done);
	});
}

function hasHeader(headers: Record<string, string>, name: string): boolean {
	return Object.keys(headers).some((key) => key.toLowerCase() === name);
}
