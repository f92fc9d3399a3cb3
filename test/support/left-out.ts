/** Tests that need a program which may not be there: then they say which one, and how to get it. */
import { describe, it } from 'vitest';

/**
 * Runs the tests when nothing is missing; else they are reported as left out, and fail with CI=true.
 * @param missing what is not there, each with its cure
 */
export function describeWhere(name: string, missing: string[], tests: () => void): void {
	const there = missing.length === 0;
	const cure = missing.join('; ');
	describe.runIf(there)(`${name}${there ? '' : ` (left out: ${cure})`}`, tests);
	if (there) return;
	process.stderr.write(`Left out: ${name}: ${cure}\n`);
	if (process.env.CI !== 'true') return;
	it(`${name}: all that it needs is there in CI`, () => {
		throw new Error(cure);
	});
}
