/** `ytempire accounts connect` under way, and a person with a browser who consents. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { main } from '../../cli/main';
import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';

import { temporaryFolder } from './store';

/** What the operator fills in, for the sandbox's first accounts. */
export function planFor(count: number, more: Record<number, Record<string, unknown>> = {}): Record<string, unknown> {
	const { clientId, clientSecret, accounts } = KEYS.youtube;
	return {
		clients: { main: { client_id: clientId, client_secret: clientSecret } },
		accounts: accounts.slice(0, count).map(({ id, channelId }, index) => ({
			account_id: id,
			email: `${id}@sandbox.example`,
			role: index < 10 ? 'active' : 'reserve',
			client: 'main',
			channel_id: channelId,
			...more[index],
		})),
	};
}

export interface Page {
	status: number;
	url: string;
	html: string;
	headers: Headers;
}

/** Keeps cookies and follows redirects by itself, as a browser does. */
export class Browser {
	private readonly cookies = new Map<string, string>();

	readonly visited: string[] = [];

	async open(address: string): Promise<Page> {
		let url = address;
		for (let hop = 0; hop < 10; hop++) {
			this.visited.push(url);
			const response = await fetch(url, {
				redirect: 'manual',
				headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
			});
			for (const line of response.headers.getSetCookie()) {
				const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
				this.cookies.set(name!, value!);
			}
			const location = response.headers.get('location');
			if (location === null) return { status: response.status, url, html: await response.text(), headers: response.headers };
			url = new URL(location, url).href;
		}
		throw new Error('too many redirects');
	}

	/** The links of a page whose query holds all these fields. */
	static links(page: Page, fields: Record<string, string> = {}): string[] {
		return [...page.html.matchAll(/href="([^"]+)"/g)]
			.map(([, href]) => new URL(href!.replaceAll('&amp;', '&'), page.url))
			.filter(({ searchParams }) => Object.entries(fields).every(([name, value]) => searchParams.get(name) === value))
			.map(({ href }) => href);
	}
}

export class Connecting {
	readonly lines: string[] = [];

	readonly browser = new Browser();

	output = '';

	private readonly ending = new AbortController();

	readonly exit: Promise<number>;

	private constructor(
		readonly folder: string,
		args: string[],
	) {
		this.exit = main(['accounts', 'connect', ...args], {
			out: (text) => (this.output += text),
			say: (line) => this.lines.push(line),
			signal: this.ending.signal,
		});
	}

	static async start(
		sandbox: Sandbox,
		plan: unknown,
		options: { folder?: string; args?: string[]; port?: number | undefined } = {},
	): Promise<Connecting> {
		const { folder, args = [] } = options;
		// undefined: the command's own
		const port = 'port' in options ? options.port : 0;
		const home = folder ?? (await temporaryFolder());
		const accounts = join(home, 'accounts.json');
		await writeFile(accounts, JSON.stringify(plan), { mode: 0o600 });
		const fixed = ['--accounts', accounts, '--out', join(home, 'pool.json'), '--google-base', sandbox.services.youtube.url];
		return new Connecting(home, [...fixed, ...(port === undefined ? [] : ['--port', String(port)]), ...args]);
	}

	get file(): string {
		return join(this.folder, 'pool.json');
	}

	/** The address that the terminal shows. */
	async address(): Promise<string> {
		for (let tries = 0; tries < 500; tries++) {
			const found = this.lines.find((line) => line.startsWith('Open http'));
			if (found) return found.slice('Open '.length);
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		throw new Error(`no page: ${this.lines.join('\n')}`);
	}

	async page(): Promise<Page> {
		return await this.browser.open(await this.address());
	}

	/** Presses Connect in one row, and answers on Google's page. */
	async consent(row: number, fields: Record<string, string> = {}): Promise<Page> {
		await this.page();
		const asked = await this.browser.open(`${new URL(await this.address()).origin}/connect/${row}`);
		const wanted = { account: KEYS.youtube.accounts[row - 1]!.id, answer: 'allow', ...fields };
		return await this.browser.open(Browser.links(asked, wanted)[0]!);
	}

	/** Ctrl-C. */
	async interrupt(): Promise<number> {
		this.ending.abort();
		return await this.exit;
	}
}
