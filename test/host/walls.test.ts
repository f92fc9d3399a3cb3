/** The lint rule that holds the walls between our folders, tried with imports that cross them. */
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import tseslint from 'typescript-eslint';

let eslint: ESLint;

beforeAll(() => {
	// the files of these tests exist only here, so no types are known of them
	const untyped = { files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked };
	eslint = new ESLint({ overrideConfig: [untyped] });
});

async function crossed(filePath: string, code: string): Promise<boolean> {
	const [result] = await eslint.lintText(code, { filePath });
	const rules = result!.messages.map(({ ruleId }) => ruleId);
	return rules.includes('boundaries/dependencies');
}

describe('the walls of the house', () => {
	it.each([
		['core/x.ts', "import { Workflow } from 'n8n-workflow';"],
		['core/x.ts', "import { z } from 'zod/v4';"],
		['core/x.ts', "export const load = async () => await import('openai');"],
		['core/x.ts', "import { VideoJob } from '../nodes/VideoJob/VideoJob.node';"],
		['core/vendor/x.ts', "export { Workflow } from 'n8n-workflow';"],
		['nodes/x.ts', "import { z } from '../core/vendor/zod';"],
		['nodes/x.ts', "import axios from 'axios';"],
		['credentials/x.ts', "import { sleep } from '../core/abort';"],
		['sandbox/x.ts', "import type { Cost } from '../core/documents';"],
		['sandbox/x.ts', "import { storeOf } from '../nodes/shared/store';"],
		['cli/x.ts', "import { storeOf } from '../nodes/shared/store';"],
	])('stand in %s against %s', async (file, code) => {
		expect(await crossed(file, code)).toBe(true);
	});

	it.each([
		['core/x.ts', "import { sleep } from './abort';\nimport { z } from './vendor/zod';"],
		['core/x.ts', "import { DatabaseSync } from 'node:sqlite';"],
		['core/vendor/x.ts', "export { youtube_v3 } from 'googleapis/build/src/apis/youtube';"],
		['core/vendor/x.ts', "export { default } from '@sendgrid/mail';"],
		['nodes/x.ts', "import { NodeOperationError } from 'n8n-workflow';\nimport { sleep } from '../core/abort';"],
		['credentials/x.ts', "import type { ICredentialType } from 'n8n-workflow';"],
		['sandbox/x.ts', "import findMyWay from 'find-my-way';"],
		['cli/x.ts', "import { sleep } from '../core/abort';"],
	])('are open in %s for %s', async (file, code) => {
		expect(await crossed(file, code)).toBe(false);
	});
});
