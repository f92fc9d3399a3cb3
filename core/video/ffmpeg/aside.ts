/** A file appears under its final name only when it is whole. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
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
