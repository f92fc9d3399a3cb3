/** The link to the sandbox as a process of its own: HTTPS under Google's names, with a round trip that can be set. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { startProcess } from '../../host/processes';

const READY_MS = 30_000;

export interface Link {
	/** On 127.0.0.1. */
	port: number;
	/** PEM; whoever comes by the link has to trust it. */
	certificateFile: string;
	setRoundTrip(ms: number): Promise<void>;
	stop(): Promise<void>;
}

export async function startLink(sandboxUrl: string, folder: string): Promise<Link> {
	const log = join(folder, 'link.log');
	const certificateFile = join(folder, 'link.pem');
	const running = startProcess({
		name: 'link',
		args: ['--import', 'tsx', resolve('bench/link/main.ts'), sandboxUrl, certificateFile],
		env: process.env,
		cwd: process.cwd(),
		log,
	});
	const deadline = Date.now() + READY_MS;
	while (Date.now() < deadline) {
		await delay(50);
		const line = existsSync(log) && readFileSync(log, 'utf8').split('\n').find((text) => text.startsWith('{'));
		if (!line) continue;
		const { port, control } = JSON.parse(line) as { port: number; control: string };
		return {
			port,
			certificateFile,
			setRoundTrip: async (ms) => {
				await fetch(`${control}/${ms}`, { method: 'PUT' });
			},
			stop: async () => {
				await running.stop();
			},
		};
	}
	throw new Error(`The link did not start. ${running.tail()}`);
}

/** For n8n's environment: Google's names lead to the link, and its certificate is trusted beside the known ones. */
export function environmentOf(link: Link): Record<string, string> {
	return {
		NODE_EXTRA_CA_CERTS: link.certificateFile,
		NODE_OPTIONS: `--import=${new URL(`file://${resolve('bench/link/lead.mjs')}`).href}`,
		YTEMPIRE_BENCH_PORT: String(link.port),
	};
}
