/** n8n itself: whether it answers, which version it is, and whether the API key is accepted. */
import type { N8nApi } from '../client/n8n-api';
import { isYtempireError } from '../errors';
import { httpRequest } from '../http';
import { z } from '../vendor/zod';

import { finding, fromError, type Finding } from './finding';

/** Workflows are published, not activated, and name nodes of this version. */
const OLDEST_N8N = [2, 20] as const;

const TIMEOUT_MS = 10_000;

export async function checkReachable(url: string, signal?: AbortSignal): Promise<Finding> {
	try {
		await httpRequest({ method: 'GET', url: `${url}/healthz`, provider: 'n8n', responseType: 'text', timeoutMs: TIMEOUT_MS, signal });
	} catch (error) {
		return fromError('n8n', error, 'fault', `Start n8n, or name its address: --n8n URL or YTEMPIRE_N8N_URL (asked was ${url}).`);
	}
	try {
		await httpRequest({ method: 'GET', url: `${url}/healthz/readiness`, provider: 'n8n', responseType: 'text', timeoutMs: TIMEOUT_MS, signal });
		return finding('n8n', 'ok', `n8n answers at ${url}`);
	} catch (error) {
		return fromError('n8n', error, 'fault', 'n8n runs but is not ready: wait until it has started, and look at its database and its log.');
	}
}

export async function checkVersion(url: string, signal?: AbortSignal): Promise<Finding> {
	const version = (await versionOfEditor(url, signal)) ?? (await versionOfMetrics(url, signal));
	if (version === undefined) {
		return finding('n8n-version', 'unknown', 'n8n does not tell its version: its editor is switched off, and so are its metrics', `Look with "n8n --version" whether it is ${OLDEST_N8N.join('.')} or newer.`);
	}
	const [major = 0, minor = 0] = version.split('.').map(Number);
	const isNew = major > OLDEST_N8N[0] || (major === OLDEST_N8N[0] && minor >= OLDEST_N8N[1]);
	return isNew
		? finding('n8n-version', 'ok', `n8n ${version}`)
		: finding('n8n-version', 'fault', `n8n ${version} is too old: the workflows need ${OLDEST_N8N.join('.')} or newer`, 'Update n8n: https://docs.n8n.io/hosting/installation/updating/');
}

/** The page of the editor names the release for n8n's error reports. */
async function versionOfEditor(url: string, signal?: AbortSignal): Promise<string | undefined> {
	const page = await textAt(`${url}/`, signal);
	const encoded = /<meta name="n8n:config:sentry" content="([A-Za-z0-9+/=]{1,2000})"/.exec(page)?.[1];
	return encoded && versionIn(Buffer.from(encoded, 'base64').toString('utf8'), /"release":"n8n@(\d+\.\d+\.\d+)/);
}

async function versionOfMetrics(url: string, signal?: AbortSignal): Promise<string | undefined> {
	return versionIn(await textAt(`${url}/metrics`, signal), /version_info\{version="v(\d+\.\d+\.\d+)/);
}

const versionIn = (text: string, pattern: RegExp) => pattern.exec(text)?.[1];

/** Empty when there is no such page. */
async function textAt(url: string, signal?: AbortSignal): Promise<string> {
	try {
		const { body } = await httpRequest({ method: 'GET', url, provider: 'n8n', responseType: 'text', timeoutMs: TIMEOUT_MS, maxResponseBytes: 4 * 1024 * 1024, signal });
		return body;
	} catch (error) {
		if (isYtempireError(error) && error.errorClass === 'cancelled') throw error;
		return '';
	}
}

export async function checkApiKey(api: N8nApi, signal?: AbortSignal): Promise<Finding> {
	try {
		await api.get('/workflows', z.object({ data: z.array(z.unknown()) }), { query: { limit: 1 }, signal });
		return finding('api-key', 'ok', 'n8n accepts the API key');
	} catch (error) {
		if (isYtempireError(error) && error.reason === 'api-key-missing') {
			return finding(
				'api-key',
				'warning',
				'No API key is given: package, workflows and credentials can’t be looked at',
				'Make one in n8n (Settings, n8n API; scopes workflow:list, credential:list and communityPackage:list) and name its file: --api-key-file FILE.',
			);
		}
		return fromError('api-key', error);
	}
}
