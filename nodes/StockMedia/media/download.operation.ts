/** Download: one video or photo by its id, checked, as a file of the item. */
import { createReadStream } from 'node:fs';

import type { INodeProperties } from 'n8n-workflow';

import { invalidRequest } from '../../../core/errors';
import type { FootageKind } from '../../../core/providers/footage/footage';
import { Libraries } from '../../../core/providers/footage/library';
import { bestRendition } from '../../../core/providers/footage/rank';
import { cacheLimitOf, footageAccounts, footageCacheField } from '../../shared/footage';
import { ffmpegFields, ffmpegOf } from '../../shared/ffmpeg';
import type { Operation } from '../../shared/operation';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';

import { mediaItem } from './item';

const MB = 1e6;

const USUAL_MAX_MB = 200;

function properties(kind: FootageKind): INodeProperties[] {
	return [
		{
			displayName: kind === 'video' ? 'Video ID' : 'Photo ID',
			name: 'mediaId',
			type: 'string',
			required: true,
			default: '={{ $json.id }}',
			placeholder: 'e.g. pexels:1234567',
			description: 'Library and number, as the operation Search gives them',
		},
		{
			displayName: 'Width (Pixels)',
			name: 'width',
			type: 'number',
			typeOptions: { minValue: 64, maxValue: 8192, numberPrecision: 0 },
			default: 1920,
			description: 'The smallest file that is not smaller than width and height is taken, else the largest one',
		},
		{
			displayName: 'Height (Pixels)',
			name: 'height',
			type: 'number',
			typeOptions: { minValue: 64, maxValue: 8192, numberPrecision: 0 },
			default: 1080,
		},
		{
			displayName: 'Put Output File in Field',
			name: 'binaryPropertyName',
			type: 'string',
			required: true,
			default: 'data',
			hint: 'The name of the output binary field to put the file in',
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				...ffmpegFields,
				footageCacheField,
				{
					displayName: 'Largest File (MB)',
					name: 'maxMb',
					type: 'number',
					typeOptions: { minValue: 1 },
					default: USUAL_MAX_MB,
				},
			],
		},
	];
}

export function downloadOperation(kind: FootageKind): Operation {
	return {
		name: 'Download',
		value: 'download',
		action: `Download a ${kind}`,
		description: `Bring a ${kind} with what its licence asks to tell; it is checked to be whole`,
		properties: properties(kind),
		async execute(context, itemIndex) {
			const { provider, id } = splitId(textParameter(context, 'mediaId', itemIndex));
			const side = (name: string) => Number(context.getNodeParameter(name, itemIndex));
			const signal = context.getExecutionCancelSignal();
			const libraries = new Libraries(await footageAccounts(context, itemIndex), {
				store: await storeOf(context),
				tools: await ffmpegOf(context, itemIndex),
				cacheLimitBytes: cacheLimitOf(context, itemIndex),
				maxFileBytes: Number(context.getNodeParameter('options.maxMb', itemIndex, USUAL_MAX_MB)) * MB,
			});
			const candidate = await libraries.find(provider, kind, id, signal);
			const rendition = bestRendition(candidate, { width: side('width'), height: side('height') });
			if (!rendition) {
				throw invalidRequest(`${provider}:${id} has no file`, { provider, reason: 'footage-unknown', cure: 'Take another one.' });
			}
			const file = await libraries.obtain(candidate, rendition, { signal });
			const extension = file.path.split('.').at(-1) ?? '';
			const binary = await context.helpers.prepareBinaryData(
				createReadStream(file.path),
				`${provider}-${id}.${extension}`,
				file.mime,
			);
			const { width, height } = rendition;
			return [
				{
					json: { ...mediaItem(candidate), width, height, bytes: file.bytes },
					binary: { [textParameter(context, 'binaryPropertyName', itemIndex) || 'data']: binary },
				},
			];
		},
	};
}

/** @throws YtempireError `invalid-request` */
function splitId(text: string): { provider: string; id: string } {
	const [, provider, id] = /^([a-z]{1,20}):([A-Za-z0-9_-]{1,64})$/.exec(text) ?? [];
	if (provider && id) return { provider, id };
	throw invalidRequest(`"${text.slice(0, 80)}" names no video or photo`, {
		reason: 'footage-unknown',
		cure: 'Give library and number, e.g. pexels:1234567, as the operation Search gives them.',
	});
}
