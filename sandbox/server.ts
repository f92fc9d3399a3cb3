/** The sandbox: one process, one port for each provider on 127.0.0.1, and one to control them. */
import { mkdir } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { SandboxClock } from './clock';
import { controlListener } from './control';
import { handle } from './exchange';
import { Faults } from './faults';
import { Random } from './random';
import { type RecordedRequest, Recorder } from './recorder';
import { RouteTable } from './router';
import type { Service, ServiceContext } from './service';
import { SERVICE_NAMES, SERVICES, type ServiceName } from './services';

export type { ServiceName } from './services';

export interface SandboxOptions {
	/** Equal seeds give equal answers. Default 1. */
	seed?: number;
	/** Files of the services; made when it isn't there. */
	dataDir: string;
	/** Free ports are taken where none is given. */
	ports?: Partial<Record<ServiceName | 'control', number>>;
}

export interface Sandbox {
	services: Record<ServiceName, { url: string; port: number }>;
	controlUrl: string;
	recorder: Recorder;
	faults: Faults;
	clock: SandboxClock;
	/** What the control API shows at `/state/<service>`. */
	state(service: ServiceName): unknown;
	/** Forgets requests, faults, moved time and all state. */
	reset(): Promise<void>;
	close(): Promise<void>;
}

interface Mounted {
	service: Service;
	context: ServiceContext;
	tables: Map<string, Map<string, unknown>>;
	routes: RouteTable;
	underWay: Set<RecordedRequest>;
}

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
	const { seed = 1, dataDir, ports = {} } = options;
	const recorder = new Recorder();
	const faults = new Faults();
	const clock = new SandboxClock();
	const urls = {} as Record<ServiceName, { url: string; port: number }>;
	const mounted = new Map<ServiceName, Mounted>();
	const servers: Server[] = [];

	const close = async () => {
		await Promise.all(servers.map(stop));
	};
	const reset = async () => {
		recorder.clear();
		faults.clear();
		clock.reset();
		for (const { service, context, tables } of mounted.values()) {
			for (const table of tables.values()) table.clear();
			await service.reset?.(context);
		}
	};
	const state = (name: ServiceName) => {
		const found = mounted.get(name);
		return found && stateOf(found);
	};

	try {
		for (const name of SERVICE_NAMES) {
			const base = { seed, dataDir: join(dataDir, name), clock, baseUrl: (other: ServiceName) => urls[other].url };
			await mkdir(base.dataDir, { recursive: true });
			const entry = mount(SERVICES[name], base);
			mounted.set(name, entry);
			const server = await listen(ports[name], (request, response) => {
				handle({ ...entry, recorder, faults }, request, response).catch(() => response.destroy());
			});
			servers.push(server);
			urls[name] = addressOf(server);
		}
		const control = await listen(
			ports.control,
			controlListener({
				recorder,
				faults,
				clock,
				urls: () => Object.fromEntries(SERVICE_NAMES.map((name) => [name, urls[name].url])),
				state: (name) => state(name as ServiceName),
				reset,
			}),
		);
		servers.push(control);
		return { services: urls, controlUrl: addressOf(control).url, recorder, faults, clock, state, reset, close };
	} catch (error) {
		await close();
		throw error;
	}
}

function mount(service: Service, base: Pick<ServiceContext, 'seed' | 'dataDir' | 'clock' | 'baseUrl'>): Mounted {
	const tables: Mounted['tables'] = new Map();
	const underWay: Mounted['underWay'] = new Set();
	const context: ServiceContext = {
		...base,
		random: (key) => new Random(base.seed, `${service.name}:${key}`),
		table: <T>(name: string) => {
			const table = tables.get(name) ?? new Map<string, unknown>();
			tables.set(name, table);
			return table as Map<string, T>;
		},
		underWay: (prefix) => [...underWay].filter(({ path }) => path.startsWith(prefix)).length,
	};
	const routes = new RouteTable();
	service.mount(routes, context);
	return { service, context, tables, routes, underWay };
}

function stateOf({ service, context, tables }: Mounted): unknown {
	if (service.state) return service.state(context);
	return Object.fromEntries([...tables].map(([name, table]) => [name, [...table.values()]]));
}

function listen(port: number | undefined, listener: RequestListener): Promise<Server> {
	return new Promise((resolve, reject) => {
		const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, listener);
		server.once('error', reject);
		server.listen(port ?? 0, '127.0.0.1', () => resolve(server));
	});
}

function addressOf(server: Server): { url: string; port: number } {
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}`, port };
}

function stop(server: Server): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}
