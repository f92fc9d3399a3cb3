/** One account's consent: the address to ask at, and what becomes of the code that comes back. */
import { createHash, randomBytes } from 'node:crypto';

import { raceAbort } from '../../abort';
import { isYtempireError, YtempireError } from '../../errors';
import { GOOGLE_TOKEN_URL, YOUTUBE_BASE_URL } from '../../pool/accounts';
import { excerpt } from '../../redact';
import { cleanText } from '../../text';
import { PROVIDER, youTubeError } from '../errors';

import type { PlannedAccount } from './plan';

export interface GoogleAddresses {
	/** Where a person consents. */
	authUrl: string;
	tokenUrl: string;
	/** Without a slash at its end. */
	apiBase: string;
}

export const GOOGLE: GoogleAddresses = {
	authUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
	tokenUrl: GOOGLE_TOKEN_URL,
	apiBase: YOUTUBE_BASE_URL,
};

/** All of Google at one address, as the sandbox has it. */
export function googleAt(base: string): GoogleAddresses {
	const root = base.replace(/\/+$/, '');
	return { authUrl: `${root}/o/oauth2/v2/auth`, tokenUrl: `${root}/token`, apiBase: root };
}

/** What uploading, metadata, captions and analytics need: https://developers.google.com/identity/protocols/oauth2/scopes */
export const SCOPES = ['youtube.upload', 'youtube', 'youtube.force-ssl', 'yt-analytics.readonly'].map(
	(name) => `https://www.googleapis.com/auth/${name}`,
);

const TIMEOUT_MS = 30_000;

export interface Attempt {
	/** Accepted once. */
	state: string;
	/** PKCE, RFC 7636. */
	verifier: string;
	/** Where the person is sent. */
	url: string;
}

export interface Grant {
	refreshToken: string;
	channelId: string;
	channelTitle: string;
}

const transporterOptions = { timeout: TIMEOUT_MS, redirect: 'error', retry: false } as const;

/** Asks for offline access every time: without `prompt=consent` Google gives a refresh token only once. */
export async function beginConsent(google: GoogleAddresses, account: PlannedAccount, redirectUri: string): Promise<Attempt> {
	const state = randomBytes(32).toString('base64url');
	const verifier = randomBytes(48).toString('base64url');
	const client = await clientOf(google, account, redirectUri);
	const url = client.generateAuthUrl({
		access_type: 'offline',
		prompt: 'consent',
		scope: SCOPES,
		state,
		code_challenge: createHash('sha256').update(verifier).digest('base64url'),
		// The library's enum isn't exported by the part that we load
		code_challenge_method: 'S256' as never,
		...(account.email ? { login_hint: account.email } : {}),
	});
	return { state, verifier, url };
}

/**
 * Trades the code for tokens and asks which channel is behind them (one unit of the project's quota).
 * @throws YtempireError with the reason and its cure: `no-refresh-token`, `scopes-missing`, `no-channel`, `wrong-channel`, or Google's own
 */
