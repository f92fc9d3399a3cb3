/** Pexels' hourly allowance, told in the headers of each answer. */
import type { Handler, Reply, Service, ServiceContext } from '../service';

/** Requests an hour: Pexels' default for a new key. */
export const HOURLY_LIMIT = 200;

const HOUR_MS = 3_600_000;

interface Window {
	/** Milliseconds since 1970. */
	endsAt: number;
	used: number;
}

/** Wraps handlers so that they share one allowance; beyond it the answer is 429, without the headers, as Pexels does. */
export function rateLimited(
	context: ServiceContext,
	errorBody: Service['errorBody'],
): (handler: Handler) => Handler {
	const windows = context.table<Window>('allowance');
	const current = (): Window => {
		const now = context.clock.now();
		const open = windows.get('hour');
		if (open && now < open.endsAt) return open;
		const fresh = { endsAt: now + HOUR_MS, used: 0 };
		windows.set('hour', fresh);
		return fresh;
	};
	return (handler) => async (request) => {
		const window = current();
		if (window.used >= HOURLY_LIMIT) return { status: 429, body: errorBody(429) };
		window.used += 1;
		const reply = (await handler(request)) as Reply;
		return {
			...reply,
			headers: {
				...reply.headers,
				'x-ratelimit-limit': String(HOURLY_LIMIT),
				'x-ratelimit-remaining': String(HOURLY_LIMIT - window.used),
				'x-ratelimit-reset': String(Math.ceil(window.endsAt / 1000)),
			},
		};
	};
}
