/** The font that the package brings: Montserrat Bold (SIL Open Font License 1.1), so that a bare container renders the same. */
import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { readFontMetrics, type FontMetrics } from './font-metrics';

export interface CaptionFont {
	/** As ASS styles name it; the file is its bold face. */
	family: string;
	path: string;
	metrics: FontMetrics;
}

const FILE = 'Montserrat_700Bold.ttf';

let loaded: Promise<CaptionFont> | undefined;

/** The built package has the file beside this module; from source it is in the npm package. */
export function captionFont(): Promise<CaptionFont> {
	loaded ??= load();
	return loaded;
}

async function load(): Promise<CaptionFont> {
	const besideUs = join(__dirname, 'fonts', FILE);
	const isBuilt = await access(besideUs).then(
		() => true,
		() => false,
	);
	const path = isBuilt ? besideUs : fromNpm();
	return { family: 'Montserrat', path, metrics: readFontMetrics(await readFile(path)) };
}

function fromNpm(): string {
	const { resolve } = createRequire(__filename);
	const folder = dirname(resolve('@expo-google-fonts/montserrat/package.json'));
	return join(folder, '700Bold', FILE);
}