export async function completeConsent(
	google: GoogleAddresses,
	account: PlannedAccount,
	redirectUri: string,
	{ code, verifier }: { code: string; verifier: string },
	signal?: AbortSignal,
): Promise<Grant> {
	const client = await clientOf(google, account, redirectUri);
	const secrets = [account.clientSecret, code, verifier];
	const tokens = await asked(redirectUri, { signal, secrets }, async () => {
		const answer = await client.getToken({ code, codeVerifier: verifier });
		return answer.tokens;
	});
	if (!tokens.access_token || !tokens.refresh_token) {
		throw problem('no-refresh-token', 'Google gave no refresh token', 'Open https://myaccount.google.com/connections with this account, remove the access of this application, and connect again.');
	}
	const granted = new Set((tokens.scope ?? '').split(' '));
	const missing = SCOPES.filter((scope) => !granted.has(scope));
	if (missing.length > 0) {
		const names = missing.map((scope) => scope.slice(scope.lastIndexOf('/') + 1)).join(', ');
		throw problem('scopes-missing', `Not every permission was allowed: ${names} is missing`, 'Connect again, and tick every box on Google’s page.');
	}
	client.setCredentials(tokens);
	const { youtube } = await import('../../vendor/googleapis');
	const rootUrl = `${google.apiBase}/`;
	const api = youtube({ version: 'v3', auth: client, rootUrl });
	const known = [...secrets, tokens.access_token, tokens.refresh_token];
	const items = await asked(redirectUri, { signal, secrets: known }, async () => {
		const options = { ...transporterOptions, rootUrl, signal };
		return (await api.channels.list({ part: ['id', 'snippet'], mine: true }, options)).data.items;
	});
	const [channel] = items ?? [];
	if (!channel?.id) {
		throw problem('no-channel', 'The Google account that signed in has no YouTube channel', 'Sign in at youtube.com with it and create the channel, or connect again and choose the right account.');
	}
	const channelId = excerpt(channel.id, [], 100);
	const channelTitle = excerpt(cleanText(channel.snippet?.title ?? ''), [], 100);
	if (account.channelId && account.channelId !== channelId) {
		throw problem(
			'wrong-channel',
			`The channel that signed in is ${channelTitle} (${channelId}), but ${account.channelId} is expected`,
			`Connect again, and choose ${account.email || 'the Google account of that channel'} and its channel on Google’s page. If the expected channel is wrong, correct channel_id in the accounts file.`,
		);
	}
	return { refreshToken: tokens.refresh_token, channelId, channelTitle };
}

/** What Google sends back in place of a code, RFC 6749 §4.1.2.1 and https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors */
export function refusedConsent(error: string): YtempireError {
	if (error === 'access_denied') {
		return problem('consent-denied', 'The consent was denied', 'Connect again and choose Allow. While the consent screen is in "Testing", the account must be among its test users.');
	}
	if (error === 'admin_policy_enforced' || error === 'org_internal') {
		return problem(error, 'The administrator of the account’s organisation does not allow this application', 'Ask the administrator to allow the client ID, or use an account outside the organisation.');
	}
	return problem('consent-refused', `Google refused the consent: ${excerpt(error, [], 80)}`, 'Check the OAuth client in the Google Cloud console, and connect again.');
}

export function problem(reason: string, message: string, cure: string): YtempireError {
	return new YtempireError('auth', message, { reason, cure, provider: PROVIDER });
}

/** Cures for a person who is connecting; elsewhere the same reasons have another one. */
function cureFor(reason: string | undefined, redirectUri: string): string | undefined {
	switch (reason) {
		case 'invalid_grant':
			return 'The code was already used or is too old. Connect again.';
		case 'invalid_client':
		case 'unauthorized_client':
			return 'The client ID and client secret in the accounts file do not belong together. Copy both again from the Google Cloud console and start anew.';
		case 'redirect_uri_mismatch':
			return `Add exactly ${redirectUri} to the authorised redirect URIs of the OAuth client in the Google Cloud console, and connect again.`;
		default:
			return undefined;
	}
}

async function asked<T>(
	redirectUri: string,
	options: { signal?: AbortSignal; secrets: readonly string[] },
	work: () => Promise<T>,
): Promise<T> {
	try {
		return await raceAbort(work(), options.signal);
	} catch (cause) {
		if (isYtempireError(cause)) throw cause;
		const error = youTubeError(cause, options);
		const { errorClass, message, provider, reason, httpStatus } = error;
		const cure = cureFor(reason, redirectUri) ?? error.cure;
		throw new YtempireError(errorClass, message, { cure, provider, reason, httpStatus });
	}
}

async function clientOf(google: GoogleAddresses, { clientId, clientSecret }: PlannedAccount, redirectUri: string) {
	const { OAuth2Client } = await import('../../vendor/googleapis');
	return new OAuth2Client({
		clientId,
		clientSecret,
		redirectUri,
		endpoints: { oauth2AuthBaseUrl: google.authUrl, oauth2TokenUrl: google.tokenUrl },
		transporterOptions,
	});
}
