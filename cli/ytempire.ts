#!/usr/bin/env node
/** The `ytempire` command. Ctrl-C ends it in order: what was begun is written first; a second one ends it at once. */
import { main } from './main';
import { newerNode, runWith } from './newer-node';

const ended = new AbortController();

/** `| head` has seen enough. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code === 'EPIPE') process.exit();
	throw error;
});

async function start(): Promise<number> {
	const node = newerNode();
	if (node !== undefined) return await runWith(node);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
	return await main(process.argv.slice(2), {
		out: (text) => process.stdout.write(text),
		say: (line) => process.stderr.write(`${line}\n`),
		signal: ended.signal,
	});
}

void start().then((code) => {
	process.exitCode = code;
});
