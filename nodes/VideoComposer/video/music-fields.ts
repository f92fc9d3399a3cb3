/** Music under the voice: a file on n8n's machine, or one that came with the item. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { mediaFile } from '../../../core/hash';
import { MUSIC_VOLUME_DB, type Music } from '../../../core/video/sound';
import { readablePath } from '../../shared/files';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';

/** Bytes read from n8n's binary storage at a time. */
const READ_BYTES = 256 * 1024;

/** For the collection `options`. */
export const musicFields: INodeProperties[] = [
	{
		displayName: 'Music File',
		name: 'music',
		type: 'string',
		default: '',
		placeholder: 'e.g. /data/music/calm.mp3',
		description:
			'Path of a sound file, or the name of a binary field of the item. It is repeated as long as the video lasts, faded in and out, and lowered while the voice speaks.',
	},
	{
		displayName: 'Music Volume (dB)',
		name: 'musicVolume',
		type: 'number',
		typeOptions: { minValue: -40, maxValue: 0, numberPrecision: 1 },
		default: MUSIC_VOLUME_DB,
		description: 'How loud the music is against the voice where nobody speaks; under speech it is at least 14 dB quieter than the voice',
	},
];

/**
 * The music that is named, if any; one from a binary field is kept beside the store under its content's hash.
 * @throws YtempireError `invalid-request` when the file isn't there or n8n keeps nodes from it
 */
export async function musicOf(context: IExecuteFunctions, itemIndex: number): Promise<Music | undefined> {
	const named = textParameter(context, 'options.music', itemIndex);
	if (!named) return undefined;
	const volumeDb = Number(context.getNodeParameter('options.musicVolume', itemIndex, MUSIC_VOLUME_DB));
	const binary = context.getInputData()[itemIndex]?.binary?.[named];
	if (!binary) return { file: await mediaFile(await readablePath(context, named), 'audio/*'), volumeDb };
	const content = binary.id
		? await context.helpers.getBinaryStream(binary.id, READ_BYTES)
		: Readable.from(Buffer.from(binary.data, 'base64'));
	const folder = join((await storeOf(context)).mediaFolder, 'music');
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const temporary = join(folder, `${randomUUID()}.part`);
	try {
		await pipeline(content, createWriteStream(temporary, { mode: 0o600 }), { signal: context.getExecutionCancelSignal() });
		const file = await mediaFile(temporary, binary.mimeType);
		const path = join(folder, file.sha256);
		await rename(temporary, path);
		return { file: { ...file, path }, volumeDb };
	} finally {
		await rm(temporary, { force: true });
	}
}
