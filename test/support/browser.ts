/** A real browser: the system's Chromium, through playwright-core, which brings none. */
import { existsSync } from 'node:fs';

import { chromium, type Browser } from 'playwright-core';

const PLACES = [process.env.YTEMPIRE_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const found = PLACES.find((place) => place && existsSync(place));

/** For `describeWhere`. */
export const BROWSER_MISSING = found
	? []
	: ['there is no Chromium: install one (apt-get install chromium), or set YTEMPIRE_CHROMIUM to it'];

export async function startBrowser(): Promise<Browser> {
	return await chromium.launch({ executablePath: found });
}
