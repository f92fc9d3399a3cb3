/** Google's addresses on this machine: TLS in front of the sandbox, with a certificate made for one run. */
import { Agent, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { pipeline } from 'node:stream';

import { generate } from 'selfsigned';

export interface Certificate {
	key: string;
	cert: string;
}

/** For these names, its own authority: whoever is to believe it is told so. */
export async function certificateFor(names: string[]): Promise<Certificate> {
	const made = await generate([{ name: 'commonName', value: 'ytempire bench' }], {
		keyType: 'ec',
		algorithm: 'sha256',
		notAfterDate: new Date(Date.now() + 24 * 3_600_000),
		extensions: [
			{ name: 'basicConstraints', cA: true, critical: true },
			{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2 as const, value })) },
		],
	});
	return { key: made.private, cert: made.cert };
}

/** Takes HTTPS on a free port and asks the sandbox in its place, streaming both ways. */
export async function tlsFront(sandbox: URL, certificate: Certificate): Promise<Server> {
	const agent = new Agent({ keepAlive: true });
	const server = createServer({ ...certificate, requestTimeout: 0, keepAliveTimeout: 60_000, noDelay: true });
	server.on('request', (incoming: IncomingMessage, answer: ServerResponse) => {
		const outgoing = request({
			agent,
			host: sandbox.hostname,
			port: sandbox.port,
			method: incoming.method,
			path: incoming.url,
			// the sandbox names its sessions by the address that the client came by
			headers: { ...incoming.headers, 'x-forwarded-proto': 'https' },
		});
		outgoing.on('response', (reply) => {
			answer.writeHead(reply.statusCode ?? 502, reply.headers);
			pipeline(reply, answer, () => undefined);
		});
		pipeline(incoming, outgoing, (error) => {
			if (error) answer.destroy();
		});
	});
	return await new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => resolve(server));
	});
}
