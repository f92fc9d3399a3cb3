/** Content hashes: the names under which results are kept. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

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

/** Bytes a read: small ones cost more than the hash itself. */
const READ_BYTES = 256 * 1024;

/** Hex SHA-256 of a file, streamed. */
export async function fileHash(path: string, signal?: AbortSignal): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(path, { highWaterMark: READ_BYTES }), hash, { signal });
	return hash.digest('hex');
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
