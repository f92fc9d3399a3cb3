/** Content hashes: the names under which results are kept. */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';

import { throwIfCancelled } from './abort';
import type { MediaFile } from './documents';

/** JSON with sorted keys, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
	return JSON.stringify(value, (_key, inner: unknown) =>
		inner !== null && typeof inner === 'object' && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
			: inner,
	);
}

/** Hex SHA-256 of any JSON value, whatever the order of its keys. */
export function contentHash(value: unknown): string {
	return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** Few large reads: on a busy machine each small one waits for its turn. */
const READ_BYTES = 2 * 1024 * 1024;

/** Hex SHA-256 of a file; one buffer is hashed while the next is read. */
export async function fileHash(path: string, signal?: AbortSignal): Promise<string> {
	const hash = createHash('sha256');
	const file = await open(path);
	try {
		const buffers = [Buffer.allocUnsafe(READ_BYTES), Buffer.allocUnsafe(READ_BYTES)];
		const read = async (turn: number) => await file.read(buffers[turn % 2] as Buffer, 0, READ_BYTES, null);
		let reading = read(0);
		for (let turn = 0; ; turn += 1) {
			const { bytesRead, buffer } = await reading;
			throwIfCancelled(signal);
			if (bytesRead === 0) return hash.digest('hex');
			reading = read(turn + 1);
			hash.update(buffer.subarray(0, bytesRead));
		}
	} finally {
		await file.close();
	}
}

export async function mediaFile(path: string, mime: string): Promise<MediaFile> {
	const [{ size }, sha256] = await Promise.all([stat(path), fileHash(path)]);
	return { path, sha256, bytes: size, mime };
}

/** Whether the file is still there as it was when it was made. */
export async function mediaStands(file: MediaFile): Promise<boolean> {
	try {
		const { size } = await stat(file.path);
		return size === file.bytes && (await fileHash(file.path)) === file.sha256;
	} catch {
		return false;
	}
}
