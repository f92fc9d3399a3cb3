/** A file that came with an item, kept beside the store under the hash of its content, so that ffmpeg can read it. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { MediaFile } from '../../core/documents';
import { mediaFile } from '../../core/hash';
import { readablePath } from './files';
import { storeOf } from './store';

/** Bytes read from n8n's binary storage at a time. */
const READ_BYTES = 256 * 1024;

/**
 * @param named a binary field of the item, else a path on n8n's machine
 * @param folderName beside the store, for what came in a binary field
 * @throws YtempireError `invalid-request` when the file isn't there or n8n keeps nodes from it
 */
export async function namedFile(context: IExecuteFunctions, itemIndex: number, named: string, folderName: string, mime: string): Promise<MediaFile> {
	const binary = context.getInputData()[itemIndex]?.binary?.[named];
	if (!binary) return await mediaFile(await readablePath(context, named), mime);
	return await keptBinary(context, binary, folderName);
}

async function keptBinary(context: IExecuteFunctions, binary: IBinaryData, folderName: string): Promise<MediaFile> {
	const content = binary.id
		? await context.helpers.getBinaryStream(binary.id, READ_BYTES)
		: Readable.from(Buffer.from(binary.data, 'base64'));
	const folder = join((await storeOf(context)).mediaFolder, folderName);
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const temporary = join(folder, `${randomUUID()}.part`);
	try {
		await pipeline(content, createWriteStream(temporary, { mode: 0o600 }), { signal: context.getExecutionCancelSignal() });
		const file = await mediaFile(temporary, binary.mimeType);
		const path = join(folder, file.sha256);
		await rename(temporary, path);
		return { ...file, path };
	} finally {
		await rm(temporary, { force: true });
	}
}
