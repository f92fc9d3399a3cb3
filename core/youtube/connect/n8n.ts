/** Puts the finished credential into a running n8n through its public API. */
import { isYtempireError, YtempireError } from '../../errors';
import { httpRequest } from '../../http';
import { redact } from '../../redact';
import { z } from '../../vendor/zod';

import type { PoolCredential } from './credential-file';

const PROVIDER = 'n8n';

const created = z.object({ id: z.string().min(1).max(64) });

/**
 * Renews the credential's accounts when n8n knows its ID, else creates it.
 * @param url of n8n, e.g. `https://n8n.example.com`
 * @returns the credential's ID in n8n
 * @throws YtempireError with the cure; never with the key or a token
 */
export async function putIntoN8n(url: string, apiKey: string, credential: PoolCredential, signal?: AbortSignal): Promise<string> {
	const root = `${url.replace(/\/+$/, '')}/api/v1/credentials`;
	const headers = { 'X-N8N-API-KEY': apiKey };
	const { id, name, type, data } = credential;
	try {
		const renewed = await httpRequest({
			method: 'PATCH',
			url: `${root}/${encodeURIComponent(id)}`,
			headers,
			// Other fields of the credential, such as its quota rules, stay as they are in n8n
			body: { data, isPartialData: true },
			acceptStatus: (status) => status === 200 || status === 404,
			provider: PROVIDER,
			signal,
		});
		if (renewed.status === 200) return id;
		const { body } = await httpRequest({ method: 'POST', url: root, headers, body: { name, type, data }, provider: PROVIDER, signal });
		return created.parse(body).id;
	} catch (error) {
		const secrets = data.accounts.account.flatMap(({ refreshToken, clientSecret }) => [refreshToken, clientSecret]);
		throw withCure(error, [apiKey, ...secrets]);
	}
}

function withCure(error: unknown, secrets: string[]): YtempireError {
	if (!isYtempireError(error)) {
		return new YtempireError('unavailable', 'n8n answered with something else than a credential', {
			cure: 'Check the address given with --n8n.',
			provider: PROVIDER,
		});
	}
	const cures: Record<number, string> = {
		400: 'Check that the package n8n-nodes-ytempire of this version is installed in that n8n.',
		401: 'Check the API key: n8n, Settings, n8n API.',
		403: 'Give the API key the scopes credential:create and credential:update.',
		404: 'Check the address given with --n8n, and that the public API is not switched off.',
	};
	const cure = cures[error.httpStatus ?? 0] ?? error.cure;
	const message = redact(error.message, secrets);
	return new YtempireError(error.errorClass, message, { cure, provider: PROVIDER, reason: error.reason, httpStatus: error.httpStatus });
}
