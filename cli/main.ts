/** Which command was asked for. */
import { isYtempireError } from '../core/errors';

import { helpOf, readArguments } from './command';
import { COMMANDS, HELP } from './commands';
import { errorJson, EXIT, printJson, sayError, type Terminal, UsageError } from './output';

/** Errors about what the person has given: wrong usage. */
const GIVEN = new Set(['accounts-file', 'client-options', 'file-unreadable', 'pool-credential', 'redirect', 'store-schema', 'video-list', 'video-request']);

/** @returns the exit code */
export async function main(args: string[], terminal: Terminal): Promise<number> {
	const [first] = args;
	if (args.includes('--json') && ['--help', '-h', 'help', '--json'].includes(first ?? '')) {
		printJson(terminal, { help: HELP });
		return first === '--json' ? EXIT.usage : EXIT.done;
	}
	if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
		terminal.out(HELP);
		return first === undefined ? EXIT.usage : EXIT.done;
	}
	try {
		const command = [...COMMANDS]
			.sort((a, b) => b.words.length - a.words.length)
			.find(({ words }) => words.split(' ').every((word, at) => args[at] === word));
		if (!command) throw new UsageError('There is no such command. `ytempire --help` lists them.');
		const rest = args.slice(command.words.split(' ').length);
		if (rest.includes('--help') || rest.includes('-h')) {
			if (rest.includes('--json')) printJson(terminal, { help: helpOf(command) });
			else terminal.out(helpOf(command));
			return EXIT.done;
		}
		return await command.run(readArguments(command, rest), terminal);
	} catch (error) {
		sayError(terminal, error);
		const code = exitCodeOf(error);
		if (args.includes('--json')) printJson(terminal, { error: errorJson(error), exit_code: code });
		return code;
	}
}

/** The exit code of an error that ended a command. */
function exitCodeOf(error: unknown): number {
	if (error instanceof UsageError) return EXIT.usage;
	if (!isYtempireError(error)) return EXIT.failed;
	if (error.errorClass === 'cancelled') return EXIT.interrupted;
	return GIVEN.has(error.reason ?? '') ? EXIT.usage : EXIT.failed;
}
