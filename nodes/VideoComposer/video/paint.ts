/** Pictures for scenes without footage: painted when that is asked for, by the image providers whose credentials are chosen. */
import { join } from 'node:path';

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { generateImage } from '../../../core/providers/image/generate';
import type { CallContext } from '../../../core/routing/call';
import type { FfmpegTools } from '../../../core/video/ffmpeg';
import type { PaintScene } from '../../../core/video/pictures';
import { imageCandidates } from '../../SceneImage/connection';

export const paintField: INodeProperties = {
	displayName: 'Scenes Without Footage',
	name: 'missing',
	type: 'options',
	options: [
		{
			name: 'Painted Picture',
			value: 'paint',
			description: "By Stability, OpenAI or a Midjourney gateway, whose credentials are chosen; paid from the job's budget",
		},
		{ name: 'Titled Card', value: 'card', description: 'Costs nothing' },
	],
	default: 'card',
	description: 'What a scene shows for which no clip and no photo was found',
};

/** Undefined when titled cards are to be shown. @throws YtempireError `invalid-request` when no credential is chosen */
export async function paintOf(
	context: IExecuteFunctions,
	itemIndex: number,
	tools: FfmpegTools,
): Promise<((calls: CallContext, folder: string) => PaintScene) | undefined> {
	if (context.getNodeParameter('options.missing', itemIndex, 'card') !== 'paint') return undefined;
	const candidates = await imageCandidates(context, itemIndex, {});
	return (calls, folder) =>
		async ({ visual_query: prompt }, { width, height, signal }) => {
			const painted = await generateImage(
				{ purpose: 'scene', prompt, width: Math.min(width, 3840), height: Math.min(height, 3840) },
				{ candidates, calls: { ...calls, signal }, tools, folder: join(folder, 'painted') },
			);
			return painted.image.path;
		};
}
