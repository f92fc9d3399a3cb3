/** Debian's Chromium, driven through playwright: for pages that are tested, and for pictures of them. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { chromium, type Browser } from 'playwright-core';

export const CHROMIUM_CURE = 'needs Chromium (apt-get install -y chromium), or CHROMIUM_PATH with the path of one';

/** Undefined when there is none. */
export function chromiumPath(): string | undefined {
	const given = process.env.CHROMIUM_PATH;
	if (given) return given;
	return (process.env.PATH ?? '')
		.split(delimiter)
		.flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
		.find((path) => existsSync(path));
}

/** @throws Error with the cure when there is no Chromium */
export async function launchBrowser(): Promise<Browser> {
	const executablePath = chromiumPath();
	if (executablePath === undefined) throw new Error(CHROMIUM_CURE);
	// without Chromium's own sandbox, which root and most containers can't have; it opens only our own pages
	return await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}
