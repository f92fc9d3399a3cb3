/** The dashboard's workflow in a real n8n, opened as a person opens it: in a browser that asks for a password. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openStore } from '../../core/store/store';
import { CHROMIUM_CURE, chromiumPath, launchBrowser } from '../../host/browser';
import { seedStore } from '../../host/pictures/seed';
import { drawnShares, overflow, PHONE, watchedPage } from '../support/browser';
import { describeWhere } from '../support/left-out';

import { testFactory, type TestFactory } from './factory';

let factory: TestFactory;
let url: string;
let httpCredentials: { username: string; password: string };
beforeAll(async () => {
	factory = await testFactory({ workflows: ['dashboard.json'] });
	url = `${factory.n8n.url}/webhook/dashboard`;
	httpCredentials = { username: 'ytempire', password: factory.webhookKey.value };
	const store = await openStore(factory.store);
	await seedStore(store, { videos: 200, days: 30 });
	await store.close();
});
afterAll(async () => {
	await factory?.close();
});

const basic = (user: string, password: string) => ({ authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` });

const get = async (query = '', headers: Record<string, string> = basic(httpCredentials.username, httpCredentials.password)) =>
	await fetch(`${url}${query}`, { headers });

describe('dashboard', () => {
	it('answers one page that is not kept, and the same as JSON', async () => {
		const page = await get();
		expect(page.status).toBe(200);
		expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
		expect(page.headers.get('cache-control')).toBe('no-store');
		expect(page.headers.get('content-security-policy')).toMatch(/^sandbox (?!.*allow-same-origin)/);
		expect(await page.text()).toMatch(/^<!doctype html>/);
		const json = await get('?format=json&days=7');
		expect(json.headers.get('content-type')).toMatch(/^application\/json/);
		const data = (await json.json()) as { accounts: { list: object[] } };
		expect(data).toMatchObject({ days: 7, videos: { total: 200 }, accounts: { ready: 15, problem: '' } });
		expect(data.accounts.list).toHaveLength(15);
	});

	it('says what is wrong with the days asked for', async () => {
		for (const days of ['0', 'many', '1.5', '']) {
			const answer = await get(`?days=${days}`);
			expect(answer.status, days).toBe(400);
			expect(await answer.json(), days).toMatchObject({ success: false, error: expect.stringContaining("can't look back") });
		}
	});

	it('lets nobody in without the password', async () => {
		const without = await get('', {});
		expect(without.status).toBe(401);
		expect(without.headers.get('www-authenticate')).toMatch(/^Basic /);
		const wrong: Array<Record<string, string>> = [
			basic('ytempire', 'wrong'),
			basic('admin', httpCredentials.password),
			{ 'x-auth-token': 'wrong' },
			{ [factory.webhookKey.name]: factory.webhookKey.value },
		];
		for (const headers of wrong) {
			const answer = await get('', headers);
			expect([401, 403]).toContain(answer.status);
			expect(await answer.text()).not.toContain('YTEMPIRE');
		}
	});
});

describeWhere('the dashboard of a real n8n in a browser', chromiumPath() ? [] : [CHROMIUM_CURE], () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchBrowser();
	});
	afterAll(async () => {
		await browser?.close();
	});

	it('opens on a phone, draws its charts, and leads to other days and to the JSON', async () => {
		const { page, complaints, requests } = await watchedPage(browser, { ...PHONE, httpCredentials });
		await page.goto(url);
		const drawn = Object.values(await drawnShares(page));
		expect(drawn).toHaveLength(3);
		for (const share of drawn) expect(share).toBeGreaterThan(0.05);
		expect(await page.getByRole('table', { name: 'The pool’s accounts today' }).getByRole('rowheader').count()).toBe(15);
		expect(await overflow(page)).toBeLessThanOrEqual(0);
		await page.getByRole('link', { name: '7 days' }).click();
		await page.waitForURL(`${url}?days=7`);
		expect(await page.getByRole('banner').innerText()).toContain('looking back on 7 days');
		expect(Object.values(await drawnShares(page)).every((share) => share > 0.05)).toBe(true);
		expect(requests.map((asked) => asked.split('?')[0])).toEqual([url, url]);
		expect(complaints).toEqual([]);
		await page.getByRole('link', { name: 'The same as JSON' }).click();
		await page.waitForURL(`${url}?format=json&days=7`);
		expect(await page.locator('body').innerText()).toContain('"days":7');
	});
});
