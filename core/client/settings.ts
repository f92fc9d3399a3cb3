/** The client's options, checked once at its making; no value of a secret is ever in an error. */
import { invalidRequest } from '../errors';

import type { ClientOptions, WebhookAuth } from './types';
import { WEBHOOK_HEADER } from './workflows';

export interface Settings {
	/** Without a slash at its end. */
	url: string;
	webhookUrl: string;
	/** What proves to a webhook who calls. */
	webhookHeaders: Record<string, string>;
	apiKey: string | undefined;
	/** Never to be shown. */
	secrets: string[];
}

/** @throws YtempireError `invalid-request`, reason `client-options` */
export function settingsOf({ url, webhookUrl, webhookAuth = { type: 'none' }, apiKey }: ClientOptions): Settings {
	const root = address('url', url);
	if (apiKey !== undefined && !isPlain(apiKey)) throw wrong('apiKey', 'one line of visible characters');
	return {
		url: root,
		webhookUrl: webhookUrl === undefined ? `${root}/webhook` : address('webhookUrl', webhookUrl),
		webhookHeaders: webhookHeaders(webhookAuth),
		apiKey,
		secrets: [apiKey, ...secretsOf(webhookAuth)].filter((one) => one !== undefined && one !== '') as string[],
	};
}

function webhookHeaders(auth: WebhookAuth): Record<string, string> {
	if (auth.type === 'none') return {};
	if (auth.type === 'header') {
		const { name = WEBHOOK_HEADER, value } = auth;
		if (!/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) throw wrong('webhookAuth.name', 'a name that a header can have');
		if (!isPlain(value)) throw wrong('webhookAuth.value', 'one line of visible characters');
		return { [name]: value };
	}
	const { user, password } = auth;
	if (user === '' || user.includes(':')) throw wrong('webhookAuth.user', 'filled in, without a colon');
	return { Authorization: `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}` };
}

function secretsOf(auth: WebhookAuth): string[] {
	if (auth.type === 'none') return [];
	return [auth.type === 'header' ? auth.value : auth.password];
}

function isPlain(text: string): boolean {
	return /^[\x20-\x7e]+$/.test(text) && text.trim() === text;
}

function address(field: string, text: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
	if (!url || !isWeb) throw wrong(field, 'an http or https address');
	if (url.username || url.password) throw wrong(field, 'no user or password in it; use webhookAuth');
	return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function wrong(field: string, reason: string) {
	return invalidRequest(`The option ${field} of the YTEMPIRE client is not right: ${reason}`, {
		cure: `Set ${field}: ${reason}.`,
		reason: 'client-options',
		issues: [{ field, reason }],
	});
}
