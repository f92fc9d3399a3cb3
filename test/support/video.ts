/** Video files for upload tests: a real MP4, as large as asked. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findFfmpeg } from '../../core/video/ffmpeg';

import { makeClip } from './media';

const BLOCK = 256 * 1024;

/**
 * A two-second clip with a `free` box of noise behind it, which players skip.
 * @returns its path
 */
export async function videoOf(folder: string, bytes: number, name = 'video'): Promise<string> {
	const path = join(folder, `${name}.mp4`);
	await writeFile(path, await clip());
	const { size } = await stat(path);
	if (bytes < size + 8) throw new Error(`A clip has ${size} bytes, more than the ${bytes} that were asked for`);
	const header = Buffer.alloc(8);
	header.writeUInt32BE(bytes - size);
	header.write('free', 4, 'latin1');
	await appendFile(path, header);
	const file = createWriteStream(path, { flags: 'a' });
	for (let left = bytes - size - 8, block = 0; left > 0; left -= BLOCK, block++) {
		if (!file.write(noise(name, block).subarray(0, left))) await once(file, 'drain');
	}
	file.end();
	await once(file, 'finish');
	return path;
}

let made: Promise<Buffer> | undefined;

/** Rendered once in a test process. */
async function clip(): Promise<Buffer> {
	made ??= (async () => {
		const folder = await mkdtemp(join(tmpdir(), 'ytempire-clip-'));
		const source = 'testsrc=size=320x180:rate=10:duration=2';
		const bytes = await readFile(await makeClip(await findFfmpeg(), folder, { name: 'clip', source }));
		await rm(folder, { recursive: true });
		return bytes;
	})();
	return await made;
}

/** The same bytes for the same name and place, and no two blocks alike. */
function noise(name: string, block: number): Buffer {
	const seed = createHash('sha512').update(`${name}:${block}`).digest();
	return Buffer.alloc(BLOCK, seed);
}
