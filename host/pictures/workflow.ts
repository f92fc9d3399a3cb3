/**
 * Makes `pictures/workflow.png`: the main workflow as n8n's own editor shows it.
 * Run by hand when the workflow changes: `node_modules/.bin/tsx host/pictures/workflow.ts`. Needs Chromium.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { launchBrowser } from '../browser';
import { startFactory, type Factory } from '../factory';
import { startSandboxProcess } from '../sandbox';

const FILE = join('pictures', 'workflow.png');
const WORKFLOW = 'video_generation.json';

/** Pixels around the drawing. */
const MARGIN = 16;

async function picture({ n8n }: Factory): Promise<void> {
	const { id } = (await (await n8n.api()).get<{ data: Array<{ id: string }> }>('/workflows')).data[0] ?? {};
	const { email, password } = n8n.owner;
	const browser = await launchBrowser();
	try {
		const context = await browser.newContext({ viewport: { width: 2000, height: 1130 }, colorScheme: 'light' });
		await context.request.post(`${n8n.url}/rest/login`, { data: { emailOrLdapLoginId: email, password } });
		const page = await context.newPage();
		await page.goto(`${n8n.url}/workflow/${id}`);
		await page.waitForSelector('.vue-flow__node');
		await page.keyboard.press('Escape');
		// the editor's own key for: all of it, as large as fits
		await page.keyboard.press('1');
		await page.waitForTimeout(2000);
		await page.screenshot({ path: FILE, clip: await drawing(page) });
		console.log(FILE);
	} finally {
		await browser.close();
	}
}

/** Around all nodes and notes, without what the editor lays beside them. */
async function drawing(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
	const all = await page.locator('.vue-flow__node').all();
	const boxes = (await Promise.all(all.map(async (node) => await node.boundingBox()))).filter((box) => box !== null);
	const [left, top] = [Math.min(...boxes.map(({ x }) => x)), Math.min(...boxes.map(({ y }) => y))];
	const right = Math.max(...boxes.map(({ x, width }) => x + width));
	const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
	return { x: left - MARGIN, y: top - MARGIN, width: right - left + 2 * MARGIN, height: bottom - top + 2 * MARGIN };
}

async function main(): Promise<void> {
	const scratch = mkdtempSync(join(tmpdir(), 'ytempire-pictures-'));
	const sandbox = await startSandboxProcess(join(scratch, 'sandbox'));
	try {
		const factory = await startFactory({ services: sandbox.services, workflows: [WORKFLOW], n8n: { editor: true } });
		try {
			await picture(factory);
		} finally {
			await factory.remove();
		}
	} finally {
		await sandbox.stop();
		rmSync(scratch, { recursive: true, force: true });
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
