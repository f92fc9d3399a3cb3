/** The page that asks for consent, and the one that says why it can't. */
import { escapeHtml } from '../../html';
import type { Account, YouTubeState } from '../state';
import { layout } from './layout';

const STYLE = `
ul { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: .8rem; }
li { display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: baseline; justify-content: space-between; }
li span { overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1rem; }
nav a:first-child { font-weight: 650; }
.hinted { border-color: var(--accent); }
`;

const ANSWERS = '/o/oauth2/v2/auth/answer';

const ANALYTICS = 'https://www.googleapis.com/auth/yt-analytics.readonly';

export function consentPage(state: YouTubeState, query: URLSearchParams): string {
	const hint = query.get('login_hint') ?? '';
	const scopes = (query.get('scope') ?? '').split(' ').map((scope) => `<li class="soft">${escapeHtml(scope)}</li>`);
	const accounts = [...state.accounts().values()].map((account) => row(account, query, hint));
	return layout(
		'Sign in · YouTube sandbox',
		STYLE,
		`<h1>Choose an account</h1>
<p class="soft">${escapeHtml(query.get('client_id') ?? '')} asks for</p>
<ul>${scopes.join('')}</ul>
<ul>${accounts.join('\n')}</ul>`,
	);
}

function row(account: Account, query: URLSearchParams, hint: string): string {
	const { id, email, channelTitle } = account;
	const hinted = email === hint || id === hint ? ' hinted' : '';
	const leaveOut = { account: id, answer: 'allow', leave_out: ANALYTICS };
	return `<li class="card${hinted}"><span>${escapeHtml(channelTitle)}<br><span class="soft">${escapeHtml(email)}</span></span>
<nav>${link(query, { account: id, answer: 'allow' }, 'Allow')}${link(query, leaveOut, 'Allow without analytics')}${link(query, { account: id, answer: 'deny' }, 'Deny')}</nav></li>`;
}

function link(query: URLSearchParams, more: Record<string, string>, text: string): string {
	const address = new URLSearchParams([...query, ...Object.entries(more)]);
	return `<a href="${escapeHtml(`${ANSWERS}?${address}`)}">${text}</a>`;
}

export function consentErrorPage(problem: string): string {
	const text = escapeHtml(problem);
	return layout('Sign in · YouTube sandbox', '', `<h1>Access blocked: the request is not valid</h1><p class="soft">Error 400: ${text}</p>`);
}
