/** Vitest reporter: keeps what the test task says at its end, the tests that were left out above all. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export const SUMMARY_FILE = '.cache/test-summary.json';

export interface TestSummary {
	passed: number;
	/** Tests that failed, files that could not be loaded, and errors outside of tests. */
	failed: number;
	leftOut: Array<{ test: string; why: string }>;
}

export default class SummaryReporter implements Reporter {
	onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
		const tests = modules.flatMap((module) => [...module.children.allTests()]);
		const skipped = tests.filter((test) => test.result().state === 'skipped');
		const summary: TestSummary = {
			passed: tests.filter((test) => test.result().state === 'passed').length,
			failed:
				tests.filter((test) => test.result().state === 'failed').length +
				modules.filter((module) => !module.ok() && module.errors().length > 0).length +
				unhandled.length,
			leftOut: skipped.map((test) => ({ test: test.fullName, why: noteOf(test) })),
		};
		mkdirSync(dirname(SUMMARY_FILE), { recursive: true });
		writeFileSync(SUMMARY_FILE, JSON.stringify(summary));
	}
}

function noteOf(test: TestCase): string {
	const result = test.result();
	return 'note' in result && result.note !== undefined ? result.note : '';
}
