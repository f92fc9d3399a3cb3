/** All commands there are. */
import { ACCOUNTS } from './accounts';
import { table, type Command } from './command';
import { completionCommand } from './completion';
import { CONNECT, INIT } from './connect';
import { COSTS } from './costs';
import { DOCTOR } from './doctor';
import { GENERATE } from './generate';
import { JOBS, STATUS } from './jobs';

export const COMMANDS: readonly Command[] = [
	GENERATE,
	STATUS,
	JOBS,
	COSTS,
	ACCOUNTS,
	INIT,
	CONNECT,
	DOCTOR,
	completionCommand(() => COMMANDS),
];

export const HELP = `Usage: ytempire <command> [options]

${table(COMMANDS.map(({ words, about }) => [words, about]))}

Each command has --help and --json. Options that many of them share can be set in the environment:

${table([
	['YTEMPIRE_N8N_URL', 'address of n8n'],
	['YTEMPIRE_N8N_API_KEY', 'API key of n8n, or YTEMPIRE_N8N_API_KEY_FILE with its file'],
	['YTEMPIRE_WEBHOOK_KEY', 'key of the webhooks, or YTEMPIRE_WEBHOOK_KEY_FILE with its file; YTEMPIRE_WEBHOOK_HEADER names its header'],
	['YTEMPIRE_STORE_FILE', 'the SQLite store'],
	['YTEMPIRE_DATABASE_URL', 'a store in PostgreSQL, or YTEMPIRE_DATABASE_URL_FILE with the file of its address'],
])}

Exit codes: 0 done, 1 something failed, 2 wrong usage, 3 ended by Ctrl-C.
`;
