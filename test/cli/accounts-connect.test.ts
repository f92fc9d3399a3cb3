/** Connecting accounts, from the list to a pool that can sign in: over real HTTP, with a browser's cookies and redirects. */
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import { main } from '../../cli/main';
import { poolFromCredential } from '../../core/pool/accounts';
import { SCOPES } from '../../core/youtube/connect/grant';
import { checkConnections } from '../../core/youtube/check-pool';
import { KEYS } from '../../sandbox/keys';
import { Connecting, planFor } from '../support/connect';
import { temporarySandbox } from '../support/sandbox';
import { temporaryFolder } from '../support/store';

const json = async (path: string): Promise<any> => JSON.parse(await readFile(path, 'utf8'));

const idsIn = async (path: string): Promise<string[]> =>
	(await json(path))[0].data.accounts.account.map(({ accountId }: { accountId: string }) => accountId);

const problemOf = async (run: Connecting): Promise<string> => {
	await run.interrupt();
	return run.lines.find((line) => line.startsWith('✘')) ?? run.lines.join('\n');
};

/** Whatever the terminal, the result and the pages showed. */
const SECRETS = [KEYS.youtube.clientSecret, ...KEYS.youtube.accounts.map(({ refreshToken }) => refreshToken)];

describe('connecting accounts', () => {
	it('leads three accounts to a credential whose accounts can sign in', async () => {
		const sandbox = await temporarySandbox();
		const run = await Connecting.start(sandbox, planFor(3), { args: ['--json'] });
		const shown = [];
		for (const row of [2, 1, 3]) shown.push((await run.consent(row)).html);
		expect(await run.exit).toBe(0);
		expect(shown[0]).toContain('1 of 3 connected');
		expect(shown[2]).toContain('All accounts are connected');
		const [credential] = await json(run.file);
		expect(credential).toMatchObject({ name: 'YouTube Pool', type: 'ytempireYouTubePoolApi', id: expect.stringMatching(/^\w{16}$/) });
		expect(await idsIn(run.file)).toEqual(['account-01', 'account-02', 'account-03']);
		// all of Google is where the consent was
		const { url } = sandbox.services.youtube;
		expect(credential.data).toMatchObject({ baseUrl: url, analyticsBaseUrl: url, oauthTokenUrl: expect.stringContaining(url) });
		const states = await checkConnections(poolFromCredential(credential.data));
		expect(states.map(({ problem }) => problem)).toEqual(['', '', '']);
		expect(JSON.parse(run.output)).toMatchObject({ connected: 3, total: 3, credentials_file: run.file });
		for (const secret of SECRETS) expect([...run.lines, run.output, ...shown].join('\n')).not.toContain(secret);
	});

	it('asks for offline access, all four scopes and a PKCE challenge, and hints at the account', async () => {
		const run = await Connecting.start(await temporarySandbox(), planFor(1));
		await run.page();
		await run.browser.open(`${new URL(await run.address()).origin}/connect/1`);
		const asked = new URL(run.browser.visited.find((url) => url.includes('/o/oauth2/v2/auth'))!).searchParams;
		expect(Object.fromEntries(asked)).toMatchObject({
			access_type: 'offline',
			prompt: 'consent',
			response_type: 'code',
			scope: SCOPES.join(' '),
			code_challenge: expect.stringMatching(/^[\w-]{43}$/),
			code_challenge_method: 'S256',
			state: expect.stringMatching(/^[\w-]{43}$/),
			login_hint: 'account-01@sandbox.example',
			redirect_uri: `${new URL(await run.address()).origin}/auth/youtube/callback`,
		});
		expect(await run.interrupt()).toBe(3);
	});

	it('keeps the credentials file for its owner alone, whatever mode it had', async () => {
		const run = await Connecting.start(await temporarySandbox(), planFor(2));
		await run.consent(1);
		expect((await stat(run.file)).mode & 0o777).toBe(0o600);
		await chmod(run.file, 0o644);
		await run.consent(2);
		expect((await stat(run.file)).mode & 0o777).toBe(0o600);
		expect(await run.exit).toBe(0);
		expect((await readdir(run.folder)).sort()).toEqual(['accounts.json', 'pool.json']);
	});

	it('goes on after an interruption, and asks no one twice', async () => {
		const sandbox = await temporarySandbox();
		const first = await Connecting.start(sandbox, planFor(3));
		await first.consent(1);
		expect(await first.interrupt()).toBe(3);
		const [before] = await json(first.file);
		before.data.safePercent = 80;
		await writeFile(first.file, JSON.stringify([before, { id: 'x', name: 'Other', type: 'otherApi', data: {} }]));
		const second = await Connecting.start(sandbox, planFor(3), { folder: first.folder });
		expect((await second.page()).html).toContain('1 of 3 connected');
		await second.consent(2);
		await second.consent(3);
		expect(await second.exit).toBe(0);
		const after = await json(second.file);
		expect(after[0]).toMatchObject({ id: before.id, data: { safePercent: 80 } });
		expect(after[1].name).toBe('Other');
		const third = await Connecting.start(sandbox, planFor(3), { folder: first.folder });
		expect(await third.exit).toBe(0);
		expect(third.lines).not.toContainEqual(expect.stringMatching(/^Open/));
	});

	it('takes over a changed role and e-mail, and keeps what n8n or a person added to an account', async () => {
		const sandbox = await temporarySandbox();
		const first = await Connecting.start(sandbox, planFor(1));
		await first.consent(1);
		await first.exit;
		const [credential] = await json(first.file);
		credential.data.accounts.account[0].note = 'mine';
		await writeFile(first.file, JSON.stringify([credential]));
		const second = await Connecting.start(sandbox, planFor(1, { 0: { role: 'reserve', email: 'new@sandbox.example' } }), { folder: first.folder });
		expect(await second.exit).toBe(0);
		const [{ data }] = await json(first.file);
		expect(data.accounts.account).toMatchObject([{ role: 'reserve', email: 'new@sandbox.example', note: 'mine', refreshToken: 'sandbox-refresh-01' }]);
	});

	it('connects an account again when asked to, or when its client changed', async () => {
		const sandbox = await temporarySandbox();
		const first = await Connecting.start(sandbox, planFor(1));
		await first.consent(1);
		await first.exit;
		const again = await Connecting.start(sandbox, planFor(1), { folder: first.folder, args: ['--again', 'account-01'] });
		expect((await again.page()).html).toContain('0 of 1 connected');
		await again.consent(1);
		expect(await again.exit).toBe(0);
		const other = planFor(1, { 0: { client: undefined, client_id: 'other', client_secret: 'other-secret' } });
		const changed = await Connecting.start(sandbox, other, { folder: first.folder });
		expect((await changed.page()).html).toContain('0 of 1 connected');
		await changed.interrupt();
	});
});

