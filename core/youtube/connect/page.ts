/** The page on this machine: which accounts are connected, what went wrong, and a link for each. No script, nothing from outside. */
import { createHash } from 'node:crypto';

import { escapeHtml } from '../../email/html';
import type { YtempireError } from '../../errors';
import { cleanText } from '../../text';

import type { PlannedAccount } from './plan';

export interface Row {
	account: PlannedAccount;
	/** Set when it is connected. */
	channel?: { id: string; title: string };
	/** What the last attempt came to, when it failed. */
	problem?: YtempireError;
}

const STYLE = `
:root {
	color-scheme: light dark;
	--ground: light-dark(#fafaf8, #131416); --card: light-dark(#fff, #1c1e21); --ink: light-dark(#17181a, #eceded);
	--soft: light-dark(#5f646b, #a2a8b0); --line: light-dark(#e4e4e0, #2e3136); --accent: light-dark(#b3261e, #ff8a7d);
	--good: light-dark(#1b6b3a, #7ed99b); --note: light-dark(#fff1ee, #33201d);
	font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); }
main { max-width: 46rem; margin: auto; padding: 1.2rem 1rem 3rem; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: .6rem 0; }
p { margin: .4rem 0; overflow-wrap: anywhere; }
.soft { color: var(--soft); font-size: .92rem; }
progress { width: 100%; height: .7rem; accent-color: var(--good); }
ol { list-style: none; margin: 1.2rem 0; padding: 0; display: grid; gap: .6rem; }
li { background: var(--card); border: 1px solid var(--line); border-radius: .8rem; padding: .7rem .9rem; display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: center; }
li div { flex: 1 1 14rem; min-width: 0; overflow-wrap: anywhere; }
li p { flex: 1 0 100%; background: var(--note); border-radius: .5rem; padding: .5rem .7rem; }
.good { color: var(--good); }
a { color: var(--accent); font-weight: 600; padding: .5rem 0; }
code { overflow-wrap: anywhere; }
`;

const styleHash = createHash('sha256').update(STYLE).digest('base64');

export const PAGE_HEADERS = {
	'content-type': 'text/html; charset=utf-8',
	'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
	'cross-origin-opener-policy': 'same-origin',
	'cache-control': 'no-store',
} as const;

export function overviewPage(rows: readonly Row[], redirectUri: string): string {
	const done = rows.filter(({ channel }) => channel).length;
	const isAll = done === rows.length;
	const lead = isAll
		? '<p class="good">All accounts are connected. The terminal says what comes next; this page can be closed.</p>'
		: '<p class="soft">Connect one after another. Whoever is signed in to several Google accounts chooses the right one on Google’s page.</p>';
	return layout(
		`${done} of ${rows.length} connected`,
		`${lead}
<progress max="${rows.length}" value="${done}"></progress>
<ol>${rows.map(rowHtml).join('\n')}</ol>
<p class="soft">Each OAuth client must name this redirect URI: <code>${text(redirectUri)}</code></p>`,
	);
}

export function noticePage(title: string, cure: string, backTo?: string): string {
	const back = backTo === undefined ? '' : `<p><a href="${escapeHtml(backTo)}">Back to the accounts</a></p>`;
	return layout(title, `<p>${text(cure)}</p>${back}`);
}

function rowHtml({ account, channel, problem }: Row, index: number): string {
	const { accountId, email, role } = account;
	const state = channel
		? `<span class="good">Connected: ${text(channel.title ? `${channel.title} (${channel.id})` : channel.id)}</span>`
		: '<span class="soft">Not connected yet</span>';
	const trouble = problem ? `<p><strong>${text(problem.message)}.</strong> ${text(problem.cure ?? '')}</p>` : '';
	return `<li><div><strong>${text(accountId)}</strong> <span class="soft">${role}${email ? ` · ${text(email)}` : ''}</span><br>${state}</div>
<a href="/connect/${index + 1}">${channel || problem ? 'Connect again' : 'Connect'}</a>${trouble}</li>`;
}

function text(value: string): string {
	return escapeHtml(cleanText(value));
}

/** @param content HTML */
function layout(title: string, content: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)} · YTEMPIRE</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
${content}
</main>
</body>
</html>
`;
}
