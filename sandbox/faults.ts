/** Faults that a test or a person sets: which requests they hit, how often, and what goes wrong. */

export const FAULT_KINDS = [
	/** Answers with `status`, in the provider's own shape for `reason`, or with `body`. */
	'status',
	/** The connection breaks before the request is read. */
	'drop',
	/** The connection breaks after `bytes` of the request's body; those bytes reach the service. */
	'drop-after-bytes',
	/** The service does its work, but the connection breaks before the answer. */
	'drop-answer',
	/** The service keeps only `bytes` of the body (resumable uploads). */
	'accept-part',
	/** Waits `delayMs` before it goes on as usual; adds to any other fault. */
	'slow',
	/** The JSON of the answer ends in the middle. */
	'malformed',
	/** A language service writes a script `factor` times as long as it was asked for. */
	'wrong-length',
	/** The model of OpenAI or Anthropic would not write it, says so in a good answer, and bills it. */
	'refusal',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultMatch {
	method?: string;
	/** Prefix of the path; or, when it begins with `^`, a regular expression for path and query. */
	path?: string;
}

export interface FaultSetting {
	/** A service's name, or `*`. */
	service: string;
	match?: FaultMatch;
	/** How many requests it hits; 0: all until it is removed. Default 1. */
	times?: number;
	/** Matching requests that pass first. Default 0. */
	after?: number;
	kind: FaultKind;
	status?: number;
	/** The provider's own word for the cause, e.g. `quotaExceeded`. */
	reason?: string;
	/** In place of the provider's shape. */
	body?: unknown;
	headers?: Record<string, string>;
	bytes?: number;
	delayMs?: number;
	factor?: number;
}

export interface Fault extends FaultSetting {
	id: number;
	/** Matching requests so far, with those that passed. */
	seen: number;
	/** Requests hit so far. */
	hits: number;
}

export interface FaultHit {
	delayMs: number;
	fault?: Fault;
}

export class FaultError extends Error {}

function check(setting: FaultSetting): void {
	const { kind, match, status = NaN, bytes = NaN, delayMs = NaN, factor = NaN, times = 1, after = 0 } = setting;
	if (!FAULT_KINDS.includes(kind)) throw new FaultError(`kind must be one of ${FAULT_KINDS.join(', ')}`);
	if (typeof setting.service !== 'string') throw new FaultError('service must be a name or *');
	if (![times, after].every((count) => Number.isInteger(count) && count >= 0)) {
		throw new FaultError('times and after must be whole numbers from 0');
	}
	if (kind === 'status' && !(Number.isInteger(status) && status >= 200 && status <= 599)) {
		throw new FaultError('status must be from 200 to 599');
	}
	if ((kind === 'drop-after-bytes' || kind === 'accept-part') && !(Number.isInteger(bytes) && bytes >= 0)) {
		throw new FaultError('bytes must be a whole number from 0');
	}
	if (kind === 'slow' && !(Number.isFinite(delayMs) && delayMs >= 0)) {
		throw new FaultError('delayMs must be a number from 0');
	}
	if (kind === 'wrong-length' && !(factor > 0 && factor <= 10)) {
		throw new FaultError('factor must be over 0 and at most 10');
	}
	if (match?.path?.startsWith('^')) {
		try {
			new RegExp(match.path);
		} catch (error) {
			throw new FaultError(`match.path: ${(error as Error).message}`);
		}
	}
}

function matches(fault: Fault, request: { service: string; method: string; path: string; url: string }): boolean {
	if (fault.service !== '*' && fault.service !== request.service) return false;
	const { method, path } = fault.match ?? {};
	if (method !== undefined && method.toUpperCase() !== request.method) return false;
	if (path === undefined) return true;
	return path.startsWith('^') ? new RegExp(path).test(request.url) : request.path.startsWith(path);
}

export class Faults {
	private faults: Fault[] = [];

	private latencies = new Map<string, number>();

	private lastId = 0;

	/** @throws FaultError when the setting can't work */
	add(setting: FaultSetting): Fault {
		check(setting);
		this.lastId += 1;
		const fault: Fault = { ...setting, id: this.lastId, seen: 0, hits: 0 };
		this.faults.push(fault);
		return fault;
	}

	/** With those that have done their work. */
	list(): Fault[] {
		return [...this.faults];
	}

	clear(): void {
		this.faults = [];
		this.latencies.clear();
	}

	/** Milliseconds before every answer of a service, or of all (`*`). */
	setLatency(service: string, ms: number): void {
		if (!(Number.isFinite(ms) && ms >= 0)) throw new FaultError('ms must be a number from 0');
		this.latencies.set(service, ms);
	}

	latency(): Record<string, number> {
		return Object.fromEntries(this.latencies);
	}

	/** What happens to this request; counts it. */
	take(request: { service: string; method: string; path: string; url: string }): FaultHit {
		const hit: FaultHit = {
			delayMs: this.latencies.get(request.service) ?? this.latencies.get('*') ?? 0,
		};
		for (const fault of this.faults) {
			const spent = fault.times !== 0 && fault.hits >= (fault.times ?? 1);
			if (spent || !matches(fault, request)) continue;
			if (fault.kind !== 'slow' && hit.fault) continue;
			fault.seen += 1;
			if (fault.seen <= (fault.after ?? 0)) continue;
			fault.hits += 1;
			if (fault.kind === 'slow') hit.delayMs += fault.delayMs ?? 0;
			else hit.fault = fault;
		}
		return hit;
	}
}
