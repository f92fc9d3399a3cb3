/** The VideoJob node's dashboard in n8n's engine, and its page in Chromium. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { dashboardPage } from '../../core/dashboard/page/page';
import { accountsView } from '../../core/dashboard/accounts';
import { dashboardOf } from '../../core/dashboard/dashboard';
import { failureOf } from '../../core/jobs/job';
import { queueJob } from '../../core/jobs/queue';
import { validateRequest } from '../../core/jobs/request';
import { updateJob } from '../../core/jobs/update';
import { YtempireError } from '../../core/errors';
import { quarantine } from '../../core/pool/health';
import { accountStates } from '../../core/pool/state';
import { CHROMIUM_CURE, chromiumPath, launchBrowser } from '../../host/browser';
import { seedStore } from '../../host/pictures/seed';
import { DESKTOP, drawnShares, overflow, PHONE, watchedPage } from '../support/browser';
import { startEngine, type Engine } from '../support/engine';
import { describeWhere } from '../support/left-out';
import { testPool } from '../support/pool';
import { temporaryStore } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

/** What a stranger may have put into a topic or a provider's answer. */
const HOSTILE = [
	'</script><script>document.title = "taken"</script>',
	'<img src="https://evil.example/x.png" onerror="document.title = \'taken\'">',
	'"><svg onload=alert(1)>',
	'\u2028document.title = "taken"\u2029<!--<script>',
	'x'.repeat(300),
].join(' ');

async function setUp() {
	const store = await temporaryStore();
	store.clock.ms = Date.now();
	const pool = testPool();
	const create = async (parameters: object = {}) =>
		await engine.runNode({
			type: 'videoJob',
			parameters: { resource: 'dashboard', operation: 'create', ...parameters },
			credentials: { ytempireStoreApi: { databaseFile: store.file } },
		});
	return { store, pool, create };
}

type SetUp = Awaited<ReturnType<typeof setUp>>;

/** A month of use, with a topic, a failure and an account's trouble from strangers. */
async function busy({ store, pool }: SetUp) {
	await seedStore(store, { videos: 400, days: 30 });
	const validation = validateRequest({ video_id: 'hostile', topic: HOSTILE.slice(0, 400) });
	if (!validation.valid) throw new Error('the test request is not valid');
	await queueJob(store, validation.request, 'n8n:1');
	const error = new YtempireError('refused', HOSTILE, { cure: HOSTILE, provider: '</script>' });
	await updateJob(store, 'hostile', { status: 'failed', failure: failureOf('script', error, store.clock.now()) }, 'n8n:1');
	await store.transaction(async (trx) => {
		const row = { video_id: 'hostile', stage: 'script', model: '', units: '{}', basis: 'billed', at: store.clock.now() };
		const day = new Date(store.clock.now()).toISOString().slice(0, 10);
		await trx.insertInto('costs').values({ ...row, id: 'x', provider: HOSTILE.slice(0, 200), micro_usd: 2_000_000, day }).execute();
	});
	await quarantine(store, pool.accounts[2]!, HOSTILE);
	return await accountStates(store, pool);
}

describe('VideoJob Dashboard: Create', () => {
	it('gives the figures as fields, and shows the accounts that it is given', async () => {
		const all = await setUp();
		const accounts = await busy(all);
		const { items } = await all.create({ accounts: JSON.stringify(accounts), days: 7 });
		expect(items).toHaveLength(1);
		expect(items[0]?.json).toMatchObject({ days: 7, videos: { total: 401 }, accounts: { ready: 14, problem: '' } });
		expect(items[0]?.json.accounts).toMatchObject({ list: expect.objectContaining({ length: 15 }) });
		expect(items[0]?.json).not.toHaveProperty('html');
	});

	it('gives the page as text, and as a file', async () => {
		const { create } = await setUp();
		const { items: [page] } = await create({ format: 'html' });
		expect(page?.json).toMatchObject({ content_type: 'text/html; charset=utf-8', html: expect.stringMatching(/^<!doctype html>/) });
		const { items: [file] } = await create({ format: 'file' });
		expect(file?.binary?.data).toMatchObject({ fileName: 'dashboard.html', mimeType: 'text/html; charset=utf-8' });
		expect((await engine.readBinary(file!.binary!.data!)).toString()).toContain('</html>');
	});

	it('says what is wrong with accounts and days', async () => {
		const { create } = await setUp();
		expect((await create({ accounts: '{"a":1}' })).error?.message).toContain("aren't as the node YouTube Pool lists them");
		expect((await create({ accounts: 'x' })).error?.message).toBe('The accounts are not JSON');
		expect((await create({ days: 0 })).error?.message).toBe("The dashboard can't look back on 0 days");
	});
});

