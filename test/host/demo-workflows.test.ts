/** What `--workflow` of the demo may name. */
import { readdirSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { parseDemoOptions, USAGE } from '../../host/demo/options';
import { chosenWorkflows } from '../../host/demo/workflows';

describe('--workflow', () => {
	it('is off by default, and told by --help', () => {
		expect(parseDemoOptions([])).toMatchObject({ workflow: '' });
		expect(parseDemoOptions(['--workflow', 'all', '--json'])).toMatchObject({ workflow: 'all', json: true });
		expect(USAGE).toContain('--workflow NAME');
	});

	it('takes all, each once and the video first, or one by its file or ID', () => {
		const all = chosenWorkflows('all').map(({ file }) => `${file}.json`);
		expect([...all].sort()).toEqual(readdirSync('workflows').sort());
		expect(all[0]).toBe('video_generation.json');
		for (const name of ['quality_check', 'quality_check.json', 'workflow_002']) {
			expect(chosenWorkflows(name).map(({ file }) => file)).toEqual(['quality_check']);
		}
	});

	it('says which there are when there is none of that name', () => {
		expect(() => chosenWorkflows('quality')).toThrow(/no quality; there are all, video_generation, .*account_health/);
	});
});
