/** Routes of one service: find-my-way behind the sandbox's own handlers. */
import findMyWay from 'find-my-way';

import type { Handler, Method, RouteOptions, Router } from './service';

export interface Route {
	handler: Handler;
	options: RouteOptions;
	params: Record<string, string>;
}

interface RouteEntry {
	handler: Handler;
	options: RouteOptions;
}

export class RouteTable implements Router {
	private readonly table = findMyWay({ ignoreTrailingSlash: true, maxParamLength: 1000 });

	on(method: Method | Method[], path: string, handler: Handler, options: RouteOptions = {}): void {
		const entry: RouteEntry = { handler, options };
		this.table.on(method, path, () => undefined, entry);
	}

	find(method: string, path: string): Route | undefined {
		const found = this.table.find(method as Method, path);
		if (!found) return undefined;
		const { handler, options } = found.store as RouteEntry;
		const params = Object.fromEntries(
			Object.entries(found.params).map(([name, value]) => [name, value ?? '']),
		);
		return { handler, options, params };
	}
}
