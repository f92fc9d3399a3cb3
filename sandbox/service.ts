/** What a service of the sandbox is: the stand-in of one provider, on its own port. */
import type { Readable } from 'node:stream';

import type { SandboxClock } from './clock';
import type { Random } from './random';
import type { SandboxRequest } from './request';
import type { ServiceName } from './services';

export type { SandboxRequest } from './request';
export type { Fault } from './faults';

export interface Reply {
	status: number;
	headers?: Record<string, string>;
	/** JSON value, bytes, or a stream; absent for an empty body. */
	body?: unknown;
}

/** A handler that has written to `request.response` itself returns nothing. */
export type Handler = (request: SandboxRequest) => Promise<Reply | void> | Reply | void;

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

export interface RouteOptions {
	/** Answered without a key: pages for people, token endpoints that check for themselves. */
	open?: boolean;
}

/** Paths in find-my-way's words: `/v1/voices/:id`, `/file/*`, `/:name(^\\d+)`. */
export interface Router {
	on(method: Method | Method[], path: string, handler: Handler, options?: RouteOptions): void;
}

export interface ServiceContext {
	seed: number;
	/** The service's own folder; it exists. */
	dataDir: string;
	clock: SandboxClock;
	/** The same seed, service and key give the same numbers. */
	random(key: string): Random;
	/** A table of state: emptied by reset, shown at `/state/<service>`. The same name is the same table. */
	table<T>(name: string): Map<string, T>;
	/** Requests to this service whose path begins so and that have no answer yet, the asking one included. */
	underWay(pathPrefix: string): number;
	/** e.g. `http://127.0.0.1:40123`, no slash at its end; known once all services listen. */
	baseUrl(service: ServiceName): string;
}

export interface Service {
	name: ServiceName;
	mount(router: Router, context: ServiceContext): void;
	/** The provider's own answer to a wrong or missing key; undefined when the key (`keys.ts`) is right. */
	authenticate(request: SandboxRequest, context: ServiceContext): Reply | undefined;
	/** The provider's own error shape; `reason` is the provider's word for the cause. */
	errorBody(status: number, reason?: string, message?: string): unknown;
	/** Headers of every answer, also of an error: request ids, limits. */
	headers?(context: ServiceContext): Record<string, string>;
	/** What `/state/<service>` shows; all tables when absent. */
	state?(context: ServiceContext): unknown;
	/** After the tables are emptied. */
	reset?(context: ServiceContext): void | Promise<void>;
}

/** A body that streams. */
export function isReadable(body: unknown): body is Readable {
	return typeof body === 'object' && body !== null && 'pipe' in body && typeof body.pipe === 'function';
}

/** Thrown by a handler: answered with the provider's error shape. */
export class RefusedRequest extends Error {
	constructor(
		readonly status: number,
		readonly reason: string,
		message: string,
		readonly headers: Record<string, string> = {},
		/** In place of what `errorBody` makes. */
		readonly body?: unknown,
	) {
		super(message);
	}
}
