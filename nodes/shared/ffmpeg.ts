/** ffmpeg as a node's options name it, or the one that is found. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { findFfmpeg, type FfmpegTools } from '../../core/video/ffmpeg';
import { textParameter } from './text';

/** For the collection `options` of an operation. */
export const ffmpegFields: INodeProperties[] = [
	{
		displayName: 'FFmpeg Path',
		name: 'ffmpegPath',
		type: 'string',
		default: '',
		placeholder: 'e.g. /usr/bin/ffmpeg',
		description:
			"Which ffmpeg to use. When empty: the one that YTEMPIRE_FFMPEG_PATH names, then the system's from version 5.0 on, then the one that this package brings.",
	},
	{
		displayName: 'FFprobe Path',
		name: 'ffprobePath',
		type: 'string',
		default: '',
		placeholder: 'e.g. /usr/bin/ffprobe',
		description: 'Which ffprobe to use. When empty: the one beside ffmpeg, then as for ffmpeg.',
	},
];

/** @throws YtempireError `invalid-request` when there is none that can do the work */
export async function ffmpegOf(context: IExecuteFunctions, itemIndex: number): Promise<FfmpegTools> {
	const path = (name: string) =>
		textParameter(context, `options.${name}`, itemIndex);
	return await findFfmpeg({ ffmpegPath: path('ffmpegPath'), ffprobePath: path('ffprobePath') });
}
