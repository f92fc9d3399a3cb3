/** Access tokens for a channel: asked for with its refresh token, kept until they expire. */
import { raceAbort } from '../abort';
import { contentHash } from '../hash';
import type { PoolAccount, YouTubePool } from '../pool/accounts';
import type { OAuth2Client } from '../vendor/googleapis';

import { youTubeError } from './errors';

/** A token that is valid for less than this many milliseconds is renewed before it is used. */
const RENEW_BEFORE_MS = 60_000;

const TOKEN_TIMEOUT_MS = 30_000;

/** Clients kept in this process, the oldest dropped first. */
const MOST_CLIENTS = 256;

export interface TokenSource {
	/** Signs the calls of Google's client library. */
	readonly client: OAuth2Client;
	/**
	 * A token that is still valid.
	 * @throws YtempireError `auth` with Google's reason, e.g. `invalid_grant`; `unavailable`; `cancelled`
	 */
	get(signal?: AbortSignal): Promise<string>;
	/**
	 * Milliseconds since 1970 when the sign-in itself ends, as Google said with the last token; undefined when it has no
	 * end. Google names one (refresh_token_expires_in) where access was granted for a time: by the person who consented, or
	 * because the consent screen is in "Testing" (seven days).
	 */
	signInEnds(): number | undefined;
	/** YouTube no longer takes the token: the next `get` asks for a new one. */
	forget(): void;
}

const sources = new Map<string, TokenSource>();

export async function tokenSource(
	{ oauthTokenUrl }: Pick<YouTubePool, 'oauthTokenUrl'>,
	account: PoolAccount,
): Promise<TokenSource> {
	const { clientId, clientSecret, refreshToken } = account;
	const key = contentHash([oauthTokenUrl, clientId, clientSecret, refreshToken]);
	const existing = sources.get(key);
	if (existing) return existing;
	const { OAuth2Client: Client } = await import('../vendor/googleapis');
	const client = new Client({
		clientId,
		clientSecret,
		endpoints: { oauth2TokenUrl: oauthTokenUrl },
		eagerRefreshThresholdMillis: RENEW_BEFORE_MS,
		transporterOptions: { timeout: TOKEN_TIMEOUT_MS, redirect: 'error' },
	});
	client.setCredentials({ refresh_token: refreshToken });
	let signInEnds: number | undefined;
	client.on('tokens', (tokens) => {
		const seconds: unknown = 'refresh_token_expires_in' in tokens ? tokens.refresh_token_expires_in : undefined;
		signInEnds = typeof seconds === 'number' ? Date.now() + seconds * 1000 : undefined;
	});
	const source: TokenSource = {
		client,
		get: async (signal) => {
			try {
				const { token } = await raceAbort(client.getAccessToken(), signal);
				if (!token) throw new Error('Google gave no access token');
				return token;
			} catch (error) {
				throw youTubeError(error, { signal, secrets: [clientSecret, refreshToken] });
			}
		},
		signInEnds: () => signInEnds,
		forget: () => {
			client.setCredentials({ refresh_token: refreshToken });
		},
	};
	const oldest = sources.keys().next();
	if (sources.size >= MOST_CLIENTS && !oldest.done) sources.delete(oldest.value);
	sources.set(key, source);
	return source;
}
