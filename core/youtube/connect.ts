/**
 * Connecting accounts: a page on this machine leads through Google's consent for one account after another.
 * The server listens on 127.0.0.1 only, answers only to its own names, and only to the browser that opened
 * the address from the terminal: other users of the machine can reach the port, too.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { invalidRequest } from '../errors';

import { Desk, type DeskOptions } from './connect/desk';
import { noticePage, overviewPage, PAGE_HEADERS, type Row } from './connect/page';
import type { Return } from './connect/redirect';

export interface ConnectOptions extends DeskOptions {
	returnTo: Return;
	/** Told once, with the address to open in a browser. */
	onReady: (pageUrl: string, redirectUri: string) => void;
}

/** After the last account the page is shown once more; a browser that doesn't ask for it isn't waited for. */
const LAST_PAGE_MS = 5_000;

/**
 * Runs until every account is connected or the signal fires. What was connected is in the file by then.
 * @returns the accounts in the plan's order
 * @throws YtempireError `invalid-request` when the port is taken
 */
export async function connectAccounts(options: ConnectOptions): Promise<Row[]> {
	const { returnTo, onReady, signal } = options;
	const server = createServer();
	const redirectUri = () => returnTo.uri((server.address() as AddressInfo).port);
	const desk = new Desk(options, redirectUri);
	await desk.refresh();
	if (desk.isDone || signal?.aborted) return desk.rows;
	await listen(server, returnTo.port);
	try {
		const uri = redirectUri();
		const key = randomBytes(24).toString('base64url');
		const visit = new Visit(desk, uri, returnTo.path, key, server);
		const finished = new Promise<void>((resolve) => {
			server.on('request', (request, response) => {
				void visit.answer(request, response).then((isLast) => {
					if (isLast) resolve();
					else if (desk.isDone) setTimeout(resolve, LAST_PAGE_MS).unref();
				});
			});
			signal?.addEventListener('abort', () => resolve(), { once: true });
		});
		onReady(`${new URL(uri).origin}/?key=${key}`, uri);
		await finished;
		await desk.settled();
		return desk.rows;
	} finally {
		server.close();
		server.closeAllConnections();
	}
}

/** What one browser sees. */
class Visit {
	private readonly hosts: Set<string>;

	private readonly cookie: string;

	constructor(
		private readonly desk: Desk,
		private readonly redirectUri: string,
		private readonly callbackPath: string,
		private readonly key: string,
		server: Server,
	) {
		const { port } = server.address() as AddressInfo;
		this.hosts = new Set([new URL(redirectUri).host, `localhost:${port}`, `127.0.0.1:${port}`]);
		this.cookie = `ytempire_connect_${port}`;
	}

	/** @returns true when the page that says that all is done was shown */
	async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
		try {
			return await this.route(request, response);
		} catch {
			if (!response.headersSent) show(response, 500, noticePage('Something went wrong', 'Go back and try again.', '/'));
			else response.destroy();
			return false;
		}
	}

	private async route(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
		if (!this.hosts.has(request.headers.host ?? '')) {
			return show(response, 421, noticePage('This address is not known here', 'Open the address that the terminal shows.'));
		}
		if (request.method !== 'GET') return show(response, 405, noticePage('This is not how it works', 'Use the links of the page.', '/'), { allow: 'GET' });
		const base = 'http://localhost';
		const url = URL.canParse(request.url ?? '/', base) ? new URL(request.url ?? '/', base) : undefined;
		if (url?.pathname === '/' && this.isKey(url.searchParams.get('key'))) {
			const secure = this.redirectUri.startsWith('https:') ? '; Secure' : '';
			return send(response, 303, { location: '/', 'set-cookie': `${this.cookie}=${this.key}; Path=/; HttpOnly; SameSite=Lax${secure}` });
		}
		if (!this.isKey(this.cookieOf(request))) {
			return show(response, 403, noticePage('Open the address that the terminal shows', 'It holds a key, so that no one else can connect accounts here.'));
		}
		if (url?.pathname === '/') {
			const isLast = this.desk.isDone;
			await shown(response, 200, overviewPage(this.desk.rows, this.redirectUri));
			return isLast;
		}
		if (url?.pathname === this.callbackPath) return await this.callback(response, url.searchParams);
		const [, number] = /^\/connect\/(\d{1,4})$/.exec(url?.pathname ?? '') ?? [];
		const consent = number === undefined ? undefined : await this.desk.begin(Number(number) - 1);
		if (consent !== undefined) return send(response, 303, { location: consent });
		return show(response, 404, noticePage('There is nothing here', 'The accounts are on the first page.', '/'));
	}

	/** The code leaves the address line at once: the answer sends the browser on. */
	private async callback(response: ServerResponse, query: URLSearchParams): Promise<boolean> {
		if (await this.desk.finish(query)) return send(response, 303, { location: '/' });
		return show(
			response,
			400,
			noticePage('This answer is not expected', 'It was used before, is too old, or was begun elsewhere. Nothing was connected by it; press Connect once more.', '/'),
		);
	}

	private isKey(given: string | null | undefined): boolean {
		const digest = (text: string) => createHash('sha256').update(text).digest();
		return typeof given === 'string' && timingSafeEqual(digest(given), digest(this.key));
	}

	private cookieOf({ headers }: IncomingMessage): string | undefined {
		const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
		return pairs.find(([name]) => name === this.cookie)?.[1];
	}
}

function send(response: ServerResponse, status: number, headers: Record<string, string>): false {
	response.writeHead(status, { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'content-length': '0', ...headers }).end();
	return false;
}

function show(response: ServerResponse, status: number, html: string, headers: Record<string, string> = {}): false {
	response.writeHead(status, { ...PAGE_HEADERS, ...headers }).end(html);
	return false;
}

/** Resolves when the page has gone out. */
async function shown(response: ServerResponse, status: number, html: string): Promise<void> {
	await new Promise<void>((resolve) => {
		response.once('close', resolve);
		response.writeHead(status, { ...PAGE_HEADERS, connection: 'close' }).end(html);
	});
}

async function listen(server: Server, port: number): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', (cause: NodeJS.ErrnoException) => {
			const why = cause.code === 'EADDRINUSE' ? 'is in use by another program' : `can't be used (${cause.code ?? cause.message})`;
			const cure = 'Stop that program, or choose another port with --port and add its address to the redirect URIs of the OAuth client.';
			reject(invalidRequest(`Port ${port} of 127.0.0.1 ${why}`, { cure, reason: 'port', cause }));
		});
		server.listen(port, '127.0.0.1', resolve);
	});
}