describe('what goes wrong on the way is said with its cure', () => {
	it.each([
		['a denied consent', { answer: 'deny' }, 'The consent was denied', 'choose Allow'],
		['another channel than the expected one', { account: 'account-05' }, 'is expected', 'choose account-01@sandbox.example'],
		['a permission that was left out', { leave_out: SCOPES[3]! }, 'yt-analytics.readonly is missing', 'tick every box'],
	])('%s', async (_what, fields, message, cure) => {
		const run = await Connecting.start(await temporarySandbox(), planFor(1));
		const { html } = await run.consent(1, fields);
		expect(html).toContain(message);
		expect(html).toContain(cure);
		expect(html).toContain('0 of 1 connected');
		expect(await problemOf(run)).toContain(message);
		expect(run.lines.join('\n')).toContain(cure);
		await expect(stat(run.file)).rejects.toThrow('ENOENT');
	});

	it('a missing refresh token', async () => {
		const sandbox = await temporarySandbox();
		const run = await Connecting.start(sandbox, planFor(1));
		const body = { access_token: 'ya29.x', scope: SCOPES.join(' '), expires_in: 3599, token_type: 'Bearer' };
		sandbox.faults.add({ service: 'youtube', match: { path: '/token' }, kind: 'status', status: 200, body });
		expect((await run.consent(1)).html).toContain('myaccount.google.com/connections');
		expect(await problemOf(run)).toContain('Google gave no refresh token');
	});

	it('an account without a channel, and one that is closed', async () => {
		const sandbox = await temporarySandbox();
		const run = await Connecting.start(sandbox, planFor(2));
		const stand = async (id: string, standing: string) =>
			fetch(`${sandbox.services.youtube.url}/sandbox/accounts/${id}`, { method: 'PATCH', body: JSON.stringify({ standing }) });
		await stand('account-01', 'no-channel');
		await stand('account-02', 'closed');
		expect((await run.consent(1)).html).toContain('has no YouTube channel');
		expect((await run.consent(2)).html).toContain('The account is closed');
		await run.interrupt();
	});

	it('a wrong client secret, without showing it', async () => {
		const plan = planFor(1, { 0: { client: undefined, client_id: KEYS.youtube.clientId, client_secret: 'not-the-secret' } });
		const run = await Connecting.start(await temporarySandbox(), plan);
		const { html } = await run.consent(1);
		expect(html).toContain('do not belong together');
		expect(html + (await problemOf(run))).not.toContain('not-the-secret');
	});

	it('a channel that another account of the list already is', async () => {
		const run = await Connecting.start(await temporarySandbox(), planFor(2, { 0: { channel_id: '' }, 1: { channel_id: '' } }));
		await run.consent(1);
		expect((await run.consent(2, { account: 'account-01' })).html).toContain('is already connected as account-01');
		await run.interrupt();
		expect(await idsIn(run.file)).toEqual(['account-01']);
	});

	it('is forgotten once the account is connected after all', async () => {
		const run = await Connecting.start(await temporarySandbox(), planFor(1));
		await run.consent(1, { answer: 'deny' });
		expect((await run.consent(1)).html).not.toContain('denied');
		expect(await run.exit).toBe(0);
	});
});

