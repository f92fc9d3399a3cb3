/** Which command was asked for. */
import { connect, exitCodeOf, init } from './accounts';
import { HELP } from './help';
import { EXIT, sayError, type Terminal, UsageError } from './output';

/** @returns the exit code */
export async function main(args: string[], terminal: Terminal): Promise<number> {
	const [group, command, ...rest] = args;
	if (group === undefined || group === '--help' || group === '-h' || (group === 'accounts' && (command === '--help' || command === '-h'))) {
		terminal.out(HELP);
		return group === undefined ? EXIT.usage : EXIT.done;
	}
	try {
		if (group === 'accounts' && command === 'connect') return await connect(rest, terminal);
		if (group === 'accounts' && command === 'init') return await init(rest, terminal);
		throw new UsageError(`There is no such command. \`ytempire --help\` lists them.`);
	} catch (error) {
		sayError(terminal, error);
		return exitCodeOf(error);
	}
}
