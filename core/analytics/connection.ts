/** Where a Mixpanel project is, who asks, and how its errors read. */
import { gzip as gzipWithCallback } from 'node:zlib';
import { promisify } from 'node:util';

import { YtempireError } from '../errors';
import { httpRequest, type HttpRequest, type HttpResponse } from '../http';
import type { HttpFailure, ProviderVerdict } from '../http-errors';
import type { RetryOptions } from '../retry';

export const PROVIDER = 'mixpanel';

/** What is sent to another region than the project's is not in it (docs.mixpanel.com, Ingestion API, 2026-08-21). */
export const MIXPANEL_HOSTS = {
	us: 'https://api.mixpanel.com',
	eu: 'https://api-eu.mixpanel.com',
	in: 'https://api-in.mixpanel.com',
} as const;

export type MixpanelRegion = keyof typeof MIXPANEL_HOSTS;

export interface MixpanelConnection {
	projectId: string;
	username: string;
	secret: string;
	/** Needed for profiles only. */
	projectToken?: string;
	/** Default `us`. */
	region?: MixpanelRegion;
	/** In place of the region's, e.g. a proxy. */
	baseUrl?: string;
}

/** Without a slash at its end. */
export function mixpanelAddress({ region = 'us', baseUrl }: Pick<MixpanelConnection, 'region' | 'baseUrl'>): string {
	return (baseUrl || MIXPANEL_HOSTS[region]).replace(/\/+$/, '');
}

/** Mixpanel asks for waits from 2 s to 60 s on 429, 502 and 503 (docs.mixpanel.com, Import Events, 2026-08-21). */
export const PATIENCE: RetryOptions = { attempts: 5, baseMs: 2_000, maxMs: 60_000 };

const gzip = promisify(gzipWithCallback);

export async function post(
	connection: MixpanelConnection,
	path: string,
	query: HttpRequest['query'],
	/** JSON. */
	body: string,
	more: Pick<HttpRequest, 'acceptStatus' | 'headers' | 'signal'>,
): Promise<HttpResponse<unknown>> {
	const answer = await httpRequest({
		provider: PROVIDER,
		responseType: 'text',
		method: 'POST',
		url: `${mixpanelAddress(connection)}${path}`,
		query,
		body: await gzip(body),
		readVerdict,
		...more,
		headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip', ...more.headers },
	});
	return { ...answer, body: jsonOf(answer) };
}

/** A refusal may come from between, in other words than Mixpanel's: it stays one. */
function jsonOf({ status, body }: HttpResponse<string>): unknown {
	try {
		return body === '' ? undefined : (JSON.parse(body) as unknown);
	} catch {
		if (status >= 400) return body;
		throw new YtempireError('unavailable', 'mixpanel answered with something that is not JSON', {
			cure: 'Run it again; if it lasts, check the base URL in the credential.',
			provider: PROVIDER,
			reason: 'malformed-answer',
		});
	}
}

function readVerdict({ status, body }: HttpFailure): ProviderVerdict {
	return {
		message: messageOf(body),
		...(status === 401 || status === 403
			? { cure: 'Check the service account, the project ID, the project token and the region in the Mixpanel credential.' }
			: {}),
	};
}

export function messageOf(body: unknown): string {
	const error = (body as { error?: unknown } | undefined)?.error;
	return typeof error === 'string' ? error.slice(0, 200) : 'no reason given';
}
