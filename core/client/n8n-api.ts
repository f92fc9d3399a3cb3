/** Reads from n8n's public API (`/api/v1`) with an API key. Reading does no harm twice, so it is tried again. */
import { httpRequest } from '../http';
import { invalidRequest, YtempireError } from '../errors';

import { PROVIDER, readApiAnswer, asN8nError } from './n8n-errors';
import { sendSafely } from './send';
import type { CallOptions, RetryPolicy } from './types';

export interface N8nApiOptions {
	/** Of n8n, without a slash at its end. */
	url: string;
	apiKey: string | undefined;
	timeoutMs?: number;
	retries?: RetryPolicy;
}

const TIMEOUT_MS = 30_000;

export class N8nApi {
	constructor(private readonly options: N8nApiOptions) {}

	/**
	 * @param path after `/api/v1`, e.g. `/workflows`
	 * @param check reads the answer, or throws
	 * @throws YtempireError `auth` when the key isn't accepted or lacks the scope, `invalid-request` when what is asked for isn't there
	 */
	async get<T>(
		path: string,
		check: { parse(body: unknown): T },
		{ query, signal, timeoutMs }: CallOptions & { query?: Record<string, string | number | undefined> } = {},
	): Promise<T> {
		const { url, apiKey, retries } = this.options;
		if (apiKey === undefined) {
			throw invalidRequest('Asking n8n itself needs an API key', {
				cure: 'Make one in n8n (Settings, n8n API) and hand it over as apiKey.',
				provider: PROVIDER,
				reason: 'api-key-missing',
			});
		}
		const ask = async () =>
			await httpRequest({
				method: 'GET',
				url: `${url}/api/v1${path}`,
				headers: { 'X-N8N-API-KEY': apiKey },
				query,
				signal,
				timeoutMs: timeoutMs ?? this.options.timeoutMs ?? TIMEOUT_MS,
				provider: PROVIDER,
				readVerdict: readApiAnswer,
			});
		try {
			const { body } = await sendSafely(ask, { ...retries, repeatable: true, signal });
			return read(check, body);
		} catch (error) {
			throw asN8nError(error, [apiKey]);
		}
	}
}

/** @throws YtempireError `unavailable`, reason `malformed-answer`: something else than n8n answers there */
export function read<T>(check: { parse(body: unknown): T }, body: unknown): T {
	try {
		return check.parse(body);
	} catch {
		throw new YtempireError('unavailable', 'n8n answered with something that was not expected', {
			cure: 'Check that the address is that of n8n 2.20 or newer, with the workflows of this package.',
			provider: PROVIDER,
			reason: 'malformed-answer',
		});
	}
}
