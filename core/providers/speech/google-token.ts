/** A service account's access token: it signs for itself (RFC 7523), in a few lines, so that no client library is loaded for it. */
import { createSign } from 'node:crypto';

import type { Clock } from '../../clock';
import { systemClock } from '../../clock';
import { YtempireError } from '../../errors';
import { httpRequest } from '../../http';
import { z } from '../../vendor/zod';

import { readGoogleVerdict } from './google-errors';
import type { ServiceAccount } from './speech';

const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LIFE_S = 3600;
/** A token is renewed this long before it ends. */
const MARGIN_MS = 60_000;
const TIMEOUT_MS = 30_000;

const answered = z.object({ access_token: z.string().min(1), expires_in: z.number() });

const keyFile = z.object({
	client_email: z.string().min(1),
	private_key: z.string().min(1),
	token_uri: z.string().optional(),
});

/**
 * From the text of the file that Google's console gives.
 * @throws YtempireError `auth`, without a part of the text
 */
export function readServiceAccount(text: string): ServiceAccount {
	try {
		const { client_email: clientEmail, private_key: privateKey, token_uri: tokenUrl } = keyFile.parse(JSON.parse(text));
		return { clientEmail, privateKey, tokenUrl };
	} catch {
		throw new YtempireError('auth', 'The JSON of the service account in the credential cannot be read', {
			provider: 'google-tts',
			reason: 'invalid-service-account',
			unsent: true,
			cure: 'Paste the whole text of the JSON file that Google gave for the service account.',
		});
	}
}

/** Gives a function that gives a token that is valid now; asked for once while it lasts. */
export function serviceAccountToken(
	provider: string,
	account: ServiceAccount,
	clock: Clock = systemClock,
): (signal?: AbortSignal) => Promise<string> {
	let kept: { token: string; untilMs: number } | undefined;
	return async (signal) => {
		if (kept && kept.untilMs > clock.now()) return kept.token;
		const url = account.tokenUrl || TOKEN_URL;
		const answer = await httpRequest({
			method: 'POST',
			url,
			body: new URLSearchParams({ grant_type: GRANT, assertion: assertionOf(provider, account, url, clock.now()) }),
			provider,
			readVerdict: readGoogleVerdict,
			timeoutMs: TIMEOUT_MS,
			signal,
		});
		const parsed = answered.safeParse(answer.body);
		if (!parsed.success) {
			throw new YtempireError('unavailable', `${provider} gave no access token for the service account`, {
				provider,
				reason: 'malformed-answer',
				cure: "Run it again; if it lasts, check the service account's key in the credential.",
			});
		}
		kept = { token: parsed.data.access_token, untilMs: clock.now() + parsed.data.expires_in * 1000 - MARGIN_MS };
		return kept.token;
	};
}

function assertionOf(provider: string, { clientEmail, privateKey }: ServiceAccount, audience: string, nowMs: number): string {
	const iat = Math.floor(nowMs / 1000);
	const claims = { iss: clientEmail, scope: SCOPE, aud: audience, iat, exp: iat + LIFE_S };
	const content = [{ alg: 'RS256', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
	try {
		return `${content}.${createSign('RSA-SHA256').update(content).sign(privateKey, 'base64url')}`;
	} catch {
		// the error is not kept: it may hold parts of the key
		throw new YtempireError('auth', `${provider}: the private key of the service account cannot be read`, {
			provider,
			reason: 'invalid-private-key',
			unsent: true,
			cure: 'Paste the whole JSON file of the service account again.',
		});
	}
}
