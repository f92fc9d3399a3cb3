/** A picture or a caption file: at a path, or in a binary field, which is written to a file for the call. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidRequest } from '../../../core/errors';
import { readablePath } from '../../shared/files';
import { textParameter } from '../../shared/text';

/** Bytes read from n8n's binary storage at a time. */
const READ_BYTES = 256 * 1024;

export const fileSources = [
	{ name: 'Binary Field', value: 'binary', description: 'A file that came with the item' },
	{ name: 'File Path', value: 'path', description: "A file on n8n's machine" },
];

export function fileFields(placeholder: string): INodeProperties[] {
	return [
		{
			displayName: 'File Path',
			name: 'filePath',
			type: 'string',
			required: true,
			displayOptions: { show: { source: ['path'] } },
			default: '',
			placeholder,
		},
		{
			displayName: 'Input Binary Field',
			name: 'binaryField',
			type: 'string',
			required: true,
			displayOptions: { show: { source: ['binary'] } },
			default: 'data',
			hint: 'The name of the input field containing the file',
		},
	];
}

/** What the user filled in of `fileFields`. */
export interface FileChoice {
	source: string;
	filePath?: string;
	binaryField?: string;
}

/** The choice in an operation's own fields. */
export function fileChoice(context: IExecuteFunctions, itemIndex: number): FileChoice {
	return {
		source: textParameter(context, 'source', itemIndex),
		filePath: textParameter(context, 'filePath', itemIndex),
		binaryField: textParameter(context, 'binaryField', itemIndex),
	};
}

/**
 * Gives the file's path to `use`; what was written for it is removed afterwards.
 * @throws YtempireError `invalid-request` when there is no file, or a binary one has more than `mostBytes`
 */
export async function withFile<T>(
	context: IExecuteFunctions,
	itemIndex: number,
	{ source, filePath, binaryField: field = 'data' }: FileChoice,
	mostBytes: number,
	use: (path: string) => Promise<T>,
): Promise<T> {
	if (source === 'path') {
		if (filePath) return await use(await readablePath(context, filePath));
		throw invalidRequest('The File Path is empty', {
			cure: 'Fill in File Path, or choose Binary Field as the source.',
		});
	}
	const binary = context.helpers.assertBinaryData(itemIndex, field);
	const content = binary.id
		? await context.helpers.getBinaryStream(binary.id, READ_BYTES)
		: Readable.from(Buffer.from(binary.data, 'base64'));
	const folder = await mkdtemp(join(tmpdir(), 'ytempire-file-'));
	try {
		const path = join(folder, 'file');
		await pipeline(content, upTo(mostBytes), createWriteStream(path, { mode: 0o600 }), {
			signal: context.getExecutionCancelSignal(),
		});
		return await use(path);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function upTo(mostBytes: number) {
	return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
		let bytes = 0;
		for await (const chunk of chunks) {
			bytes += chunk.length;
			if (bytes > mostBytes) {
				throw invalidRequest(`The file has more than ${mostBytes} bytes`, {
					cure: 'Give a smaller file.',
					reason: 'file-too-large',
				});
			}
			yield chunk;
		}
	};
}