describe('the page', () => {
	it('takes each state once, and none that it did not give', async () => {
		const run = await Connecting.start(await temporarySandbox(), planFor(2));
		await run.consent(1);
		const callback = run.browser.visited.findLast((url) => url.includes('/auth/youtube/callback'))!;
		expect((await run.browser.open(callback)).status).toBe(400);
		const forged = new URL(callback);
		forged.searchParams.set('state', 'A'.repeat(43));
		expect((await run.browser.open(forged.href)).html).toContain('Nothing was connected');
		await run.interrupt();
		expect(await idsIn(run.file)).toEqual(['account-01']);
	});

	it('shows nothing to who has not the key, and answers to no other name', async () => {
		const run = await Connecting.start(await temporarySandbox(), planFor(1));
		const { origin, port } = new URL(await run.address());
		for (const path of ['/', '/?key=wrong', '/connect/1', '/auth/youtube/callback?state=x&code=y']) {
			const answer = await fetch(origin + path, { redirect: 'manual' });
			expect(answer.status).toBe(403);
			expect(await answer.text()).not.toContain('account-01');
		}
		const status = await new Promise((resolve) => {
			request({ host: '127.0.0.1', port, path: '/', headers: { host: `evil.example:${port}` } }, ({ statusCode }) => resolve(statusCode)).end();
		});
		expect(status).toBe(421);
		await expect(fetch(`http://[::1]:${port}/`)).rejects.toThrow();
		await run.interrupt();
	});

	it('shows hostile values as text, and allows neither scripts nor anything from outside', async () => {
		const hostile = `"><script>alert(1)</script><img src=x onerror='a'>`;
		const run = await Connecting.start(await temporarySandbox(), planFor(1, { 0: { account_id: hostile, email: hostile } }));
		const page = await run.page();
		expect(page.html).toContain('&quot;&gt;&lt;script&gt;');
		expect(page.html).not.toMatch(/<script|<img|https?:\/\/(?!localhost)/);
		expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
		expect(page.html).toMatch(/color-scheme: light dark/);
		expect(page.html).toContain('name="viewport"');
		const back = await run.browser.open(`${new URL(page.url).origin}/auth/youtube/callback?state=${encodeURIComponent(hostile)}&error=${encodeURIComponent(hostile)}`);
		expect(back.html).not.toContain('<script');
		await run.interrupt();
	});

	it('shows an error of Google as text, too', async () => {
		const run = await Connecting.start(await temporarySandbox(), planFor(1));
		await run.page();
		const { origin } = new URL(await run.address());
		await run.browser.open(`${origin}/connect/1`);
		const state = new URL(run.browser.visited.at(-1)!).searchParams.get('state')!;
		const answer = await run.browser.open(`${origin}/auth/youtube/callback?state=${state}&error=${encodeURIComponent('<b>\u001b[31mno')}`);
		expect(answer.html).toContain('&lt;b&gt;');
		expect(await problemOf(run)).not.toContain('\u001b');
	});
});

