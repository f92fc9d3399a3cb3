/** A page in Chromium that keeps what it complained about and what it asked for. */
import { onTestFinished } from 'vitest';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface WatchedPage {
	page: Page;
	/** Errors and warnings of the console, and errors that nobody caught. */
	complaints: string[];
	/** Addresses asked for. */
	requests: string[];
}

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

export const DESKTOP = { viewport: { width: 1280, height: 900 } };

/** Closed when the test ends. */
export async function watchedPage(browser: Browser, options: BrowserContextOptions): Promise<WatchedPage> {
	const context = await browser.newContext(options);
	onTestFinished(async () => {
		await context.close();
	});
	const page = await context.newPage();
	const complaints: string[] = [];
	const requests: string[] = [];
	page.on('console', (message) => {
		if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
	});
	page.on('pageerror', (error) => complaints.push(error.message));
	page.on('request', (request) => requests.push(request.url()));
	return { page, complaints, requests };
}

/** Share of each canvas's pixels that something was drawn on, by its ID. */
export async function drawnShares(page: Page): Promise<Record<string, number>> {
	return await page.evaluate<Record<string, number>>(`Object.fromEntries([...document.querySelectorAll('canvas')].map((canvas) => {
		const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
		let drawn = 0;
		for (let at = 3; at < data.length; at += 4) if (data[at] > 0) drawn += 1;
		return [canvas.id, drawn / (data.length / 4)];
	}))`);
}

/** Pixels by which the page is wider than the window. */
export async function overflow(page: Page): Promise<number> {
	return await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
