/** Image: Generate: a prompt becomes a picture of exactly the size that was asked for. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';

import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ImageResult } from '../../../core/documents';
import { mediaStands } from '../../../core/hash';
import type { ImageFormat } from '../../../core/providers/image/fit';
import { generateImage, type ImageInput, type ImagePurpose } from '../../../core/providers/image/generate';
import type { ImageQuality, ImageStyle } from '../../../core/providers/image/image';
import { configuredFor } from '../../shared/candidates';
import { ffmpegOf } from '../../shared/ffmpeg';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { imageCandidates } from '../connection';
import { generateFields } from './fields';

export const generateImageOperation: Operation = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate an image',
	description: 'Generate a picture for a scene or a thumbnail; adds the field image and the file',
	properties: generateFields,
	async execute(context, itemIndex) {
		const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
		const input = readParameters(context, itemIndex, options);
		const stage = stageName(context, itemIndex, input.purpose, options);
		const configured = await configuredFor(context, itemIndex, stage, options);
		const candidates = await imageCandidates(context, itemIndex, options, configured);
		const tools = await ffmpegOf(context, itemIndex);
		const { result } = await runStageOf<ImageResult>(context, itemIndex, {
			stage,
			// of the fallbacks not: whose credentials are chosen may change without a new picture
			input: { ...input, provider: candidates[0]?.provider.id, model: candidates[0]?.model },
			work: async ({ folder, calls }) => await generateImage(input, { candidates, calls, tools, folder }),
			stillStands: async ({ image }) => await mediaStands(image),
		});
		const { path, mime } = result.image;
		const item = stageItem(context, itemIndex, { image: result });
		const field = String(options.binaryField || 'data');
		const file = await context.helpers.prepareBinaryData(createReadStream(path), basename(path), mime);
		return [{ ...item, binary: { ...item.binary, [field]: file } }];
	},
};

function readParameters(context: IExecuteFunctions, itemIndex: number, options: IDataObject): ImageInput {
	const text = (name: string) => textParameter(context, name, itemIndex);
	const purpose = text('purpose') as ImagePurpose;
	const size = purpose === 'scene' ? text('size') : '';
	const sides = size.split('x').map(Number);
	const number = (name: string) => Number(context.getNodeParameter(name, itemIndex, 0));
	const [width = 0, height = 0] = size === 'custom' ? [number('width'), number('height')] : sides;
	return {
		purpose,
		prompt: text('prompt'),
		negativePrompt: String(options.negativePrompt ?? ''),
		width,
		height,
		...(options.format ? { format: options.format as ImageFormat } : {}),
		...(text('style') ? { style: text('style') as ImageStyle } : {}),
		...(options.quality ? { quality: options.quality as ImageQuality } : {}),
		...(options.seed === undefined || options.seed === null ? {} : { seed: Number(options.seed) }),
	};
}

/** A job has one thumbnail and a picture for each scene: each is a stage of its own, so that each is kept. */
function stageName(context: IExecuteFunctions, itemIndex: number, purpose: ImagePurpose, options: IDataObject): string {
	if (purpose === 'thumbnail') return 'thumbnail';
	const { id } = context.getInputData()[itemIndex]?.json ?? {};
	const scene = String(options.sceneId ?? (typeof id === 'string' ? id : ''))
		.replace(/[^\w-]+/g, '-')
		.slice(0, 64);
	return scene ? `image ${scene}` : 'image';
}
