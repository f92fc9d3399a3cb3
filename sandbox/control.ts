/** The control API: what was asked, what is kept, what goes wrong, what time it is. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import type { SandboxClock } from './clock';
import { send } from './exchange';
import { FaultError, type Faults, type FaultSetting } from './faults';
import { KEYS } from './keys';
import type { Recorder } from './recorder';
import { SandboxRequest } from './request';
import { RouteTable } from './router';
import { RefusedRequest, type Reply, type Router } from './service';

export interface Controlled {
	recorder: Recorder;
	faults: Faults;
	clock: SandboxClock;
	urls(): Record<string, string>;
	/** Undefined for an unknown service. */
	state(service: string): unknown;
	reset(): Promise<void>;
}

async function readObject(request: SandboxRequest): Promise<Record<string, unknown>> {
	const body = await request.json();
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		throw new RefusedRequest(400, 'invalid', 'The body must be a JSON object');
	}
	return body as Record<string, unknown>;
}

function orRefuse<T>(act: () => T): T {
	try {
		return act();
	} catch (error) {
		if (error instanceof FaultError) throw new RefusedRequest(400, 'invalid', error.message);
		throw error;
	}
}

export function controlListener(sandbox: Controlled): RequestListener {
	const routes = new RouteTable();
	mountControl(routes, sandbox);
	return (raw, response) => {
		answer(routes, raw, response)
			.catch(errorReply)
			.then((reply) => reply && send(response, reply))
			.catch(() => response.destroy());
	};
}

async function answer(routes: RouteTable, raw: IncomingMessage, response: ServerResponse): Promise<Reply | void> {
	const url = new URL(raw.url ?? '/', 'http://sandbox');
	const method = raw.method ?? 'GET';
	const found = routes.find(method, url.pathname);
	if (!found) throw new RefusedRequest(404, 'unknown', 'Unknown path');
	return found.handler(new SandboxRequest(raw, response, method, url.pathname, url.searchParams, found.params, raw));
}

function errorReply(error: unknown): Reply {
	return {
		status: error instanceof RefusedRequest ? error.status : 500,
		body: { error: error instanceof Error ? error.message : String(error) },
	};
}

function mountControl(router: Router, sandbox: Controlled): void {
	const { recorder, faults, clock } = sandbox;

	router.on('GET', '/requests', ({ query }) => ({
		status: 200,
		body: recorder.list({
			service: query.get('service') ?? undefined,
			method: query.get('method') ?? undefined,
			path: query.get('path') ?? undefined,
		}),
	}));
	router.on('DELETE', '/requests', () => {
		recorder.clear();
		return { status: 204 };
	});

	router.on('GET', '/faults', () => ({
		status: 200,
		body: { faults: faults.list(), latency: faults.latency() },
	}));
	router.on('POST', '/faults', async (request) => {
		const setting = (await readObject(request)) as unknown as FaultSetting;
		return { status: 201, body: orRefuse(() => faults.add(setting)) };
	});
	router.on('DELETE', '/faults', () => {
		faults.clear();
		return { status: 204 };
	});
	router.on('POST', '/latency', async (request) => {
		const { service, ms } = await readObject(request);
		orRefuse(() => faults.setLatency(typeof service === 'string' ? service : '*', Number(ms)));
		return { status: 200, body: faults.latency() };
	});

	router.on('GET', '/state', () => ({ status: 200, body: { services: sandbox.urls(), keys: KEYS } }));
	router.on('GET', '/state/:service', ({ params }) => {
		const state = sandbox.state(params.service ?? '');
		if (state === undefined) throw new RefusedRequest(404, 'unknown', 'There is no such service');
		return { status: 200, body: state };
	});

	router.on('POST', '/clock', async (request) => {
		const { now, advanceMs } = await readObject(request);
		if (typeof now === 'string' && !Number.isNaN(Date.parse(now))) clock.set(Date.parse(now));
		else if (typeof advanceMs === 'number') clock.advance(advanceMs);
		else throw new RefusedRequest(400, 'invalid', 'Give now (ISO 8601) or advanceMs (a number)');
		return { status: 200, body: { now: new Date(clock.now()).toISOString() } };
	});
	router.on('POST', '/reset', async () => {
		await sandbox.reset();
		return { status: 204 };
	});
}
