/** What was asked of the sandbox, request by request, with secrets made unreadable. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Older requests are forgotten, so that long runs stay small. */
const MAX_RECORDS = 10_000;

const SECRET_HEADERS = new Set(['authorization', 'xi-api-key', 'x-api-key', 'cookie', 'x-goog-api-key']);

const SECRET_FIELDS = /^(key|api_key|client_secret|refresh_token|access_token|code|code_verifier|token)$/;

/** A body that is not JSON or is too long to keep: enough to compare it. */
export interface BodyDigest {
	bytes: number;
	/** Hex; of the first 256 KiB. */
	sha256: string;
}

export interface RecordedRequest {
	id: number;
	service: string;
	method: string;
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	/** Parsed JSON, fields of a form (secret ones redacted), or a digest; absent without a body. */
	body?: unknown;
	/** Null when the connection was dropped before an answer, or while it is under way. */
	status: number | null;
	/** ISO 8601. */
	startedAt: string;
	/** From arrival to the last byte of the answer; null while under way. */
	ms: number | null;
	/** Kind of the fault that was applied. */
	fault?: string;
	/** Set when the sandbox itself failed: a defect of the sandbox. */
	error?: string;
}

export interface RecordFilter {
	service?: string;
	method?: string;
	/** Prefix of the path. */
	path?: string;
}

/** The same secret has the same mark; the secret can't be read from it. */
export function redact(secret: string): string {
	return `redacted:${createHash('sha256').update(secret).digest('hex').slice(0, 16)}`;
}

export function redactFields(fields: Iterable<[string, string]>): Record<string, string> {
	return Object.fromEntries(
		[...fields].map(([name, value]) => [name, SECRET_FIELDS.test(name) ? redact(value) : value]),
	);
}

function redactHeaders(headers: IncomingHttpHeaders): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => {
			const text = Array.isArray(value) ? value.join(', ') : (value ?? '');
			return [name, SECRET_HEADERS.has(name) ? redact(text) : text];
		}),
	);
}

export class Recorder {
	private records: RecordedRequest[] = [];

	private lastId = 0;

	/** Opens a record; the frame completes it as the exchange goes on. */
	open(
		arrival: Pick<RecordedRequest, 'service' | 'method' | 'path'> & {
			query: URLSearchParams;
			headers: IncomingHttpHeaders;
			at: number;
		},
	): RecordedRequest {
		this.lastId += 1;
		const record: RecordedRequest = {
			id: this.lastId,
			service: arrival.service,
			method: arrival.method,
			path: arrival.path,
			query: redactFields(arrival.query),
			headers: redactHeaders(arrival.headers),
			status: null,
			startedAt: new Date(arrival.at).toISOString(),
			ms: null,
		};
		this.records.push(record);
		if (this.records.length > MAX_RECORDS) this.records.shift();
		return record;
	}

	/** In order of arrival. */
	list(filter: RecordFilter = {}): RecordedRequest[] {
		return this.records.filter(
			(record) =>
				(filter.service === undefined || record.service === filter.service) &&
				(filter.method === undefined || record.method === filter.method.toUpperCase()) &&
				(filter.path === undefined || record.path.startsWith(filter.path)),
		);
	}

	clear(): void {
		this.records = [];
	}
}
