/** Runs npm and other commands for set-up. Plain JavaScript without dependencies, on Node 20. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';

/** Variables of an outer `npm run` that would make an inner npm believe it works for that package. */
const OUTER_NPM = /^npm_(lifecycle|package)_|^npm_config_(local_prefix|ignore_scripts)$|^NODE_ENV$/i;

const TAIL_LINES = 30;

/**
 * @typedef {object} NpmOptions
 * @property {string} cwd
 * @property {string} log file that takes everything npm says
 * @property {string} [node] folder of the Node that npm and install scripts run on
 * @property {Record<string, string>} [env]
 */

/**
 * @param {string[]} args
 * @param {NpmOptions} options
 * @throws Error with the end of npm's words
 */
export async function npm(args, { cwd, log, node, env = {} }) {
	const { command, first } = npmCommand();
	const inherited = Object.entries(process.env).filter(([name]) => !OUTER_NPM.test(name));
	mkdirSync(dirname(log), { recursive: true });
	const output = openSync(log, 'a');
	try {
		await finished(
			spawn(command, [...first, ...args, '--no-audit', '--no-fund'], {
				cwd,
				shell: process.platform === 'win32' && first.length === 0,
				stdio: ['ignore', output, output],
				env: {
					...Object.fromEntries(inherited),
					PATH: [node, process.env.PATH].filter(Boolean).join(delimiter),
					...env,
				},
			}),
			`npm ${args.join(' ')}`,
			log,
		);
	} finally {
		closeSync(output);
	}
}

/** The npm that runs us, when one does; else the one on PATH. */
function npmCommand() {
	const outer = process.env.npm_execpath;
	const known = outer !== undefined && basename(outer) === 'npm-cli.js' && existsSync(outer);
	if (known) return { command: process.execPath, first: [outer] };
	return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', first: [] };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} what
 * @param {string} log
 */
async function finished(child, what, log) {
	const code = await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (status, signal) => resolve(status ?? signal));
	});
	if (code === 0) return;
	const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
	throw new Error(`"${what}" ended with ${code}. The end of ${log}:\n${tail}`);
}

/**
 * The folder of the `node` that the npm package of that name brought, or undefined before its install script ran.
 * @param {string} root folder that holds node_modules
 */
export function nodeFolder(root) {
	const folder = join(root, 'node_modules', 'node', 'bin');
	const file = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
	return existsSync(file) ? folder : undefined;
}
