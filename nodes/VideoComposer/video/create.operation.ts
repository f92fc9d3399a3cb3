/** Video: Create: one finished MP4 from script, voice and footage. */
import { join } from 'node:path';

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { freeCall, type VideoResult } from '../../../core/documents';
import { mediaStands } from '../../../core/hash';
import { composeVideo, RENDER_DEFAULTS } from '../../../core/video/compose';
import { readScript, readSpeech } from '../../../core/video/inputs';
import { ffmpegFields, ffmpegOf } from '../../shared/ffmpeg';
import { readablePath } from '../../shared/files';
import { footageCacheField } from '../../shared/footage';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';
import { textParameter } from '../../shared/text';

import { checkFields, footageOf, repetitionField } from './footage';
import { musicFields, musicOf } from './music-fields';

const PRESETS = ['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow'] as const;

const properties: INodeProperties[] = [
	videoIdField,
	{
		displayName: 'Script',
		name: 'script',
		type: 'json',
		required: true,
		default: '={{ $json.script }}',
		description: 'Title and scenes, as the node OpenAI Script gives them',
	},
	{
		displayName: 'Speech',
		name: 'speech',
		type: 'json',
		required: true,
		default: '={{ $json.voice }}',
		description: 'Sound file, scenes and word times, as the node ElevenLabs Voice gives them',
	},
	{
		displayName: 'Resolution',
		name: 'resolution',
		type: 'options',
		options: [
			{ name: '1280 × 720', value: '1280x720' },
			{ name: '1920 × 1080', value: '1920x1080' },
			{ name: '320 × 180', value: '320x180', description: 'For trying a workflow out' },
			{ name: '3840 × 2160', value: '3840x2160' },
		],
		default: `${RENDER_DEFAULTS.width}x${RENDER_DEFAULTS.height}`,
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			...checkFields,
			{
				displayName: 'Encoder Preset',
				name: 'preset',
				type: 'options',
				options: PRESETS.map((preset) => ({ name: preset, value: preset })),
				default: RENDER_DEFAULTS.preset,
				description: 'Slower presets give smaller files of the same quality',
			},
			...ffmpegFields,
			footageCacheField,
			{
				displayName: 'Frames per Second',
				name: 'fps',
				type: 'number',
				typeOptions: { minValue: 24, maxValue: 60, numberPrecision: 0 },
				default: RENDER_DEFAULTS.fps,
			},
			...musicFields,
			{
				displayName: 'Quality (CRF)',
				name: 'crf',
				type: 'number',
				typeOptions: { minValue: 14, maxValue: 32, numberPrecision: 0 },
				default: RENDER_DEFAULTS.crf,
				description: 'Lower is better and larger; 6 less doubles the size',
			},
			repetitionField,
		],
	},
];

export const createVideoOperation: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a video',
	description:
		'Find footage for every scene, burn captions in, and join it with the voice; adds the field video',
	properties,
	async execute(context, itemIndex) {
		const script = readScript(context.getNodeParameter('script', itemIndex));
		const speech = readSpeech(context.getNodeParameter('speech', itemIndex));
		const settings = settingsOf(context, itemIndex);
		const tools = await ffmpegOf(context, itemIndex);
		const footage = await footageOf(context, itemIndex, tools);
		const music = await musicOf(context, itemIndex);
		const { result } = await runStageOf<VideoResult>(context, itemIndex, {
			stage: 'video',
			input: {
				title: script.title,
				scenes: script.scenes,
				spoken: speech.scenes,
				audio: speech.audio.sha256,
				settings,
				footage: footage?.choice ?? null,
				...(music ? { music: [music.file.sha256, music.volumeDb] } : {}),
			},
			work: async ({ folder, signal, progress, recordCost, calls }) => {
				const audio = { ...speech.audio, path: await readablePath(context, speech.audio.path) };
				const video = await composeVideo({
					script,
					speech: { ...speech, audio },
					footage: footage?.library(calls, folder),
					music,
					...settings,
					workDir: join(folder, 'video'),
					tools,
					signal,
					onProgress: progress,
				});
				for (const provider of new Set(video.sources.map((source) => source.provider))) {
					const clips = video.sources.filter((source) => source.provider === provider).length;
					await recordCost(freeCall(provider, { clips }));
				}
				return video;
			},
			stillStands: async ({ file }) => await mediaStands(file),
		});
		return [stageItem(context, itemIndex, { video: result })];
	},
};

function settingsOf(context: IExecuteFunctions, itemIndex: number) {
	const resolution = textParameter(context, 'resolution', itemIndex);
	const [width, height] = resolution.split('x').map(Number);
	const option = <T>(name: string, otherwise: T) =>
		context.getNodeParameter(`options.${name}`, itemIndex, otherwise) as T;
	return {
		width: width ?? RENDER_DEFAULTS.width,
		height: height ?? RENDER_DEFAULTS.height,
		fps: option<number>('fps', RENDER_DEFAULTS.fps),
		preset: option<string>('preset', RENDER_DEFAULTS.preset),
		crf: option<number>('crf', RENDER_DEFAULTS.crf),
	};
}
