/**
 * `npm test [-- <vitest arguments>]`: builds, runs every test, says what was left out and why, and closes with
 * `N passed, N failed`. With CI=true a test that was left out counts as failed, but for those that no checkout can
 * install all for.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';

import { build } from '../build/stamp';
import { SUMMARY_FILE, type TestSummary } from '../test-summary';
import { runTask, tool } from '../tools';

async function main(args: string[]): Promise<number> {
	await build('-L');
	rmSync(SUMMARY_FILE, { force: true });
	const reporters = ['default', './host/test-summary.ts'].map((name) => `--reporter=${name}`);
	const code = await tool('vitest/vitest.mjs', ['run', ...reporters, ...args]);
	if (!existsSync(SUMMARY_FILE)) {
		console.log('The tests ended before they were all run.');
		return code || 1;
	}
	const { passed, failed, leftOut } = JSON.parse(readFileSync(SUMMARY_FILE, 'utf8')) as TestSummary;
	const counted = process.env.CI === 'true' ? leftOut.filter(({ notOurs }) => !notOurs).length : 0;
	if (leftOut.length > 0) {
		console.log(`\nLeft out (${leftOut.length}${counted > 0 ? `, of which ${counted} are failures in CI` : ''}):`);
		for (const line of grouped(leftOut)) console.log(`  ${line}`);
	}
	console.log(`\n${passed} passed, ${failed + counted} failed`);
	return code || (counted > 0 ? 1 : 0);
}

/** Tests that were left out for the same reason, or with their whole group, in one line. */
function grouped(leftOut: TestSummary['leftOut']): string[] {
	const groups = new Map<string, number>();
	for (const { test, why } of leftOut) {
		const reason = why || (test.split(' > ')[0] ?? test);
		groups.set(reason, (groups.get(reason) ?? 0) + 1);
	}
	return [...groups].map(([reason, count]) => `${count} × ${reason}`);
}

runTask(async () => await main(process.argv.slice(2)));