describeWhere('The dashboard in a browser', chromiumPath() ? [] : [CHROMIUM_CURE], () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchBrowser();
	});
	afterAll(async () => {
		await browser?.close();
	});

	async function open(html: string, options: Parameters<typeof watchedPage>[1]) {
		// as n8n 2.41 sends it
		const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': 'sandbox allow-scripts' };
		const asked: string[] = [];
		const server = createServer(({ url }, answer) => {
			asked.push(url ?? '');
			answer.writeHead(200, headers).end(html);
		}).listen(0, '127.0.0.1');
		onTestFinished(() => void server.close());
		const watched = await watchedPage(browser, options);
		await watched.page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
		return { ...watched, asked };
	}

	async function busyPage() {
		const all = await setUp();
		const accounts = await busy(all);
		const { items } = await all.create({ format: 'html', accounts: JSON.stringify(accounts) });
		return items[0]?.json.html as string;
	}

	it.each([
		['a desk in light', { ...DESKTOP, colorScheme: 'light' }],
		['a desk in dark', { ...DESKTOP, colorScheme: 'dark' }],
		['a phone in light', { ...PHONE, colorScheme: 'light' }],
		['a phone in dark', { ...PHONE, colorScheme: 'dark' }],
	] as const)('is whole on %s: charts drawn, nothing asked for, nothing wider than the window, strangers’ words only text', async (_, options) => {
		const { page, complaints, requests } = await open(await busyPage(), options);
		const drawn = await drawnShares(page);
		expect(Object.keys(drawn)).toEqual(['videos-chart', 'costs-chart', 'quality-chart']);
		for (const share of Object.values(drawn)) expect(share).toBeGreaterThan(0.05);
		expect(await overflow(page)).toBeLessThanOrEqual(0);
		await page.evaluate(UNFOLD);
		expect(await overflow(page)).toBeLessThanOrEqual(0);
		expect(await page.title()).toBe('YTEMPIRE dashboard');
		expect(await page.locator('img, svg').count()).toBe(0);
		expect(await page.locator('script').count()).toBe(2);
		expect(await page.locator('.troubles li').first().innerText()).toContain('</script><script>document.title = "taken"</script>');
		expect(complaints).toEqual([]);
		expect(requests).toHaveLength(1);
		const ground = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
		expect(ground).toBe(options.colorScheme === 'dark' ? 'rgb(18, 19, 21)' : 'rgb(247, 247, 245)');
	});

	it('draws its charts again in the new colours when light becomes dark', async () => {
		const { page } = await open(await busyPage(), { ...DESKTOP, colorScheme: 'light' });
		const picture = async () => await page.evaluate<string>("document.getElementById('videos-chart').toDataURL()");
		const light = await picture();
		await page.emulateMedia({ colorScheme: 'dark' });
		await expect.poll(picture).not.toBe(light);
	});

	it('can be read without its pictures: landmarks, one heading of the first rank, tables with heads, names for charts', async () => {
		const { page } = await open(await busyPage(), { ...PHONE, colorScheme: 'light' });
		for (const role of ['banner', 'main', 'navigation', 'contentinfo'] as const) expect(await page.getByRole(role).count(), role).toBe(1);
		expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
		for (const name of ['Videos by state', 'Cost per day and provider', 'Quality', 'Accounts', 'Last failures']) {
			expect(await page.getByRole('region', { name, exact: true }).count(), name).toBe(1);
		}
		expect(await page.getByRole('img').count()).toBe(3);
		const accounts = page.getByRole('table', { name: 'The pool’s accounts today' });
		expect(await accounts.getByRole('rowheader').count()).toBe(15);
		expect(await accounts.getByRole('row').nth(3).innerText()).toContain('Quarantined');
		await page.evaluate(UNFOLD);
		for (const name of ['Videos per day and state', 'Cost per day and provider', 'Videos by quality score']) {
			expect(await page.getByRole('table', { name, exact: true }).getByRole('row').count(), name).toBeGreaterThan(1);
		}
	});

	it('has words in colours that stand out from their ground, in light and in dark', async () => {
		for (const colorScheme of ['light', 'dark'] as const) {
			const { page } = await open(await busyPage(), { ...DESKTOP, colorScheme });
			expect(await page.evaluate(CONTRAST), colorScheme).toEqual([]);
		}
	});

	it('opens with an empty store', async () => {
		const { create } = await setUp();
		const { items } = await create({ format: 'html' });
		const { page, complaints } = await open(items[0]?.json.html as string, { ...PHONE, colorScheme: 'light' });
		expect(await page.locator('main').innerText()).toContain('No video has failed');
		expect(await overflow(page)).toBeLessThanOrEqual(0);
		expect(complaints).toEqual([]);
	});

	it('runs no script but its own, whatever slips in', async () => {
		const { store } = await setUp();
		const script = readFileSync('dist/core/dashboard/browser/charts.js', 'utf8');
		const html = dashboardPage(await dashboardOf(store, { accounts: accountsView([]) }), script);
		const slipped = html.replace('</main>', '<script>document.title = "taken"</script><img src="/picture"></main>');
		const { page, complaints, asked } = await open(slipped, DESKTOP);
		expect(await page.title()).toBe('YTEMPIRE dashboard');
		expect(complaints.join('\n')).toMatch(/Content Security Policy/);
		expect(asked).toEqual(['/']);
	});
});

const UNFOLD = "for (const one of document.querySelectorAll('details')) one.open = true";

/** Words whose contrast is below 4.5 to 1 (WCAG 2.2, 1.4.3), with what it is. */
const CONTRAST = `(() => {
	const parse = (color) => color.match(/[\\d.]+/g).map(Number);
	const light = ([r, g, b]) => [r, g, b].map((part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
		.reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
	const ground = (element) => {
		for (let one = element; one; one = one.parentElement) {
			const color = parse(getComputedStyle(one).backgroundColor);
			if (color[3] !== 0) return color;
		}
		return [255, 255, 255];
	};
	const weak = new Set();
	for (const element of document.querySelectorAll('body *')) {
		if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || element.localName === 'script') continue;
		const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
		const contrast = (a + 0.05) / (b + 0.05);
		if (contrast < 4.5) weak.add(element.className + ' ' + contrast.toFixed(2));
	}
	return [...weak];
})()`;
