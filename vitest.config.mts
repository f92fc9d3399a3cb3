/** Three kinds of tests: plain code; nodes in n8n-core's engine, from `dist/`; workflows in a real n8n. */
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const IN_ENGINE = ['test/nodes/**/*.test.ts', 'test/support/**/*.test.ts'];
const IN_N8N = ['test/workflows/**/*.test.ts'];

export default defineConfig({
	// one copy of n8n-workflow: the one that n8n-core and the built nodes load
	resolve: { alias: { 'n8n-workflow': resolve('node_modules/n8n-workflow/dist/cjs/index.js') } },
	test: {
		projects: [
			{
				extends: true,
				test: {
					name: 'unit',
					include: ['test/**/*.test.ts'],
					exclude: [...IN_ENGINE, ...IN_N8N],
					testTimeout: 30_000,
				},
			},
			{
				extends: true,
				test: {
					name: 'engine',
					include: IN_ENGINE,
					globalSetup: 'test/support/setup-build.ts',
					testTimeout: 60_000,
					hookTimeout: 60_000,
				},
			},
			{
				extends: true,
				test: {
					name: 'n8n',
					include: IN_N8N,
					globalSetup: ['test/support/setup-build.ts', 'test/support/setup-host.ts'],
					// each file starts an n8n of half a gigabyte
					fileParallelism: false,
					testTimeout: 300_000,
					hookTimeout: 300_000,
				},
			},
		],
	},
});
