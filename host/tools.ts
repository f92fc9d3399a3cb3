/** Runs command-line tools of node_modules with this Node. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The tool's exit code becomes ours. */
export async function runTool(file: string, args: string[]): Promise<void> {
	process.exitCode = await tool(file, args);
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
