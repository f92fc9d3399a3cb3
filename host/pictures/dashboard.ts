/**
 * Makes `pictures/dashboard.png` and `pictures/dashboard-phone.png` from a store with six weeks of invented use.
 * Run by hand when the page changes: `node_modules/.bin/tsx host/pictures/dashboard.ts`. Needs Chromium.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { accountsView } from '../../core/dashboard/accounts';
import { dashboardOf } from '../../core/dashboard/dashboard';
import { dashboardPage } from '../../core/dashboard/page/page';
import { poolFromCredential } from '../../core/pool/accounts';
import { quarantine } from '../../core/pool/health';
import { addUsed } from '../../core/pool/ledger';
import { pacificDay } from '../../core/pool/pacific-day';
import { accountStates } from '../../core/pool/state';
import { openStore, type Store } from '../../core/store/store';
import { launchBrowser } from '../browser';
import { ensureBuilt } from '../build/stamp';

import { seedStore } from './seed';

const PICTURES = [
	{ file: 'dashboard.png', colorScheme: 'light', width: 1280, height: 1500, scale: 1 },
	{ file: 'dashboard-phone.png', colorScheme: 'dark', width: 390, height: 1500, scale: 1.5 },
] as const;

/** Accounts of the pool and their roles; three Google projects. */
const ACCOUNTS = Array.from({ length: 15 }, (_, index) => ({
	accountId: `account-${String(index + 1).padStart(2, '0')}`,
	channelId: `UCpicture${index + 1}`,
	email: '',
	role: index < 10 ? 'active' : 'reserve',
	clientId: `project-${Math.floor(index / 5) + 1}.apps.googleusercontent.com`,
	clientSecret: 'none',
	refreshToken: `none-${index + 1}`,
}));

/** Videos that each of the first accounts has published today. */
const PUBLISHED = [3, 2, 5, 1, 2, 4, 0, 2, 1, 3];

async function page(folder: string): Promise<string> {
	const now = Date.parse('2026-11-22T18:10:00Z');
	const store = await openStore({ file: join(folder, 'ytempire.sqlite'), clock: { now: () => now } });
	try {
		await seedStore(store, { videos: 620, days: 42 });
		const accounts = accountsView(await useAccounts(store, now));
		const script = readFileSync('dist/core/dashboard/browser/charts.js', 'utf8');
		return dashboardPage(await dashboardOf(store, { accounts }), script);
	} finally {
		await store.close();
	}
}

async function useAccounts(store: Store, now: number) {
	const url = 'https://youtube.invalid';
	const pool = poolFromCredential({ accounts: { account: ACCOUNTS }, baseUrl: url, oauthTokenUrl: url, analyticsBaseUrl: url, encryptionKey: '' });
	const day = pacificDay(now);
	await store.transaction(async (trx) => {
		for (const [index, cost] of PUBLISHED.entries()) {
			const account = pool.accounts[index];
			if (!account || cost === 0) continue;
			await addUsed(trx, { scope: `channel:${account.channelId}`, bucket: 'videos', day }, cost);
			await addUsed(trx, { scope: `project:${account.project}`, bucket: 'video_uploads', day }, cost);
			await addUsed(trx, { scope: `project:${account.project}`, bucket: 'general', day }, cost * 52);
		}
	});
	const lost = pool.accounts[6];
	if (lost) await quarantine(store, lost, 'Google no longer accepts the connection (invalid_grant): connect the account again');
	return await accountStates(store, pool);
}

async function main(): Promise<void> {
	await ensureBuilt();
	const folder = mkdtempSync(join(tmpdir(), 'ytempire-pictures-'));
	const browser = await launchBrowser();
	try {
		const html = await page(folder);
		for (const { file, colorScheme, width, height, scale } of PICTURES) {
			const tab = await browser.newPage({ colorScheme, viewport: { width, height }, deviceScaleFactor: scale });
			await tab.setContent(html);
			await tab.screenshot({ path: join('pictures', file) });
			console.log(`pictures/${file}`);
		}
	} finally {
		await browser.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
