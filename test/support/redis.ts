/**
 * A real Redis for tests: the one that REDIS_URL names, else a private server started from this
 * machine's programs, on a free port of this machine alone, that keeps nothing.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { connect as connectTls } from 'node:tls';

import { freePorts } from '../../host/ports';

export const REDIS_CURE =
	'Redis is not there: run "apt-get install -y redis-server", or set REDIS_URL to a Redis that tests may use';

const START_MS = 20_000;

const PROGRAM = 'redis-server';

export function redisAvailable(): boolean {
	if (process.env.REDIS_URL) return true;
	return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, PROGRAM)));
}

export interface RedisServer {
	/** `redis://…` */
	url: string;
	/** Ends a private server; of a given one, removes the keys whose names begin so. */
	stop(prefix: string): Promise<void>;
}

/** @throws Error with REDIS_CURE when there is none */
export async function startRedis(): Promise<RedisServer> {
	const given = process.env.REDIS_URL;
	if (given) return { url: given, stop: async (prefix) => await removeKeys(given, prefix) };
	if (!redisAvailable()) throw new Error(REDIS_CURE);
	const [port = 0] = await freePorts(1);
	const folder = mkdtempSync(join(tmpdir(), 'ytempire-redis-'));
	const server = spawn(
		PROGRAM,
		['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
		{ cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
	);
	const killed = () => server.kill('SIGKILL');
	process.once('exit', killed);
	await ready(server);
	return {
		url: `redis://127.0.0.1:${port}`,
		stop: async () => {
			process.off('exit', killed);
			if (server.exitCode === null && server.kill('SIGKILL')) await once(server, 'exit');
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function ready(server: ChildProcess): Promise<void> {
	let said = '';
	await new Promise<void>((resolve, reject) => {
		const fail = () => reject(new Error(`Redis did not start:\n${said}`));
		const timer = setTimeout(fail, START_MS);
		server.once('error', reject);
		server.once('exit', fail);
		server.stdout?.on('data', (chunk: Buffer) => {
			said = (said + chunk.toString()).slice(-4000);
			if (!said.includes('Ready to accept connections')) return;
			clearTimeout(timer);
			server.off('exit', fail);
			resolve();
		});
	});
}

const REMOVE_KEYS = "for _, key in ipairs(redis.call('keys', ARGV[1])) do redis.call('del', key) end";

/** In Redis's inline form, one command a line, which needs no client. */
async function removeKeys(url: string, prefix: string): Promise<void> {
	const { protocol, hostname, port, username, password, pathname } = new URL(url);
	const at = { host: hostname, port: Number(port) || 6379 };
	const socket = protocol === 'rediss:' ? connectTls({ ...at, servername: hostname }) : connectTcp(at);
	let answer = '';
	socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
	const words = [username, password].filter(Boolean).map((word) => JSON.stringify(decodeURIComponent(word)));
	const commands = [
		...(words.length > 0 ? [`AUTH ${words.join(' ')}`] : []),
		`SELECT ${pathname.slice(1) || '0'}`,
		`EVAL "${REMOVE_KEYS}" 0 "${prefix}*"`,
		'QUIT',
	];
	socket.write(commands.map((command) => `${command}\r\n`).join(''));
	await once(socket, 'close');
	const refused = /^-.*$/m.exec(answer);
	if (refused) throw new Error(`Redis did not remove the keys of this test: ${refused[0]}`);
}
