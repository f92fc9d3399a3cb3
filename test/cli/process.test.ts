/** The command as a process of its own: ended by Ctrl-C, killed, and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';

import { KEYS } from '../../sandbox/keys';
import { Browser, planFor } from '../support/connect';
import { temporarySandbox } from '../support/sandbox';
import { temporaryFolder } from '../support/store';

/** Starts it and waits for its page. */
async function start(folder: string, google: string): Promise<{ child: ChildProcess; page: string }> {
	const accounts = join(folder, 'accounts.json');
	await writeFile(accounts, JSON.stringify(planFor(2)), { mode: 0o600 });
	const options = ['--accounts', accounts, '--out', join(folder, 'pool.json'), '--google-base', google, '--port', '0'];
	const child = spawn(process.execPath, ['--import', 'tsx', 'cli/ytempire.ts', 'accounts', 'connect', ...options], {
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	for await (const line of createInterface({ input: child.stderr })) {
		if (line.startsWith('Open ')) return { child, page: line.slice('Open '.length) };
	}
	throw new Error('it ended without a page');
}

async function consent(page: string, row: number): Promise<string> {
	const browser = new Browser();
	await browser.open(page);
	const asked = await browser.open(`${new URL(page).origin}/connect/${row}`);
	const [allow] = Browser.links(asked, { account: KEYS.youtube.accounts[row - 1]!.id, answer: 'allow' });
	return (await browser.open(allow!)).html;
}

describe('ytempire accounts connect as a process', () => {
	it('keeps what was connected when it is killed or ended, and ends by itself when all are', async () => {
		const google = (await temporarySandbox()).services.youtube.url;
		const folder = await temporaryFolder();
		const killed = await start(folder, google);
		await consent(killed.page, 2);
		killed.child.kill('SIGKILL');
		await once(killed.child, 'exit');
		const kept = JSON.parse(await readFile(join(folder, 'pool.json'), 'utf8'));
		expect(kept[0].data.accounts.account).toHaveLength(1);

		const ended = await start(folder, google);
		ended.child.kill('SIGINT');
		expect(await once(ended.child, 'exit')).toEqual([3, null]);

		const last = await start(folder, google);
		const exit = once(last.child, 'exit');
		expect(await consent(last.page, 1)).toContain('All accounts are connected');
		expect(await exit).toEqual([0, null]);
	});
});
