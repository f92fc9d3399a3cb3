#!/usr/bin/env node
/** The `ytempire` command. Ctrl-C ends it in order: what was begun is written first; a second one ends it at once. */
import { main } from './main';

const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());

void main(process.argv.slice(2), {
	out: (text) => process.stdout.write(text),
	say: (line) => process.stderr.write(`${line}\n`),
	signal: ended.signal,
}).then((code) => {
	process.exitCode = code;
});
