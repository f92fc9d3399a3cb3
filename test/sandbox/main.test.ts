/** The sandbox as a program of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { expect, it, onTestFinished } from 'vitest';

import { ask } from '../support/http';
import { temporaryFolder } from '../support/store';

it('prints its addresses as one line of JSON, serves, and ends on SIGTERM', async () => {
	const folder = await temporaryFolder();
	const child = spawn(process.execPath, ['--import', 'tsx', 'sandbox/main.ts', '--data', folder, '--seed', '7'], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
	const { control, services } = JSON.parse(line);
	expect(Object.keys(services)).toEqual(expect.arrayContaining(['openai', 'elevenlabs', 'sendgrid', 'mixpanel']));
	expect((await ask(`${services.openai}/v1/models`)).status).toBe(401);
	expect((await ask(`${control}/requests`)).body).toHaveLength(1);
	child.kill('SIGTERM');
	expect(await once(child, 'exit')).toEqual([0, null]);
});

it('says what is missing', async () => {
	const child = spawn(process.execPath, ['--import', 'tsx', 'sandbox/main.ts'], { stdio: ['ignore', 'ignore', 'pipe'] });
	let said = '';
	child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
	expect(await once(child, 'close')).toEqual([1, null]);
	expect(said).toContain('--data DIR');
});
