/** `ytempire accounts …`: reads options and files, and leaves the work to core. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { systemClock } from '../core/clock';
import { invalidRequest, isYtempireError } from '../core/errors';
import { cleanText } from '../core/text';
import { connectAccounts } from '../core/youtube/connect';
import { CredentialFile } from '../core/youtube/connect/credential-file';
import { GOOGLE, googleAt } from '../core/youtube/connect/grant';
import { putIntoN8n } from '../core/youtube/connect/n8n';
import type { Row } from '../core/youtube/connect/page';
import { planTemplate, readPlan } from '../core/youtube/connect/plan';
import { returnAddress } from '../core/youtube/connect/redirect';

import { CONNECT_HELP, INIT_HELP } from './help';
import { EXIT, plain, sayError, type Terminal, UsageError } from './output';

const PLAN_FILE = 'accounts.json';

export async function init(args: string[], terminal: Terminal): Promise<number> {
	const { values } = parsed(() =>
		parseArgs({
			args,
			options: { accounts: { type: 'string', default: PLAN_FILE }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
		}),
	);
	if (values.help) {
		terminal.out(INIT_HELP);
		return EXIT.done;
	}
	const path = resolve(values.accounts);
	try {
		// It will hold client secrets
		await writeFile(path, planTemplate(), { mode: 0o600, flag: 'wx' });
	} catch (cause) {
		const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
		terminal.say(code === 'EEXIST' ? `${path} is there already and was left alone.` : `${path} can't be written (${code}).`);
		return EXIT.failed;
	}
	terminal.say(`Wrote ${path}. Fill in the client and the accounts, then run: ytempire accounts connect`);
	if (values.json) terminal.out(`${JSON.stringify({ accounts_file: path })}\n`);
	return EXIT.done;
}

export async function connect(args: string[], terminal: Terminal): Promise<number> {
	const { values } = parsed(() =>
		parseArgs({
			args,
			options: {
				accounts: { type: 'string', default: PLAN_FILE },
				out: { type: 'string', default: 'youtube-pool.credentials.json' },
				again: { type: 'string', multiple: true, default: [] },
				port: { type: 'string' },
				redirect: { type: 'string' },
				n8n: { type: 'string' },
				'api-key-file': { type: 'string' },
				'google-base': { type: 'string' },
				json: { type: 'boolean', default: false },
				help: { type: 'boolean', short: 'h' },
			},
		}),
	);
	if (values.help) {
		terminal.out(CONNECT_HELP);
		return EXIT.done;
	}
	const { say, signal } = terminal;
	if ((values.n8n === undefined) !== (values['api-key-file'] === undefined)) {
		throw new UsageError('--n8n and --api-key-file belong together.');
	}
	const base = values['google-base'];
	for (const [name, url] of [['--google-base', base], ['--n8n', values.n8n]] as const) {
		if (url !== undefined && !isWebAddress(url)) throw new UsageError(`${name} must be an http or https address.`);
	}
	const returnTo = returnAddress({ redirect: values.redirect, port: values.port === undefined ? undefined : portOf(values.port) });
	const plan = readPlan(await readPrivate(values.accounts, terminal));
	const unknown = values.again.find((id) => !plan.accounts.some(({ accountId }) => accountId === id));
	if (unknown !== undefined) throw new UsageError(`--again: ${unknown} is not in ${values.accounts}.`);
	const keyFile = values['api-key-file'];
	const apiKey = keyFile === undefined ? undefined : apiKeyOf(await readPrivate(keyFile, terminal), keyFile);
	const file = await CredentialFile.open(resolve(values.out), plan.name);
	const rows = await connectAccounts({
		plan,
		file,
		returnTo,
		google: base === undefined ? GOOGLE : googleAt(base),
		clock: systemClock,
		again: values.again,
		signal,
		onReady: (pageUrl, redirectUri) => {
			say(`Open ${pageUrl}`);
			say(`Each OAuth client must name the redirect URI ${redirectUri}`);
		},
		tell: (row) => tellRow(row, terminal),
	});
	const id = await put(values.n8n, apiKey, file, terminal);
	return report({ rows, file, id, n8nFailed: values.n8n !== undefined && id === undefined && file.accounts.length > 0 }, values.json, terminal);
}

function tellRow({ account, channel, problem }: Row, { say }: Terminal): void {
	const id = plain(account.accountId);
	if (!problem) say(`✔ ${id}: connected to ${plain(`${channel?.title ?? ''} (${channel?.id ?? ''})`)}`);
	else {
		say(`✘ ${id}: ${plain(problem.message)}`);
		if (problem.cure) say(`  ${cleanText(problem.cure)}`);
	}
}

/** The file has everything, so a failure here loses nothing. */
async function put(url: string | undefined, apiKey: string | undefined, file: CredentialFile, terminal: Terminal): Promise<string | undefined> {
	if (url === undefined || apiKey === undefined || file.accounts.length === 0) return undefined;
	const { protocol, hostname } = new URL(url);
	if (protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)) {
		terminal.say(`${hostname} is reached without encryption: key and tokens can be read on the way. Use its https address where there is one.`);
	}
	try {
		const id = await putIntoN8n(url, apiKey, file.credential);
		if (id !== file.credential.id) {
			file.credential.id = id;
			await file.save();
		}
		terminal.say(`The credential is in n8n as ${plain(file.credential.name)} (${plain(id)}).`);
		return id;
	} catch (error) {
		sayError(terminal, error);
		return undefined;
	}
}

