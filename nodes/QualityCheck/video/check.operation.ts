/** Video: Check: measures a finished video and says whether it may be published. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { QualityResult, SpeechResult } from '../../../core/documents';
import { getJob } from '../../../core/jobs/job';
import { checkVideo } from '../../../core/quality/check';
import { THRESHOLDS, type Thresholds } from '../../../core/quality/table';
import { thresholdsFor } from '../../../core/quality/thresholds';
import { readSpeech, readVideo } from '../../../core/video/inputs';
import { ffmpegFields, ffmpegOf } from '../../shared/ffmpeg';
import { readablePath } from '../../shared/files';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';

const properties: INodeProperties[] = [
	videoIdField,
	{
		displayName: 'Video',
		name: 'video',
		type: 'json',
		required: true,
		default: '={{ $json.video }}',
		description: 'File, size, rate, captions and sources, as the node Video Composer gives them',
	},
	{
		displayName: 'Speech',
		name: 'speech',
		type: 'json',
		default: '={{ $json.voice }}',
		description:
			'What should be heard, as the node ElevenLabs Voice gives it. When empty, captions and pauses are not held against it.',
	},
	{
		displayName: 'Duration (Seconds)',
		name: 'duration',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: '={{ $json.duration }}',
		description: 'The length that was asked for; 0 for the length of the speech',
	},
	{
		displayName: 'Threshold',
		name: 'threshold',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
		default: THRESHOLDS.score,
		description: 'Score from 0 to 1 from which the video passes. A video without sound, with black in it or of the wrong format never passes.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Channel ID',
				name: 'channelId',
				type: 'string',
				default: '',
				placeholder: 'e.g. UC123',
				description: "Whose lines count; when empty, the job's channel",
			},
			...ffmpegFields,
			{
				displayName: 'Thresholds',
				name: 'thresholds',
				type: 'json',
				default: '{}',
				placeholder: 'e.g. {"default": {"loudnessTarget": -16}, "UC123": {"freeze": {"pass": 6}, "score": 0.8}}',
				description:
					"Lines of your own, for all channels (default) or for one by its ID. A score goes before the field Threshold; what isn't named keeps its line.",
			},
		],
	},
];

export const checkVideoOperation: Operation = {
	name: 'Check',
	value: 'check',
	action: 'Check a video',
	description:
		'Measure format, length, loudness, silence, black, stillness, captions and sources; adds the field quality. A job whose video does not pass is flagged.',
	properties,
	async execute(context, itemIndex) {
		const { file, width, height, fps, captions, sources, shown, duration_s } = readVideo(
			context.getNodeParameter('video', itemIndex),
		);
		const narration = speechOf(context, itemIndex);
		const asked = Number(context.getNodeParameter('duration', itemIndex, 0)) || 0;
		const expected = {
			durationS: asked > 0 ? asked : (narration?.duration_s ?? duration_s),
			width,
			height,
			fps,
			bytes: file.bytes,
			narration,
			captions,
			sources,
			...(shown ? { shown } : {}),
		};
		const thresholds = await channelThresholds(context, itemIndex);
		const tools = await ffmpegOf(context, itemIndex);
		const { result } = await runStageOf<QualityResult>(context, itemIndex, {
			stage: 'quality',
			input: { file: file.sha256, expected, thresholds },
			work: async ({ signal, progress }) =>
				await checkVideo({
					path: await readablePath(context, file.path),
					expected,
					thresholds,
					tools,
					signal,
					onProgress: (fraction) => progress(fraction, 'Measuring the video'),
				}),
			statusAfter: ({ passed }) => (passed ? undefined : 'flagged'),
		});
		return [stageItem(context, itemIndex, { quality: result })];
	},
};

async function channelThresholds(context: IExecuteFunctions, itemIndex: number): Promise<Thresholds> {
	const videoId = textParameter(context, 'videoId', itemIndex);
	const job = videoId ? await getJob(await storeOf(context), videoId) : undefined;
	const channelId = textParameter(context, 'options.channelId', itemIndex) || (job?.request.channel_id ?? '');
	const score = Number(context.getNodeParameter('threshold', itemIndex, THRESHOLDS.score));
	return thresholdsFor(context.getNodeParameter('options.thresholds', itemIndex, ''), channelId, score);
}

function speechOf(context: IExecuteFunctions, itemIndex: number): SpeechResult | undefined {
	const given = context.getNodeParameter('speech', itemIndex, '');
	return given ? readSpeech(given) : undefined;
}
