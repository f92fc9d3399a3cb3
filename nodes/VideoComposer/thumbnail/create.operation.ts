/** Thumbnail: Create: up to three pictures with the title, from the video's best moments or a picture. */
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { IBinaryKeyData, IExecuteFunctions } from 'n8n-workflow';

import type { ThumbnailsResult } from '../../../core/documents';
import { contentHash, fileHash, mediaStands } from '../../../core/hash';
import { writeAside } from '../../../core/video/ffmpeg';
import { readVideo } from '../../../core/video/inputs';
import { createThumbnails, type ThumbnailFormat, type ThumbnailSource } from '../../../core/video/thumbnail';
import { THUMBNAIL_LAYOUTS } from '../../../core/video/thumbnail-title';
import { ffmpegOf } from '../../shared/ffmpeg';
import { readablePath } from '../../shared/files';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';

import { SOURCES, thumbnailFields } from './fields';

interface ChosenSource {
	/** What the result depends on. */
	identity: unknown;
	open(folder: string): Promise<ThumbnailSource>;
}

export const createThumbnailOperation: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a thumbnail',
	description: 'Draw up to three JPEG thumbnails with the title; adds the field thumbnails, whose first path an upload takes',
	properties: thumbnailFields,
	async execute(context, itemIndex) {
		const text = (name: string) => textParameter(context, `options.${name}`, itemIndex);
		const tools = await ffmpegOf(context, itemIndex);
		const source = await sourceOf(context, itemIndex);
		const wish = {
			title: textParameter(context, 'title', itemIndex),
			format: textParameter(context, 'format', itemIndex) as ThumbnailFormat,
			language: text('language') || languageOf(context, itemIndex),
			variants: Number(context.getNodeParameter('options.variants', itemIndex, THUMBNAIL_LAYOUTS.length)),
		};
		const { result } = await runStageOf<ThumbnailsResult>(context, itemIndex, {
			stage: `thumbnails ${wish.format}`,
			input: { ...wish, source: source.identity },
			beside: true,
			work: async ({ folder, signal }) =>
				await createThumbnails({ ...wish, source: await source.open(folder), folder, tools, signal }),
			stillStands: async ({ thumbnails }) => (await Promise.all(thumbnails.map(mediaStands))).every(Boolean),
		});
		const { thumbnails, warnings } = result;
		const item = stageItem(context, itemIndex, { thumbnails, ...(warnings.length > 0 ? { thumbnail_warnings: warnings } : {}) });
		const prefix = text('binaryPrefix');
		if (!prefix) return [item];
		const binary: IBinaryKeyData = { ...item.binary };
		for (const [index, { path, mime }] of thumbnails.entries()) {
			binary[`${prefix}${index + 1}`] = await context.helpers.prepareBinaryData(createReadStream(path), basename(path), mime);
		}
		return [{ ...item, binary }];
	},
};

async function sourceOf(context: IExecuteFunctions, itemIndex: number): Promise<ChosenSource> {
	const kind = textParameter(context, 'source', itemIndex);
	if (kind === SOURCES.video) {
		const { file, captions } = readVideo(context.getNodeParameter('video', itemIndex));
		return {
			identity: file.sha256,
			open: async () => ({ kind: 'video', captions, path: await readablePath(context, file.path) }),
		};
	}
	if (kind === SOURCES.picture) {
		const path = await readablePath(context, textParameter(context, 'picturePath', itemIndex));
		return { identity: await fileHash(path), open: () => Promise.resolve({ kind: 'picture', path }) };
	}
	const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, textParameter(context, 'pictureField', itemIndex));
	const identity = contentHash(bytes.toString('base64'));
	return {
		identity,
		open: async (folder) => {
			const path = join(folder, `own-${identity.slice(0, 16)}.picture`);
			await writeAside(path, (temporary) => writeFile(temporary, bytes));
			return { kind: 'picture', path };
		},
	};
}

function languageOf(context: IExecuteFunctions, itemIndex: number): string {
	const { script } = context.getInputData()[itemIndex]?.json ?? {};
	const language = script !== null && typeof script === 'object' && 'language' in script ? script.language : '';
	return typeof language === 'string' ? language : '';
}
