/** Google's token endpoint, and who stands behind an access token. */
import { KEYS } from '../keys';
import type { Reply, SandboxRequest } from '../service';
import { redeemCode } from './consent';
import { errorBody, refusal } from './errors';
import { type Account, nextId, type YouTubeState } from './state';

/** Google says 3599 for an hour. */
const LIFETIME_S = 3599;

const SCOPE = [
	'https://www.googleapis.com/auth/youtube',
	'https://www.googleapis.com/auth/youtube.upload',
	'https://www.googleapis.com/auth/youtube.force-ssl',
	'https://www.googleapis.com/auth/yt-analytics.readonly',
].join(' ');

/** True for the sandbox's client, and for those that a test gave to an account. */
export function isClient(state: YouTubeState, clientId: string): boolean {
	return clientId === KEYS.youtube.clientId || [...state.accounts().values()].some((account) => account.clientId === clientId);
}

/** POST /token with `grant_type=refresh_token` or `authorization_code`. */
export async function exchangeToken(state: YouTubeState, request: SandboxRequest): Promise<Reply> {
	const form = await request.form();
	const [basicId, basicSecret] = basicAuth(request);
	const clientId = form.get('client_id') ?? basicId;
	const clientSecret = form.get('client_secret') ?? basicSecret;

	if (!clientId) throw refusal('invalid_request');
	if (!isClient(state, clientId)) throw refusal('invalid_client');
	if (clientSecret !== KEYS.youtube.clientSecret) {
		throw refusal('invalid_client', 'The provided client secret is invalid.');
	}
	if (form.get('grant_type') === 'authorization_code') {
		const { account, scope, isOffline } = redeemCode(state, form, clientId);
		return tokenReply(state, account, scope, isOffline ? { refresh_token: account.refreshToken } : {});
	}
	if (form.get('grant_type') !== 'refresh_token') throw refusal('unsupported_grant_type');
	const refreshToken = form.get('refresh_token');
	if (!refreshToken) throw refusal('invalid_request', 'Missing required parameter: refresh_token');
	const account = [...state.accounts().values()].find((one) => one.refreshToken === refreshToken);
	if (!account) throw refusal('invalid_grant', 'Bad Request');
	if (account.clientId !== clientId) throw refusal('unauthorized_client');
	const ended = (account.signInEnds ?? Infinity) <= state.context.clock.now();
	if (account.standing === 'revoked' || ended) throw refusal('invalid_grant');

	return tokenReply(state, account, SCOPE);
}

function tokenReply(state: YouTubeState, account: Account, scope: string, more: { refresh_token?: string } = {}): Reply {
	const token = `ya29.sandbox-${nextId(state, 'token', state.tokens.size, 48)}`;
	state.tokens.set(token, {
		accountId: account.id,
		expiresAt: state.context.clock.now() + LIFETIME_S * 1000,
	});
	const { signInEnds } = account;
	const left = signInEnds === undefined ? {} : { refresh_token_expires_in: Math.floor((signInEnds - state.context.clock.now()) / 1000) };
	return {
		status: 200,
		headers: { 'cache-control': 'no-store' },
		body: { access_token: token, expires_in: LIFETIME_S, ...left, scope, token_type: 'Bearer', ...more },
	};
}

function basicAuth(request: SandboxRequest): [id?: string, secret?: string] {
	const [, encoded] = /^Basic (.+)$/.exec(request.header('authorization') ?? '') ?? [];
	if (encoded === undefined) return [];
	const [id, secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
	return [id, secret].map((part) => part && decodeURIComponent(part)) as [string, string];
}

/** Undefined for a missing, unknown, expired or revoked token. */
export function accountBehind(state: YouTubeState, token: string | undefined): Account | undefined {
	const found = state.tokens.get(token ?? '');
	if (!found || found.expiresAt <= state.context.clock.now()) return undefined;
	const account = state.accounts().get(found.accountId);
	return account?.standing === 'revoked' ? undefined : account;
}

/** Google's answer to a request that no account stands behind, or whose account may do nothing. */
export function refuseAccess(state: YouTubeState, request: SandboxRequest): Reply | undefined {
	const account = accountBehind(state, request.bearer());
	if (!account) {
		return {
			status: 401,
			headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
			body: errorBody(401, 'authError'),
		};
	}
	if (account.standing === 'suspended') return { status: 403, body: errorBody(403, 'authenticatedUserAccountSuspended') };
	if (account.standing === 'closed') return { status: 403, body: errorBody(403, 'authenticatedUserAccountClosed') };
	return undefined;
}

/** @throws RefusedRequest 401 */
export function accountOf(state: YouTubeState, request: SandboxRequest): Account {
	const account = accountBehind(state, request.bearer());
	if (!account) throw refusal('authError');
	return account;
}