describe('putting the credential into n8n', () => {
	async function fakeN8n(known: string[], status = 200) {
		const calls: Array<{ method: string; url: string; key: unknown; body: any }> = [];
		const server = createServer((asked, answer) => {
			let text = '';
			asked.on('data', (chunk: Buffer) => (text += chunk.toString()));
			asked.on('end', () => {
				const [, id] = /\/credentials\/(.+)$/.exec(asked.url!) ?? [];
				calls.push({ method: asked.method!, url: asked.url!, key: asked.headers['x-n8n-api-key'], body: JSON.parse(text) });
				const code = status !== 200 ? status : id !== undefined && !known.includes(id) ? 404 : 200;
				if (code === 200 && id === undefined) known.push('fromN8n');
				answer.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(code === 200 ? { id: id ?? 'fromN8n' } : { message: `no ${text}` }));
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		onTestFinished(() => void server.close());
		const folder = await temporaryFolder();
		const keyFile = join(folder, 'key');
		await writeFile(keyFile, 'n8n-key-of-the-operator\n', { mode: 0o600 });
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		return { calls, folder, args: ['--n8n', url, '--api-key-file', keyFile, '--json'] };
	}

	it('creates it once, and renews it the next time', async () => {
		const sandbox = await temporarySandbox();
		const { calls, folder, args } = await fakeN8n([]);
		const run = await Connecting.start(sandbox, planFor(1), { folder, args });
		await run.consent(1);
		expect(await run.exit).toBe(0);
		expect(calls.at(-1)).toMatchObject({
			method: 'POST',
			url: '/api/v1/credentials',
			key: 'n8n-key-of-the-operator',
			body: { name: 'YouTube Pool', type: 'ytempireYouTubePoolApi', data: { accounts: { account: [{ accountId: 'account-01' }] } } },
		});
		expect(JSON.parse(run.output).n8n_credential_id).toBe('fromN8n');
		const next = await Connecting.start(sandbox, planFor(2), { folder, args });
		await next.consent(2);
		expect(await next.exit).toBe(0);
		expect(calls.at(-1)).toMatchObject({ method: 'PATCH', url: '/api/v1/credentials/fromN8n', body: { isPartialData: true } });
	});

	it('keeps the file and tells the cure when n8n refuses, without a secret', async () => {
		const { folder, args } = await fakeN8n([], 403);
		const run = await Connecting.start(await temporarySandbox(), planFor(1), { folder, args });
		await run.consent(1);
		expect(await run.exit).toBe(1);
		const said = run.lines.join('\n') + run.output;
		expect(said).toContain('credential:create');
		expect(said).toContain('n8n import:credentials --input=');
		for (const secret of [...SECRETS, 'n8n-key-of-the-operator']) expect(said).not.toContain(secret);
		expect(await idsIn(run.file)).toEqual(['account-01']);
	});
});

describe('the command', () => {
	async function call(...args: string[]) {
		const lines: string[] = [];
		let output = '';
		const code = await main(args, { out: (text) => (output += text), say: (line) => lines.push(line), signal: AbortSignal.timeout(5000) });
		return { code, output, said: lines.join('\n') };
	}

	it('writes a list of fifteen accounts to fill in, and never over another file', async () => {
		const file = join(await temporaryFolder(), 'accounts.json');
		expect((await call('accounts', 'init', '--accounts', file)).code).toBe(0);
		const { accounts } = await json(file);
		expect(accounts.map(({ role }: { role: string }) => role)).toEqual([...Array<string>(10).fill('active'), ...Array<string>(5).fill('reserve')]);
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		const second = await call('accounts', 'init', '--accounts', file);
		expect([second.code, second.said]).toEqual([1, expect.stringContaining('left alone')]);
		const unfilled = await call('accounts', 'connect', '--accounts', file);
		expect([unfilled.code, unfilled.said]).toEqual([2, expect.stringContaining('clients.main.client_id: must be filled in')]);
	});

	it.each([
		['an unknown option', ['--secret', 'x'], 'Unknown option'],
		['an API key file without n8n', ['--api-key-file', 'x'], 'belong together'],
		['a redirect to another machine without https', ['--redirect', 'http://example.com/x'], '--redirect must be'],
		['a port that is none', ['--port', '80x'], '--port must be'],
		['a list that is not there', ['--accounts', '/nowhere/accounts.json'], "can't be read"],
	])('refuses %s', async (_what, args, message) => {
		const { code, said } = await call('accounts', 'connect', ...args);
		expect(code).toBe(2);
		expect(said).toContain(message);
	});

	it('names every field of the list that is not right, and no secret of it', async () => {
		const file = join(await temporaryFolder(), 'accounts.json');
		const plan = planFor(3, { 0: { client: 'none' }, 1: { role: 'boss' }, 2: { account_id: '' } });
		await writeFile(file, JSON.stringify(plan), { mode: 0o644 });
		const { code, said } = await call('accounts', 'connect', '--accounts', file);
		expect(code).toBe(2);
		expect(said).toMatch(/accounts\.1\.role: active or reserve[\s\S]*accounts\.2\.account_id: must be filled in/);
		expect(said).toContain('chmod 600');
		expect(said).not.toContain(KEYS.youtube.clientSecret);
	});

	it('refuses to write over a file that is something else', async () => {
		const folder = await temporaryFolder();
		await writeFile(join(folder, 'pool.json'), '{"my":"notes"}');
		const run = await Connecting.start(await temporarySandbox(), planFor(1), { folder });
		expect(await run.exit).toBe(1);
		expect(run.lines.join('\n')).toContain('is not an n8n credentials file');
		expect(await readFile(run.file, 'utf8')).toBe('{"my":"notes"}');
	});

	it('says that the port is taken, and by what to get around it', async () => {
		const sandbox = await temporarySandbox();
		const first = await Connecting.start(sandbox, planFor(1));
		const { port } = new URL(await first.address());
		const second = await Connecting.start(sandbox, planFor(1), { args: ['--port', port] });
		expect(await second.exit).toBe(1);
		expect(second.lines.join('\n')).toContain('--port');
		await first.interrupt();
	});

	it('tells its options and exit codes', async () => {
		expect(await call('accounts', 'connect', '--help')).toMatchObject({ code: 0, output: expect.stringContaining('Exit codes') });
		expect(await call('accounts', 'nothing')).toMatchObject({ code: 2 });
	});
});
