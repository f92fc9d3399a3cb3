/** The video to upload: a file on this machine, or a binary item that is streamed to one. */
import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { VideoResult } from '../../../core/documents';
import { invalidRequest } from '../../../core/errors';
import { fileHash } from '../../../core/hash';
import { readablePath } from '../../shared/files';
import { textParameter } from '../../shared/text';

/** Bytes read from n8n's binary storage at a time. */
const READ_BYTES = 1024 * 1024;

export const sourceFields: INodeProperties[] = [
	{
		displayName: 'Source',
		name: 'source',
		type: 'options',
		options: [
			{ name: 'Binary Field', value: 'binary', description: 'A file that came with the item' },
			{ name: 'File Path', value: 'path', description: "A file on n8n's machine" },
		],
		default: 'path',
		description: 'Where the video is',
	},
	{
		displayName: 'File Path',
		name: 'filePath',
		type: 'string',
		required: true,
		displayOptions: { show: { source: ['path'] } },
		default: '={{ $json.video.file.path }}',
		placeholder: 'e.g. /data/videos/volcanoes.mp4',
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryField',
		type: 'string',
		required: true,
		displayOptions: { show: { source: ['binary'] } },
		default: 'data',
		hint: 'The name of the input field containing the file to upload',
	},
];

export interface VideoSource {
	/** What tells this file from another, for keeping the result. */
	identity: unknown;
	/** Gives the file; `folder` takes what has to be written first. */
	file(folder: string, signal: AbortSignal): Promise<SourceFile>;
}

export interface SourceFile {
	path: string;
	sha256?: string;
	mime?: string;
	/** Written for this upload alone: removed when it is published. */
	isCopy?: boolean;
}

export function sourceOf(context: IExecuteFunctions, itemIndex: number): VideoSource {
	return context.getNodeParameter('source', itemIndex) === 'binary'
		? fromBinary(context, itemIndex)
		: fromPath(context, itemIndex);
}

function fromPath(context: IExecuteFunctions, itemIndex: number): VideoSource {
	const path = textParameter(context, 'filePath', itemIndex);
	if (!path) {
		throw invalidRequest('The File Path is empty', {
			cure: 'Fill in File Path, or choose Binary Field as the source.',
		});
	}
	const { file } = (context.getInputData()[itemIndex]?.json.video ?? {}) as Partial<VideoResult>;
	// The composer has hashed its own file already
	const sha256 = file?.path === path ? file.sha256 : undefined;
	return {
		identity: { path, sha256: sha256 ?? '' },
		file: async () => ({ path: await readablePath(context, path), sha256 }),
	};
}

function fromBinary(context: IExecuteFunctions, itemIndex: number): VideoSource {
	const field = context.getNodeParameter('binaryField', itemIndex) as string;
	const binary = context.helpers.assertBinaryData(itemIndex, field);
	const { id, fileName = '', fileSize = '', mimeType } = binary;
	return {
		identity: { binary: id ?? binary.data.length, fileName, fileSize },
		file: async (folder, signal) => {
			const place = id === undefined ? undefined : await placeOf(context, id);
			if (place !== undefined) return { path: place, mime: mimeType, sha256: await fileHash(place, signal) };
			const content = id
				? await context.helpers.getBinaryStream(id, READ_BYTES)
				: Readable.from(Buffer.from(binary.data, 'base64'));
			return { ...(await copied(content, join(folder, 'upload.mp4'), signal)), mime: mimeType };
		},
	};
}

/** Where n8n keeps the file on this machine; undefined when it is kept in a database or a bucket. */
async function placeOf(context: IExecuteFunctions, id: string): Promise<string | undefined> {
	try {
		const path = context.helpers.getBinaryPath(id);
		return isAbsolute(path) && (await stat(path)).isFile() ? path : undefined;
	} catch {
		return undefined;
	}
}

/** By its content the file is known again when another execution has it anew. */
async function copied(content: Readable, path: string, signal: AbortSignal): Promise<SourceFile> {
	const aside = `${path}.partial`;
	try {
		const hash = createHash('sha256');
		await pipeline(content, hashing(hash), createWriteStream(aside), { signal });
		await rename(aside, path);
		return { path, sha256: hash.digest('hex'), isCopy: true };
	} finally {
		await rm(aside, { force: true });
	}
}

function hashing(hash: Hash) {
	return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
		for await (const chunk of chunks) {
			hash.update(chunk);
			yield chunk;
		}
	};
}
