/**
 * The node's mails as people see them: sent through n8n's engine, taken from the sandbox's inbox, shown by a real
 * browser. With YTEMPIRE_PICTURES=1 (`node host/bootstrap.mjs pictures`) the README's pictures are made anew.
 */
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { updateJob } from '../../core/jobs/update';
import type { Store } from '../../core/store/store';
import { CHROMIUM_CURE, chromiumPath, launchBrowser } from '../../host/browser';
import { KEYS } from '../../sandbox/keys';
import { startEngine, type Engine } from '../support/engine';
import { queuedJob } from '../support/job';
import { describeWhere } from '../support/left-out';
import { temporarySandbox } from '../support/sandbox';
import { temporaryStore } from '../support/store';

const WRITE = process.env.YTEMPIRE_PICTURES === '1';

/** CSS pixels. */
const DESKTOP = { width: 680, height: 400 };
const PHONE = { width: 375, height: 400 };
const SMALL_PHONE = { width: 320, height: 400 };

type Event = 'videoCompleted' | 'videoFailed' | 'videoFlagged';

const RESULTS = {
	script: { script: { title: 'How volcanoes work: from magma to eruption' } },
	video: { duration_s: 61.4 },
	quality: {
		score: 0.98,
		threshold: 0.7,
		reasons: ['Loudness is -23.4 LUFS; it should be -14 ± 1 LUFS', 'The picture stands still for 4.2 s at 0:31'],
	},
	upload: { youtube_url: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ', channel_id: 'UC1', published_at: '2026-11-22T12:00:00.000Z' },
};

const FAILURE = {
	stage: 'voice',
	error_class: 'quota-exhausted' as const,
	reason: 'elevenlabs has no credit or quota left on this account (HTTP 401): quota_exceeded: 1,204 characters are needed, 310 are left',
	cure: 'Add credit or raise the limit at the provider, or choose the credential of another provider as well. Then send the same request again.',
};

async function keepResults(store: Store, results: object): Promise<void> {
	await store.transaction(async (trx) => {
		for (const [stage, result] of Object.entries(results)) {
			const row = { status: 'done', progress: 1, note: '', result: JSON.stringify(result), started_at: 0, finished_at: 1, input_hash: '' };
			await trx.insertInto('stages').values({ video_id: 'v-1', stage, ...row }).execute();
		}
		const cost = { provider: 'openai', model: '', units: '{}', micro_usd: 30_600, basis: 'billed', at: 0 };
		await trx.insertInto('costs').values({ id: 'c', video_id: 'v-1', stage: 'script', ...cost }).execute();
	});
}

describeWhere('the mails in a browser', chromiumPath() === undefined ? [CHROMIUM_CURE] : [], () => {
	let engine: Engine;
	let browser: Browser;
	beforeAll(async () => {
		[engine, browser] = await Promise.all([startEngine(), launchBrowser()]);
	});
	afterAll(async () => {
		await browser.close();
	});

	/** Sends it by the node and gives the address of its HTML in the inbox. */
	async function sent(event: Event, title?: string): Promise<string> {
		const sandbox = await temporarySandbox();
		const store = await temporaryStore();
		await queuedJob(store, { video_id: 'v-1' });
		const { upload, quality, ...rest } = RESULTS;
		await keepResults(store, {
			...(event === 'videoFailed' ? { script: rest.script } : { ...rest, quality: { ...quality, score: event === 'videoFlagged' ? 0.49 : 0.98 } }),
			...(event === 'videoCompleted' ? { upload } : {}),
		});
		if (event === 'videoFailed') await updateJob(store, 'v-1', { status: 'failed', failure: FAILURE }, 'test');
		const { error } = await engine.runNode({
			type: 'emailNotification',
			parameters: { resource: 'email', operation: event, ...(title ? { details: { title } } : {}) },
			credentials: {
				ytempireStoreApi: { databaseFile: store.file },
				ytempireSendGridApi: { ...KEYS.sendgrid, fromEmail: 'videos@example.com', baseUrl: sandbox.services.sendgrid.url },
			},
			items: [{ video_id: 'v-1', notify_email: 'ana@example.com' }],
		});
		expect(error).toBeUndefined();
		const { mails } = sandbox.state('sendgrid') as { mails: Array<{ id: string }> };
		return `${sandbox.services.sendgrid.url}/inbox/${mails[0]!.id}/html`;
	}

	async function shown(
		address: string,
		look: { size: { width: number; height: number }; dark?: boolean },
		see: (page: Page, asked: string[]) => Promise<void>,
	): Promise<void> {
		const page = await browser.newPage({ viewport: look.size, colorScheme: look.dark ? 'dark' : 'light', deviceScaleFactor: WRITE ? 1.5 : 1 });
		const asked: string[] = [];
		page.on('request', (request) => asked.push(request.url()));
		await page.goto(address);
		await see(page, asked);
		await page.close();
	}

	const picture = async (page: Page, name: string) => {
		if (WRITE) await page.screenshot({ path: join('pictures', name), fullPage: true });
	};

	/** The least contrast of all text with the ground that it stands on (WCAG 2, 1.4.3). */
	const leastContrast = async (page: Page) => await page.evaluate(CONTRAST);

	it.each([
		['videoCompleted', DESKTOP, false, 'mail-completed.png'],
		['videoCompleted', PHONE, true, 'mail-completed-phone.png'],
		['videoFailed', PHONE, false, 'mail-failed-phone.png'],
		['videoFlagged', SMALL_PHONE, true, ''],
	] as const)('%s fits %j (dark: %s), can be read, and asks for nothing else', async (event, size, dark, name) => {
		await shown(await sent(event), { size, dark }, async (page, asked) => {
			expect(asked).toHaveLength(1);
			expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(size.width);
			expect(await leastContrast(page)).toBeGreaterThanOrEqual(4.5);
			expect(await page.locator('h1').innerText()).toBe(RESULTS.script.script.title);
			if (name) await picture(page, name);
		});
	});

	it('fit also with the longest title and a word that can’t be broken, on the smallest phone', async () => {
		await shown(await sent('videoCompleted', `${'W'.repeat(120)} ${'long '.repeat(100)}`), { size: SMALL_PHONE }, async (page) => {
			expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(SMALL_PHONE.width);
		});
	});

	it('show a title of script and quotes as those very signs, and run nothing', async () => {
		const title = '<script>document.title = "taken"</script>"><img src=x onerror="alert(1)">';
		await shown(await sent('videoCompleted', title), { size: DESKTOP }, async (page, asked) => {
			expect(await page.locator('h1').innerText()).toBe(title);
			expect(await page.title()).toBe(`Video ready: ${title}`);
			expect(await page.locator('script, img').count()).toBe(0);
			expect(asked).toHaveLength(1);
		});
	});

	it('keep the preview out of sight', async () => {
		await shown(await sent('videoCompleted'), { size: DESKTOP }, async (page) => {
			expect(await page.locator('body > div').first().innerText()).toContain('1:01 min, quality 0.98 of 1 (at least 0.70), $0.0306');
			expect(await page.locator('body > div').first().isVisible()).toBe(false);
		});
	});
});

/** Runs in the page. */
const CONTRAST = `(() => {
	const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
	const light = (colour) => {
		const [r, g, b] = channels(colour).map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const ground = (element) => {
		for (let at = element; at; at = at.parentElement) {
			const colour = getComputedStyle(at).backgroundColor;
			if (channels(colour)[3] !== 0) return colour;
		}
		return 'rgb(255,255,255)';
	};
	const texts = [...document.querySelectorAll('body *')].filter((one) => one.checkVisibility() && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()));
	return Math.min(...texts.map((one) => {
		const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
		return (a + 0.05) / (b + 0.05);
	}));
})()`;