interface Outcome {
	rows: Row[];
	file: CredentialFile;
	id: string | undefined;
	n8nFailed: boolean;
}

function report({ rows, file, id, n8nFailed }: Outcome, asJson: boolean, { out, say }: Terminal): number {
	const connected = rows.filter(({ channel }) => channel).length;
	const strangers = file.accounts.filter(({ accountId }) => !rows.some(({ account }) => account.accountId === accountId));
	for (const { accountId } of strangers) say(`${plain(accountId)} is no longer in the list of accounts; it stays in the credentials file.`);
	say(`${connected} of ${rows.length} accounts are connected.`);
	if (file.accounts.length > 0 && id === undefined) say(`For n8n: n8n import:credentials --input=${file.path}`);
	if (asJson) {
		const accounts = rows.map(({ account, channel, problem }) => ({
			account_id: account.accountId,
			role: account.role,
			connected: channel !== undefined,
			channel_id: channel?.id,
			problem: problem && { reason: problem.reason, message: plain(problem.message), cure: problem.cure && cleanText(problem.cure) },
		}));
		out(`${JSON.stringify({ connected, total: rows.length, accounts, credentials_file: file.path, n8n_credential_id: id })}\n`);
	}
	if (n8nFailed) return EXIT.failed;
	return connected === rows.length ? EXIT.done : EXIT.interrupted;
}

async function readPrivate(path: string, { say }: Terminal): Promise<string> {
	try {
		const { mode } = await stat(path);
		if (process.platform !== 'win32' && (mode & 0o077) !== 0) say(`${path} holds secrets and others can read it: chmod 600 ${path}`);
		return await readFile(path, 'utf8');
	} catch (cause) {
		throw invalidRequest(`${path} can't be read`, {
			cure: path === PLAN_FILE ? '`ytempire accounts init` writes one to fill in.' : 'Check the path.',
			reason: 'file-unreadable',
			cause,
		});
	}
}

function apiKeyOf(text: string, path: string): string {
	const key = text.trim();
	if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageError(`${path} does not hold an API key in one line.`);
	return key;
}

function portOf(text: string): number {
	if (!/^\d{1,5}$/.test(text)) throw new UsageError('--port must be a number from 0 to 65535.');
	return Number(text);
}

function isWebAddress(text: string): boolean {
	return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

/** An unknown option is wrong usage. */
function parsed<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

/** The exit code of an error that ended a command. */
export function exitCodeOf(error: unknown): number {
	const isUsage = error instanceof UsageError || (isYtempireError(error) && ['accounts-file', 'file-unreadable', 'redirect'].includes(error.reason ?? ''));
	return isUsage ? EXIT.usage : EXIT.failed;
}
