/** A library's allowance of requests in a window of time, told in the headers of each answer. */
import type { Handler, Reply, ServiceContext } from '../service';

export interface Allowance {
	requests: number;
	windowMs: number;
	/** What is answered beyond it. */
	refusal(left: Left): Reply;
	headers(left: Left): Record<string, string>;
}

export interface Left {
	limit: number;
	remaining: number;
	/** Milliseconds since 1970. */
	endsAt: number;
	/** Milliseconds until then. */
	endsInMs: number;
}

interface Window {
	endsAt: number;
	used: number;
}

export const HOUR_MS = 3_600_000;

/** Wraps handlers so that they share one allowance. */
export function rateLimited(context: ServiceContext, allowance: Allowance): (handler: Handler) => Handler {
	const { requests: limit, windowMs } = allowance;
	const windows = context.table<Window>('allowance');
	const current = (now: number): Window => {
		const open = windows.get('window');
		if (open && now < open.endsAt) return open;
		const fresh = { endsAt: now + windowMs, used: 0 };
		windows.set('window', fresh);
		return fresh;
	};
	return (handler) => async (request) => {
		const now = context.clock.now();
		const window = current(now);
		const left = (): Left => ({
			limit,
			remaining: limit - window.used,
			endsAt: window.endsAt,
			endsInMs: window.endsAt - now,
		});
		if (window.used >= limit) return allowance.refusal(left());
		window.used += 1;
		const reply = (await handler(request)) as Reply;
		return { ...reply, headers: { ...reply.headers, ...allowance.headers(left()) } };
	};
}
