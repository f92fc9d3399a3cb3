/** A file appears under its final name only when it is whole. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/**
 * Lets `write` fill a temporary file in the folder of `path`, then renames it to `path`.
 * The temporary name keeps the extension, because ffmpeg chooses the container by it.
 * When `write` fails nothing is left behind and a file that stood under `path` stays as it was.
 */
export async function writeAside<T>(
	path: string,
	write: (temporaryPath: string) => Promise<T>,
): Promise<T> {
	const extension = extname(path);
	const temporaryPath = join(
		dirname(path),
		`.${basename(path, extension)}.${randomBytes(6).toString('hex')}.part${extension}`,
	);
	await mkdir(dirname(path), { recursive: true });
	try {
		const result = await write(temporaryPath);
		const handle = await open(temporaryPath, 'r+');
		try {
			await handle.sync();
		} finally {
			await handle.close();
		}
		await rename(temporaryPath, path);
		return result;
	} catch (error) {
		await rm(temporaryPath, { force: true });
		throw error;
	}
}

/** Nothing is written for this long: whoever wrote it is gone. */
const STALE_MS = 60 * 60_000;

/** Removes what writers left that were killed before they could tidy up. */
export async function sweepAside(folder: string, now = Date.now()): Promise<void> {
	const names = (await readdir(folder)).filter((name) => /^\..+\.[0-9a-f]{12}\.part(?:\.\w+)?$/.test(name));
	await Promise.all(
		names.map(async (name) => {
			const path = join(folder, name);
			const written = await stat(path).catch(() => undefined);
			if (written && now - written.mtimeMs > STALE_MS) await rm(path, { force: true });
		}),
	);
}
