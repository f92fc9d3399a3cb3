/** In a clone of this repository a Node that fits is at hand: it takes over where the system's own is too old for the store. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';

/** @returns its path; undefined when this Node fits or there is no other */
export function newerNode(): string | undefined {
	if (isBuiltin('node:sqlite') || process.env.YTEMPIRE_NODE_TRIED) return undefined;
	const program = process.platform === 'win32' ? 'node.exe' : 'node';
	return [join(__dirname, '..'), join(__dirname, '..', '..')]
		.map((root) => join(root, 'node_modules', 'node', 'bin', program))
		.find((path) => existsSync(path));
}

/** Runs this command with that Node. @returns its exit code */
export async function runWith(node: string): Promise<number> {
	// eslint-disable-next-line @n8n/community-nodes/no-dangerous-functions -- this very command, with the same arguments and no shell
	const child = spawn(node, [__filename.replace(/newer-node(\.[jt]s)$/, 'ytempire$1'), ...process.argv.slice(2)], {
		stdio: 'inherit',
		env: { ...process.env, YTEMPIRE_NODE_TRIED: '1' },
	});
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
	return await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
	});
}
