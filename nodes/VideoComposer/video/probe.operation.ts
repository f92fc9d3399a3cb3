/** Video: Probe: what a media file holds, by ffprobe. */
import type { INodeProperties } from 'n8n-workflow';

import { invalidRequest } from '../../../core/errors';
import { CLIP_FORMATS, probe } from '../../../core/video/ffmpeg';
import { ffmpegFields, ffmpegOf } from '../../shared/ffmpeg';
import { namedFile } from '../../shared/kept-binary';
import type { Operation } from '../../shared/operation';
import { textParameter } from '../../shared/text';

const properties: INodeProperties[] = [
	{
		displayName: 'File',
		name: 'file',
		type: 'string',
		required: true,
		default: '={{ $json.video.file.path }}',
		placeholder: 'e.g. /data/own/intro.mp4',
		description: 'Path of a video (MP4, MOV, MKV or WebM), or the name of a binary field of the item',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: ffmpegFields,
	},
];

export const probeVideoOperation: Operation = {
	name: 'Probe',
	value: 'probe',
	action: 'Probe a video',
	description: 'Read what a video file holds: length, size, rate, codecs, colours, sound; adds the field probe',
	properties,
	async execute(context, itemIndex) {
		const named = textParameter(context, 'file', itemIndex);
		if (!named) throw invalidRequest('No file is named', { cure: 'Give the path of a video, or the name of a binary field.' });
		const tools = await ffmpegOf(context, itemIndex);
		const file = await namedFile(context, itemIndex, named, 'probed', 'video/mp4');
		const { formatName, durationS, bytes, video, audio } = await probe(tools, file.path, context.getExecutionCancelSignal(), CLIP_FORMATS);
		const result = {
			format: formatName,
			duration_s: durationS,
			bytes,
			sha256: file.sha256,
			video: video
				? {
						codec: video.codec, profile: video.profile, pixel_format: video.pixelFormat, width: video.width, height: video.height,
						fps: video.fps, average_fps: video.averageFps, frames: video.frames, duration_s: video.durationS,
						sample_aspect: video.sampleAspect, rotation: video.rotation, color_space: video.colorSpace,
						color_range: video.colorRange, color_primaries: video.colorPrimaries, color_transfer: video.colorTransfer,
					}
				: null,
			audio: audio
				? {
						codec: audio.codec, profile: audio.profile, sample_rate: audio.sampleRate, channels: audio.channels,
						duration_s: audio.durationS, bit_rate: audio.bitRate,
					}
				: null,
		};
		const input = context.getInputData()[itemIndex];
		return [{ ...input, json: { ...input?.json, probe: result } }];
	},
};
