/** Video: Upload: on one account of the pool, streamed, resumed after a crash, never doubled. */
import { rm } from 'node:fs/promises';

import type { INodeProperties } from 'n8n-workflow';

import { freeCall, type UploadResult } from '../../../core/documents';
import { publicationOf } from '../../../core/youtube/planned';
import { uploadVideo } from '../../../core/youtube/upload';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';
import { poolOf } from '../pool';

import { afterChoice, afterOptions } from './after-options';
import { metadataFields, metadataOptions, plannedAt, readMetadata } from './metadata-fields';
import { progressOf } from './progress';
import { sourceFields, sourceOf } from './source';

const MIB = 1024 * 1024;

const chunkSizeField: INodeProperties = {
	displayName: 'Chunk Size (MB)',
	name: 'chunkSize',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 1024 },
	default: 50,
	description:
		'How much is sent in one request; always a multiple of 256 KiB. When the option is not set: 50 MB, and more on fast lines.',
};

const processingWaitField: INodeProperties = {
	displayName: 'Wait for Processing (Seconds)',
	name: 'processingWait',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 3600 },
	default: 60,
	description:
		'How long to look whether YouTube can process the video; each look costs one unit. What is still going on then is told in processing_status. 0: look once.',
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
			options: [...metadataOptions, ...afterOptions, chunkSizeField, processingWaitField].sort((a, b) =>
				a.displayName.localeCompare(b.displayName),
			),
		},
	],
	async execute(context, itemIndex) {
		const pool = await poolOf(context, itemIndex);
		const store = await storeOf(context);
		const { metadata, warnings } = readMetadata(context, itemIndex);
		const planned = plannedAt(context, itemIndex);
		const source = sourceOf(context, itemIndex);
		const { chunkSize, processingWait } = context.getNodeParameter('options', itemIndex, {}) as { chunkSize?: number; processingWait?: number };
		const after = await afterChoice(context, itemIndex, pool);
		const asked = textParameter(context, 'account', itemIndex);
		const videoId = textParameter(context, 'videoId', itemIndex);
		const { result } = await runStageOf<UploadResult>(context, itemIndex, {
			stage: 'upload',
			input: { source: source.identity, metadata, asked, pool: pool.id, after: after.identity, ...(planned ? { planned } : {}) },
			work: async ({ folder, signal, progress, recordCost }) => {
				const file = await source.file(folder, signal);
				const publication = publicationOf(metadata, planned, store.clock.now());
				const uploaded = await uploadVideo(
					{ videoId, file, metadata: publication.metadata, asked, ...(await after.input()) },
					{
						store,
						pool,
						signal,
						chunkBytes: chunkSize === undefined ? undefined : chunkSize * MIB,
						processingMs: processingWait === undefined ? undefined : processingWait * 1000,
						log: (message) => {
							context.logger.info(message, { videoId });
						},
						onProgress: progressOf(context, videoId, progress),
						onPaid: async (units) => {
							await recordCost(freeCall('youtube', units));
						},
					},
				);
				if (file.isCopy) await rm(file.path, { force: true });
				return { ...uploaded, warnings: [...warnings, ...publication.warnings, ...uploaded.warnings] };
			},
			// What could not be done after the upload is tried again
			stillStands: async (kept: Partial<UploadResult>) => await Promise.resolve(kept.after_upload?.every(({ done }) => done) ?? true),
			statusAfter: () => 'published',
		});
		return [stageItem(context, itemIndex, result)];
	},
};
