/**
 * A real PostgreSQL for tests: the one that DATABASE_URL names, else a private server started from
 * this machine's programs, without a network port, in a folder that goes with it.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { freePorts } from './ports';

export const POSTGRES_CURE =
	'PostgreSQL is not there: run "apt-get install -y postgresql", or set DATABASE_URL to a database that tests may use';

/** Folders under which packages put the programs of each version. */
const VERSIONED = ['/usr/lib/postgresql', '/usr/local/lib/postgresql', '/opt/homebrew/opt'];

const START_MS = 20_000;

/** The folder of `initdb` and `postgres`; undefined when they are not there. */
function programs(): string | undefined {
	const versioned = VERSIONED.flatMap((folder) =>
		existsSync(folder)
			? readdirSync(folder)
					.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
					.map((version) => join(folder, version, 'bin'))
			: [],
	);
	const folders = [...(process.env.PATH ?? '').split(delimiter), ...versioned];
	return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))));
}

export function postgresAvailable(): boolean {
	return Boolean(process.env.DATABASE_URL) || programs() !== undefined;
}

/** PostgreSQL refuses to run as root: then another user of this machine runs it. */
function runner(): { uid?: number; gid?: number } {
	if (process.getuid?.() !== 0) return {};
	const users = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
	const user = ['postgres', 'nobody'].map((name) => users.find(([one]) => one === name)).find(Boolean);
	if (!user) throw new Error('PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody');
	return { uid: Number(user[2]), gid: Number(user[3]) };
}

export interface PostgresServer {
	/** `postgresql://…`, of a user that may create schemas. */
	url: string;
	stop(): Promise<void>;
}

/** @throws Error with POSTGRES_CURE when there is none */
export async function startPostgres(): Promise<PostgresServer> {
	const given = process.env.DATABASE_URL;
	if (given) return { url: given, stop: async () => undefined };
	return await startPrivate([], (folder) => `postgresql:///postgres?host=${encodeURIComponent(folder)}&user=ytempire`);
}

/**
 * A private server that listens on 127.0.0.1 and speaks TLS.
 * @param certificate paths of PEM files
 */
export async function startTlsPostgres(certificate: { cert: string; key: string }): Promise<PostgresServer> {
	const [port = 0] = await freePorts(1);
	const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'ssl=on', 'ssl_cert_file=server.crt', 'ssl_key_file=server.key'];
	return await startPrivate(settings, () => `postgresql://ytempire@127.0.0.1:${port}/postgres`, certificate);
}

/** True when this machine has the programs of a private server. */
export function privatePostgresAvailable(): boolean {
	return programs() !== undefined;
}

async function startPrivate(
	more: string[],
	urlOf: (folder: string) => string,
	certificate?: { cert: string; key: string },
): Promise<PostgresServer> {
	const bin = programs();
	if (!bin) throw new Error(POSTGRES_CURE);
	const user = runner();
	// short: the path of a Unix socket has at most 107 characters
	const folder = mkdtempSync(join(tmpdir(), 'ytempire-pg-'));
	if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? user.uid);
	const options = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } };
	const data = join(folder, 'data');
	await promisify(execFile)(
		join(bin, 'initdb'),
		['-D', data, '-U', 'ytempire', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
		options,
	);
	const settings = [
		'listen_addresses=',
		`unix_socket_directories=${folder}`,
		'max_connections=300',
		'shared_buffers=32MB',
		'fsync=off',
		...more,
	];
	if (certificate) {
		for (const [name, from] of [['server.crt', certificate.cert], ['server.key', certificate.key]] as const) {
			const to = join(data, name);
			copyFileSync(from, to);
			chmodSync(to, 0o600);
			if (user.uid !== undefined) chownSync(to, user.uid, user.gid ?? user.uid);
		}
	}
	const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((one) => ['-c', one])], {
		...options,
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const killed = () => server.kill('SIGQUIT');
	process.once('exit', killed);
	await ready(server);
	return {
		url: urlOf(folder),
		stop: async () => {
			process.off('exit', killed);
			if (server.exitCode === null && server.kill('SIGQUIT')) await once(server, 'exit');
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function ready(server: ChildProcess): Promise<void> {
	let said = '';
	await new Promise<void>((resolve, reject) => {
		const fail = () => reject(new Error(`PostgreSQL did not start:\n${said.slice(-2000)}`));
		const timer = setTimeout(fail, START_MS);
		server.once('error', reject);
		server.once('exit', fail);
		server.stderr?.on('data', (chunk: Buffer) => {
			said = (said + chunk.toString()).slice(-4000);
			if (!said.includes('ready to accept connections')) return;
			clearTimeout(timer);
			server.off('exit', fail);
			resolve();
		});
	});
}
