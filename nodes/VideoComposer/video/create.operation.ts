/** Video: Create: one finished MP4 from script, voice and footage. */
import { join } from 'node:path';

import type { INodeProperties } from 'n8n-workflow';

import { freeCall, type VideoResult } from '../../../core/documents';
import { mediaStands } from '../../../core/hash';
import { timesOf, type Redo } from '../../../core/jobs/redo';
import { composeVideo } from '../../../core/video/compose';
import { readScript, readSpeech } from '../../../core/video/inputs';
import { ffmpegFields, ffmpegOf } from '../../shared/ffmpeg';
import { readablePath } from '../../shared/files';
import { footageCacheField } from '../../shared/footage';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';

import { captionFields, captionsOf, captionStyleField } from './caption-fields';
import { checkFields, footageOf, repetitionField } from './footage';
import { musicFields, musicOf } from './music-fields';
import { paintField, paintOf } from './paint';
import { encoderFields, frameRateField, ownMediaField, ownMediaOf, qualityFields, settingsOf, sizeFields } from './render-fields';

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
	...sizeFields,
	captionStyleField,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			...captionFields,
			...checkFields,
			...encoderFields,
			...ffmpegFields,
			footageCacheField,
			frameRateField,
			...musicFields,
			ownMediaField,
			paintField,
			...qualityFields,
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
		const paint = await paintOf(context, itemIndex, tools);
		const captions = captionsOf(context, itemIndex);
		const own = await ownMediaOf(context, itemIndex);
		const timeoutS = Number(context.getNodeParameter('options.timeoutS', itemIndex, 0));
		const { result } = await runStageOf<VideoResult>(context, itemIndex, {
			stage: 'video',
			input: {
				title: script.title,
				scenes: script.scenes,
				spoken: speech.scenes,
				audio: speech.audio.sha256,
				settings,
				captions,
				footage: footage?.choice ?? null,
				...(paint ? { missing: 'paint' } : {}),
				...(own.length > 0 ? { own: own.map(({ file, scene }) => [file.sha256, scene]) } : {}),
				...(music ? { music: [music.file.sha256, music.volumeDb] } : {}),
			},
			work: async ({ folder, signal, progress, recordCost, calls, redos }) => {
				const audio = { ...speech.audio, path: await readablePath(context, speech.audio.path) };
				const video = await composeVideo({
					script,
					speech: { ...speech, audio },
					footage: footage?.library(calls, folder, shownBefore(redos)),
					paint: paint?.(calls, folder),
					ownMedia: own.map(({ file, scene }) => ({ path: file.path, scene })),
					music: music && { ...music, volumeDb: music.volumeDb - QUIETER_DB * timesOf(redos, 'mix') },
					captions,
					...renderedAnew(settings, timesOf(redos, 'render')),
					timeoutS,
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

/** Of the music, for each time that the mix was not good enough. */
const QUIETER_DB = 6;

/** `provider:id` of the clips and photos for which the video was made again. */
function shownBefore(redos: readonly Redo[]): string[] {
	const shown = redos
		.filter(({ part }) => part === 'footage')
		.flatMap(({ before }) => (before as Partial<VideoResult> | null)?.sources ?? [])
		.map(({ provider, id }) => `${provider}:${id}`);
	return [...new Set(shown)].sort();
}

/** No scene of the earlier rendering is taken again, and the machine's own encoder isn't trusted. */
function renderedAnew<T extends object>(settings: T, times: number): T & { take?: number } {
	return times === 0 ? settings : { ...settings, encoder: 'x264', take: times };
}
