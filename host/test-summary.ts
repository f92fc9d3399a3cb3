/** Vitest reporter: keeps what the test task says at its end, the tests that were left out above all. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export const SUMMARY_FILE = '.cache/test-summary.json';

export interface TestSummary {
	passed: number;
	/** Tests that failed, files that could not be loaded, and errors outside of tests. */
	failed: number;
	leftOut: LeftOut[];
}

interface LeftOut {
	test: string;
	why: string;
	/** It needs what the project's own files can't install, on no machine. */
	notOurs: boolean;
}

/** Begins the reason, in a group's name, where nothing that a checkout can install would make its tests run. */
export const NOT_OURS = 'left out, not part of this repository';

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
			leftOut: skipped.map(leftOut),
		};
		mkdirSync(dirname(SUMMARY_FILE), { recursive: true });
		writeFileSync(SUMMARY_FILE, JSON.stringify(summary));
	}
}

/** Why is said by the test itself, or in brackets by the group that it is in. */
function leftOut(test: TestCase): LeftOut {
	const result = test.result();
	const note = 'note' in result ? result.note : undefined;
	const [, inName = ''] = /\((left out[^)]*)\)/.exec(test.fullName) ?? [];
	return { test: test.fullName, why: note ?? inName, notOurs: inName.startsWith(NOT_OURS) };
}
