/** `ytempire accounts init` and `connect`: options and files; the work is in core. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { systemClock } from '../core/clock';
import { invalidRequest } from '../core/errors';
import { cleanText } from '../core/text';
import { connectAccounts } from '../core/youtube/connect';
import { CredentialFile } from '../core/youtube/connect/credential-file';
import { GOOGLE, googleAt } from '../core/youtube/connect/grant';
import { putIntoN8n } from '../core/youtube/connect/n8n';
import type { Row } from '../core/youtube/connect/page';
import { planTemplate, readPlan } from '../core/youtube/connect/plan';
import { returnAddress } from '../core/youtube/connect/redirect';

import type { Command, Given } from './command';
import { EXIT, plain, sayError, type Terminal, UsageError } from './output';
import { isWebAddress, oneLine, readPrivate, warnOpenly } from './settings';

const INIT_TEXT = `Writes a list of fifteen accounts to fill in, ten active and five reserve, that share one OAuth client. A file that is
there already is left alone.`;

const CONNECT_TEXT = `Opens a page on this machine with a Connect link for each account of the list, and writes what Google gives into a
credentials file for n8n after every account. A run that was interrupted goes on where it stopped.`;

const PLAN_FILE = 'accounts.json';

const ACCOUNTS_OPTION = { type: 'string', value: 'FILE' } as const;

export const INIT: Command = {
	words: 'accounts init',
	about: 'writes a list of accounts to fill in',
	options: { accounts: { ...ACCOUNTS_OPTION, about: `where to write it (${PLAN_FILE})` } },
	text: INIT_TEXT,
	exits: '0 written, 1 not written, 2 wrong usage.',
	run: init,
};

export const CONNECT: Command = {
	words: 'accounts connect',
	about: 'leads through Google’s consent for each of them',
	options: {
		accounts: { ...ACCOUNTS_OPTION, about: `the list of accounts (${PLAN_FILE})` },
		out: {
			type: 'string',
			value: 'FILE',
			about: 'the n8n credentials file (youtube-pool.credentials.json), readable by you alone; n8n import:credentials --input=FILE takes it',
		},
		again: { type: 'string', multiple: true, value: 'ID', about: 'connect this account again though it is connected; may be given several times' },
		port: { type: 'string', value: 'N', about: 'port of the page on 127.0.0.1 (8000)' },
		redirect: {
			type: 'string',
			value: 'URL',
			about: 'where Google sends back to (http://localhost:PORT/auth/youtube/callback); each OAuth client must name it among its authorised redirect URIs',
		},
		n8n: { type: 'string', value: 'URL', about: 'also put the credential into this n8n by its API' },
		'api-key-file': { type: 'string', value: 'FILE', about: 'file with an n8n API key that may create and update credentials' },
		'google-base': { type: 'string', value: 'URL', about: 'another address for all of Google, such as the sandbox' },
	},
	text: CONNECT_TEXT,
	more: 'On a machine without a browser: ssh -L 8000:127.0.0.1:8000 HOST, and open the page on your own.',
	exits:
		'0 every account is connected, 1 something failed (what was connected is kept), 2 wrong usage or accounts file, 3 ended by Ctrl-C before every account was connected.',
	run: connect,
};

async function init(given: Given, terminal: Terminal): Promise<number> {
	const path = resolve(given.text('accounts') ?? PLAN_FILE);
	try {
		// It will hold client secrets
		await writeFile(path, planTemplate(), { mode: 0o600, flag: 'wx' });
	} catch (cause) {
		const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
		const message = code === 'EEXIST' ? `${path} is there already and was left alone.` : `${path} can't be written (${code}).`;
		throw invalidRequest(message, { reason: 'file-not-written', cure: 'Name another file with --accounts.' });
	}
	terminal.say(`Wrote ${path}. Fill in the client and the accounts, then run: ytempire accounts connect`);
	if (given.flag('json')) terminal.out(`${JSON.stringify({ accounts_file: path })}\n`);
	return EXIT.done;
}

async function connect(given: Given, terminal: Terminal): Promise<number> {
	const [n8n, keyFile, base, port] = [given.text('n8n'), given.text('api-key-file'), given.text('google-base'), given.text('port')];
	const [accounts, again] = [given.text('accounts') ?? PLAN_FILE, given.list('again')];
	const { say, signal } = terminal;
	if ((n8n === undefined) !== (keyFile === undefined)) {
		throw new UsageError('--n8n and --api-key-file belong together.');
	}
	for (const [name, url] of [['--google-base', base], ['--n8n', n8n]] as const) {
		if (url !== undefined && !isWebAddress(url)) throw new UsageError(`${name} must be an http or https address.`);
	}
	const returnTo = returnAddress({ redirect: given.text('redirect'), port: port === undefined ? undefined : portOf(port) });
	const plan = readPlan(await readPrivate(accounts, terminal, accounts === PLAN_FILE ? '`ytempire accounts init` writes one to fill in.' : undefined));
	const unknown = again.find((id) => !plan.accounts.some(({ accountId }) => accountId === id));
	if (unknown !== undefined) throw new UsageError(`--again: ${unknown} is not in ${accounts}.`);
	const apiKey = keyFile === undefined ? undefined : oneLine(await readPrivate(keyFile, terminal), keyFile);
	const file = await CredentialFile.open(resolve(given.text('out') ?? 'youtube-pool.credentials.json'), plan.name);
	const rows = await connectAccounts({
		plan,
		file,
		returnTo,
		google: base === undefined ? GOOGLE : googleAt(base),
		clock: systemClock,
		again,
		signal,
		onReady: (pageUrl, redirectUri) => {
			say(`Open ${pageUrl}`);
			say(`Each OAuth client must name the redirect URI ${redirectUri}`);
		},
		tell: (row) => tellRow(row, terminal),
	});
	const id = await put(n8n, apiKey, file, terminal);
	return report({ rows, file, id, n8nFailed: n8n !== undefined && id === undefined && file.accounts.length > 0 }, given.flag('json'), terminal);
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
	warnOpenly(url, terminal);
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

function portOf(text: string): number {
	if (!/^\d{1,5}$/.test(text)) throw new UsageError('--port must be a number from 0 to 65535.');
	return Number(text);
}
