/** Video: Upload: on one account of the pool, streamed, resumed after a crash, never doubled. */
import { rm } from 'node:fs/promises';

import type { INodeProperties } from 'n8n-workflow';

import { freeCall, type UploadResult } from '../../../core/documents';
import { uploadVideo } from '../../../core/youtube/upload';
import { readablePath } from '../../shared/files';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';
import { poolOf } from '../pool';

import { metadataFields, metadataOptions, readMetadata } from './metadata-fields';
import { sourceFields, sourceOf } from './source';

const MIB = 1024 * 1024;

const chunkSizeField: INodeProperties = {
	displayName: 'Chunk Size (MB)',
	name: 'chunkSize',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 1024 },
	default: 50,
	description: 'How much is sent in one request; always a multiple of 256 KiB',
};

export const uploadVideoOperation: Operation = {
	name: 'Upload',
	value: 'upload',
	action: 'Upload a video',
	description:
		'Upload a video on one account of the pool; adds youtube_id, youtube_url, published_at, account_id and quota',
	properties: [
		videoIdField,
		...sourceFields,
		...metadataFields,
		{
			displayName: 'Account or Channel ID',
			name: 'account',
			type: 'string',
			default: "={{ $json.channel_id || '' }}",
			placeholder: 'e.g. account-03',
			description: 'Only this account serves. When empty, the pool chooses.',
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [...metadataOptions, chunkSizeField].sort((a, b) =>
				a.displayName.localeCompare(b.displayName),
			),
		},
	],
	async execute(context, itemIndex) {
		const pool = await poolOf(context, itemIndex);
		const store = await storeOf(context);
		const { metadata, warnings } = readMetadata(context, itemIndex);
		const source = sourceOf(context, itemIndex);
		const { chunkSize, thumbnail } = context.getNodeParameter('options', itemIndex, {}) as {
			chunkSize?: number;
			thumbnail?: string;
		};
		const asked = textParameter(context, 'account', itemIndex);
		const videoId = textParameter(context, 'videoId', itemIndex);
		const { result } = await runStageOf<UploadResult>(context, itemIndex, {
			stage: 'upload',
			input: { source: source.identity, metadata, asked, pool: pool.id },
			work: async ({ folder, signal, progress, recordCost }) => {
				const file = await source.file(folder, signal);
				const uploaded = await uploadVideo(
					{
						videoId,
						file,
						metadata,
						asked,
						thumbnail: thumbnail && (await readablePath(context, thumbnail)),
					},
					{
						store,
						pool,
						signal,
						chunkBytes: chunkSize === undefined ? undefined : chunkSize * MIB,
						log: (message) => {
							context.logger.info(message, { videoId });
						},
						onProgress: ({ sent, total, bytesPerSecond }) => {
							progress(sent / total, progressNote(sent, total, bytesPerSecond));
						},
					},
				);
				if (file.isCopy) await rm(file.path, { force: true });
				await recordCost(freeCall('youtube', { [uploaded.quota.bucket]: uploaded.quota.cost }));
				return { ...uploaded, warnings: [...warnings, ...uploaded.warnings] };
			},
			statusAfter: () => 'published',
		});
		return [stageItem(context, itemIndex, result)];
	},
};

function progressNote(sent: number, total: number, bytesPerSecond: number): string {
	const left = bytesPerSecond > 0 ? `, ${Math.ceil((total - sent) / bytesPerSecond)} s left` : '';
	return `${(sent / MIB).toFixed(1)} of ${(total / MIB).toFixed(1)} MB, ${(bytesPerSecond / MIB).toFixed(1)} MB/s${left}`;
}
