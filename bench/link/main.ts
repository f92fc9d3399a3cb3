/**
 * The way to the sandbox as a program: `node --import tsx bench/link/main.ts SANDBOX_URL CERTIFICATE_FILE`.
 * Prints one line of JSON, `{"port": …, "control": url}`: where HTTPS goes, and where `PUT /40` makes
 * the round trip 40 ms (0 at first).
 */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';

import { delayedLink } from './delay';
import { certificateFor, tlsFront } from './tls';

/** What both nodes speak to by default. */
const HOSTS = ['www.googleapis.com', 'youtube.googleapis.com', 'oauth2.googleapis.com'];

async function main(): Promise<void> {
	const [sandbox, certificateFile] = process.argv.slice(2);
	if (!sandbox || !certificateFile) throw new Error('Say where the sandbox is and where the certificate goes.');
	const certificate = await certificateFor(HOSTS);
	writeFileSync(certificateFile, certificate.cert);
	let roundTripMs = 0;
	const front = await tlsFront(new URL(sandbox), certificate);
	const link = await delayedLink(portOf(front), () => roundTripMs / 2);
	const control = createServer((request, answer) => {
		roundTripMs = Number(request.url?.slice(1));
		answer.writeHead(204).end();
	});
	await new Promise<void>((resolve) => {
		control.listen(0, '127.0.0.1', resolve);
	});
	process.stdout.write(`${JSON.stringify({ port: portOf(link), control: `http://127.0.0.1:${portOf(control)}` })}\n`);
}

function portOf(server: Server): number {
	return (server.address() as AddressInfo).port;
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(1);
});
