/** Tasks, and the command-line tools of node_modules that they run with this Node. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What the task gives is our exit code; an error is told by its message. */
export function runTask(task: () => Promise<number>): void {
	task().then(
		(code) => (process.exitCode = code),
		(error: unknown) => {
			console.error(error instanceof Error ? error.message : error);
			process.exitCode = 1;
		},
	);
}

/**
 * @param file path inside node_modules
 * @returns the exit code; 1 when a signal ended it
 */
export async function tool(
	file: string,
	args: string[],
	env: Record<string, string> = {},
): Promise<number> {
	const child = spawn(process.execPath, [join('node_modules', file), ...args], {
		stdio: 'inherit',
		env: { ...process.env, ...env },
	});
	const [code] = (await once(child, 'exit')) as [number | null];
	return code ?? 1;
}
