/** Where n8n and the store are, and what opens them: by options, else by the environment. Secrets come from files or the environment only. */
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import type { WebhookAuth } from '../core/client/types';
import { invalidRequest } from '../core/errors';
import { DEFAULT_SCHEMA, type StorePlace } from '../core/store/place';

import type { Given, Options } from './command';
import { type Terminal, UsageError } from './output';

export const N8N_OPTIONS: Options = {
	n8n: { type: 'string', value: 'URL', about: 'n8n (YTEMPIRE_N8N_URL, else http://localhost:5678)' },
	'api-key-file': { type: 'string', value: 'FILE', about: 'file with an API key of n8n (YTEMPIRE_N8N_API_KEY_FILE, or the key itself in YTEMPIRE_N8N_API_KEY)' },
};

export const WEBHOOK_OPTIONS: Options = {
	'webhook-key-file': { type: 'string', value: 'FILE', about: 'file with the key of the webhooks (YTEMPIRE_WEBHOOK_KEY_FILE, or the key itself in YTEMPIRE_WEBHOOK_KEY)' },
	'webhook-header': { type: 'string', value: 'NAME', about: 'header that carries it (YTEMPIRE_WEBHOOK_HEADER, else X-YTEMPIRE-Key)' },
	'webhook-user': { type: 'string', value: 'NAME', about: 'user of n8n’s Basic Auth, whose password the key then is (YTEMPIRE_WEBHOOK_USER)' },
};

export const STORE_OPTIONS: Options = {
	store: { type: 'string', value: 'FILE', about: 'the SQLite store (YTEMPIRE_STORE_FILE, else ~/.n8n/ytempire/ytempire.sqlite, in N8N_USER_FOLDER where that is set)' },
	'database-url-file': { type: 'string', value: 'FILE', about: 'file with postgresql://… of a store in PostgreSQL (YTEMPIRE_DATABASE_URL_FILE, or the address itself in YTEMPIRE_DATABASE_URL)' },
	schema: { type: 'string', value: 'NAME', about: `schema of that store (YTEMPIRE_DATABASE_SCHEMA, else ${DEFAULT_SCHEMA})` },
};

/** Of the environment; an empty variable is none. */
const fromEnv = (name: string) => process.env[name] || undefined;

/** @throws UsageError when it isn't an http or https address */
export function n8nUrlOf(given: Given): string {
	const text = given.text('n8n') ?? fromEnv('YTEMPIRE_N8N_URL') ?? 'http://localhost:5678';
	if (isWebAddress(text)) return text;
	throw new UsageError('The address of n8n (--n8n, YTEMPIRE_N8N_URL) must be an http or https address without user and password.');
}

export async function apiKeyOf(given: Given, terminal: Terminal): Promise<string | undefined> {
	return await secretOf(given.text('api-key-file'), 'YTEMPIRE_N8N_API_KEY', terminal);
}

export async function webhookAuthOf(given: Given, terminal: Terminal): Promise<WebhookAuth | undefined> {
	const key = await secretOf(given.text('webhook-key-file'), 'YTEMPIRE_WEBHOOK_KEY', terminal);
	if (key === undefined) return undefined;
	const user = given.text('webhook-user') ?? fromEnv('YTEMPIRE_WEBHOOK_USER');
	if (user !== undefined) return { type: 'basic', user, password: key };
	return { type: 'header', name: given.text('webhook-header') ?? fromEnv('YTEMPIRE_WEBHOOK_HEADER'), value: key };
}

export async function placeOf(given: Given, terminal: Terminal): Promise<StorePlace> {
	const file = given.text('store');
	const url = file === undefined ? await secretOf(given.text('database-url-file'), 'YTEMPIRE_DATABASE_URL', terminal) : undefined;
	if (url !== undefined) {
		if (!/^postgres(ql)?:\/\//.test(url)) throw new UsageError('The address of the database must begin with postgresql://.');
		const schema = given.text('schema') ?? fromEnv('YTEMPIRE_DATABASE_SCHEMA') ?? DEFAULT_SCHEMA;
		return { connectionString: url, schema, mediaFolder: fromEnv('YTEMPIRE_MEDIA_FOLDER') ?? '' };
	}
	return { file: file ?? fromEnv('YTEMPIRE_STORE_FILE') ?? join(n8nFolder(), 'ytempire', 'ytempire.sqlite') };
}

/** n8n's own folder on this machine. */
export function n8nFolder(): string {
	return join(fromEnv('N8N_USER_FOLDER') ?? homedir(), '.n8n');
}

/** @throws UsageError when there is a file and it holds no secret in one line */
async function secretOf(option: string | undefined, name: string, terminal: Terminal): Promise<string | undefined> {
	const file = option ?? (fromEnv(name) === undefined ? fromEnv(`${name}_FILE`) : undefined);
	if (file === undefined) return fromEnv(name)?.trim();
	return oneLine(await readPrivate(file, terminal), file);
}

/** Says so when others may read the file. @throws YtempireError, reason `file-unreadable` */
export async function readPrivate(path: string, { say }: Terminal, cure = 'Check the path.'): Promise<string> {
	try {
		const { mode } = await stat(path);
		if (process.platform !== 'win32' && (mode & 0o077) !== 0) say(`${path} holds secrets and others can read it: chmod 600 ${path}`);
		return await readFile(path, 'utf8');
	} catch (cause) {
		throw invalidRequest(`${path} can't be read`, { cure, reason: 'file-unreadable', cause });
	}
}

export function oneLine(text: string, path: string): string {
	const key = text.trim();
	if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageError(`${path} does not hold a key in one line.`);
	return key;
}

export function isWebAddress(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const { protocol, username, password } = new URL(text);
	return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

/** Keys that go over the net in the open are said, not refused: there are private networks. */
export function warnOpenly(url: string, { say }: Terminal): void {
	const { protocol, hostname } = new URL(url);
	if (protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return;
	say(`${hostname} is reached without encryption: keys can be read on the way. Use its https address where there is one.`);
}
