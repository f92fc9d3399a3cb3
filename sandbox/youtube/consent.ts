/** Google's consent: the page on which a person chooses an account and allows or denies, and the code that follows. */
import { createHash } from 'node:crypto';

import { PAGE_HEADERS } from '../html';
import type { Reply, Router } from '../service';
import { refusal } from './errors';
import { isClient } from './oauth';
import { type Account, type ConsentCode, nextId, type YouTubeState } from './state';
import { consentErrorPage, consentPage } from './views/consent-page';

export const CONSENT_PATH = '/o/oauth2/v2/auth';

/** Google's codes are good for about ten minutes. */
const CODE_LIFETIME_MS = 600_000;

const REQUIRED = ['client_id', 'redirect_uri', 'response_type', 'scope'] as const;

export function mountConsent(router: Router, state: YouTubeState): void {
	const open = { open: true };
	router.on('GET', CONSENT_PATH, ({ query }) => {
		const wrong = problemOf(state, query);
		return wrong ? page(400, consentErrorPage(wrong)) : page(200, consentPage(state, query));
	}, open);
	/** The same query with `account`, `answer` (`allow` or `deny`) and `leave_out` (scopes that weren't ticked). */
	router.on('GET', `${CONSENT_PATH}/answer`, ({ query }) => {
		const wrong = problemOf(state, query);
		const account = state.accounts().get(query.get('account') ?? '');
		if (wrong || !account) return page(400, consentErrorPage(wrong ?? 'invalid_request: account'));
		return answer(state, query, account);
	}, open);
}

const page = (status: number, html: string): Reply => ({ status, headers: PAGE_HEADERS, body: Buffer.from(html) });

/** What Google says on a page of its own, because the address to go back to can't be trusted. */
function problemOf(state: YouTubeState, query: URLSearchParams): string | undefined {
	const missing = REQUIRED.find((name) => !query.get(name));
	if (missing) return `invalid_request: Missing required parameter: ${missing}`;
	if (!isClient(state, query.get('client_id') ?? '')) return 'invalid_client: The OAuth client was not found.';
	if (!isReturnAddress(query.get('redirect_uri') ?? '')) return 'redirect_uri_mismatch';
	if (query.get('response_type') !== 'code') return 'unsupported_response_type';
	if (query.has('code_challenge') && query.get('code_challenge_method') !== 'S256') {
		return 'invalid_request: code_challenge_method';
	}
	return undefined;
}

/** https, or plain http to the own machine. */
function isReturnAddress(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const { protocol, hostname, hash } = new URL(text);
	return hash === '' && (protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname)));
}

function answer(state: YouTubeState, query: URLSearchParams, account: Account): Reply {
	const back = new URL(query.get('redirect_uri') ?? '');
	const given = query.get('state');
	if (given !== null) back.searchParams.set('state', given);
	if (query.get('answer') === 'allow') {
		const leftOut = query.getAll('leave_out');
		const scope = (query.get('scope') ?? '').split(' ').filter((one) => !leftOut.includes(one)).join(' ');
		back.searchParams.set('code', newCode(state, query, account, scope));
		back.searchParams.set('scope', scope);
	} else {
		back.searchParams.set('error', 'access_denied');
	}
	return { status: 302, headers: { location: back.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } };
}

function newCode(state: YouTubeState, query: URLSearchParams, account: Account, scope: string): string {
	const code = `4/sandbox-${nextId(state, 'code', state.codes.size, 40)}`;
	state.codes.set(code, {
		accountId: account.id,
		clientId: query.get('client_id') ?? '',
		redirectUri: query.get('redirect_uri') ?? '',
		challenge: query.get('code_challenge') ?? undefined,
		scope,
		isOffline: query.get('access_type') === 'offline' && query.get('prompt')?.split(' ').includes('consent') === true,
		expiresAt: state.context.clock.now() + CODE_LIFETIME_MS,
	});
	return code;
}

/**
 * The consent behind a code, which is good once. The account's grant now belongs to the client that asked:
 * the stand-in keeps one grant for an account, the newest.
 * @throws RefusedRequest `invalid_grant`, `redirect_uri_mismatch`
 */
export function redeemCode(state: YouTubeState, form: URLSearchParams, clientId: string): ConsentCode & { account: Account } {
	const found = state.codes.get(form.get('code') ?? '');
	const account = found && state.accounts().get(found.accountId);
	if (!found || !account || found.clientId !== clientId) throw refusal('invalid_grant', 'Malformed auth code.');
	if (found.expiresAt <= state.context.clock.now()) throw refusal('invalid_grant', 'Bad Request');
	if (form.get('redirect_uri') !== found.redirectUri) throw refusal('redirect_uri_mismatch', 'Bad Request');
	if (found.challenge !== undefined) {
		const verifier = form.get('code_verifier');
		if (!verifier) throw refusal('invalid_grant', 'Missing code verifier.');
		if (createHash('sha256').update(verifier).digest('base64url') !== found.challenge) {
			throw refusal('invalid_grant', 'Invalid code verifier.');
		}
	}
	found.expiresAt = 0;
	account.clientId = clientId;
	if (account.standing === 'revoked') account.standing = 'good';
	return { ...found, account };
}
