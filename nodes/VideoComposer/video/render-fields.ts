/** Shape, size and encoding of the video, and the operator's own clips and pictures. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { MediaFile } from '../../../core/documents';
import { RENDER_DEFAULTS } from '../../../core/video/compose';
import type { Encoder } from '../../../core/video/encoder';
import { FRAME_RATES, sizeOf, type Format } from '../../../core/video/formats';
import type { Transition } from '../../../core/video/transition';
import { namedFile } from '../../shared/kept-binary';
import { textParameter } from '../../shared/text';

const PRESETS = ['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow'] as const;

export const sizeFields: INodeProperties[] = [
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		options: [
			{ name: '1:1 (Square)', value: '1:1' },
			{ name: '16:9 (Landscape)', value: '16:9' },
			{ name: '4:5 (Upright, for Feeds)', value: '4:5' },
			{ name: '9:16 (Upright, for Shorts)', value: '9:16' },
		],
		default: '16:9',
	},
	{
		displayName: 'Resolution',
		name: 'resolution',
		type: 'options',
		options: [
			{ name: '1080p', value: '1920x1080' },
			{ name: '1440p', value: '2560x1440' },
			{ name: '180p', value: '320x180', description: 'For trying a workflow out' },
			{ name: '2160p (4K)', value: '3840x2160' },
			{ name: '720p', value: '1280x720' },
		],
		default: '1920x1080',
		description: 'Pixels of the shorter side',
	},
];

export const encoderFields: INodeProperties[] = [
	{
		displayName: 'Encoder',
		name: 'encoder',
		type: 'options',
		options: [
			{ name: 'Apple VideoToolbox', value: 'videotoolbox' },
			{ name: 'Intel Quick Sync', value: 'qsv' },
			{ name: 'NVIDIA NVENC', value: 'nvenc' },
			{ name: 'VAAPI', value: 'vaapi' },
			{ name: 'X264', value: 'x264' },
		],
		default: 'x264',
		description: "An encoder of the machine is faster; where it can't be used, x264 takes its place and the result carries a warning",
	},
	{
		displayName: 'Encoder Preset',
		name: 'preset',
		type: 'options',
		options: PRESETS.map((preset) => ({ name: preset, value: preset })),
		default: RENDER_DEFAULTS.preset,
		description: 'Of x264: slower presets give smaller files of the same quality',
	},
];

export const frameRateField: INodeProperties = {
	displayName: 'Frames per Second',
	name: 'fps',
	type: 'number',
	typeOptions: { minValue: FRAME_RATES.least, maxValue: FRAME_RATES.most, numberPrecision: 0 },
	default: RENDER_DEFAULTS.fps,
};

export const ownMediaField: INodeProperties = {
	displayName: 'Own Media',
	name: 'ownMedia',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add clip or picture',
	default: {},
	description: 'Clips (MP4, MOV, MKV, WebM) and pictures (PNG, JPEG, WebP) that are shown before anything that is found',
	options: [
		{
			displayName: 'File',
			name: 'files',
			values: [
				{
					displayName: 'File',
					name: 'file',
					type: 'string',
					default: '',
					placeholder: 'e.g. /data/own/intro.mp4',
					description: 'Path of the file, or the name of a binary field of the item',
				},
				{
					displayName: 'Scene',
					name: 'scene',
					type: 'string',
					default: '',
					placeholder: 'e.g. 2',
					description: "Number or ID of the scene that shows it. Files without one go to the scenes in order.",
				},
			],
		},
	],
};

export const qualityFields: INodeProperties[] = [
	{
		displayName: 'Quality (CRF)',
		name: 'crf',
		type: 'number',
		typeOptions: { minValue: 14, maxValue: 32, numberPrecision: 0 },
		default: RENDER_DEFAULTS.crf,
		description: 'Lower is better and larger; 6 less doubles the size',
	},
	{
		displayName: 'Time Limit (Seconds)',
		name: 'timeoutS',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 0,
		description: 'After which the video is given up; 0 for a limit by its length and size. Finished scenes are kept for the next run.',
	},
	{
		displayName: 'Transition',
		name: 'transition',
		type: 'options',
		options: [
			{ name: 'Cut', value: 'cut' },
			{ name: 'Fade', value: 'fade' },
			{ name: 'Slide', value: 'slide' },
		],
		default: RENDER_DEFAULTS.transition,
		description: 'How a scene follows the one before; it changes no length',
	},
];

/** What the file depends on. */
export function settingsOf(context: IExecuteFunctions, itemIndex: number) {
	const option = <T>(name: string, otherwise: T) => context.getNodeParameter(`options.${name}`, itemIndex, otherwise) as T;
	const format = (textParameter(context, 'format', itemIndex) || '16:9') as Format;
	return {
		...sizeOf(format, textParameter(context, 'resolution', itemIndex) || '1920x1080'),
		fps: option<number>('fps', RENDER_DEFAULTS.fps),
		preset: option<string>('preset', RENDER_DEFAULTS.preset),
		crf: option<number>('crf', RENDER_DEFAULTS.crf),
		encoder: option<Encoder>('encoder', 'x264'),
		transition: option<Transition>('transition', RENDER_DEFAULTS.transition),
	};
}

export interface ChosenFile {
	file: MediaFile;
	scene: string;
}

/** @throws YtempireError `invalid-request` when a file isn't there or n8n keeps nodes from it */
export async function ownMediaOf(context: IExecuteFunctions, itemIndex: number): Promise<ChosenFile[]> {
	const { files = [] } = context.getNodeParameter('options.ownMedia', itemIndex, {}) as {
		files?: Array<{ file?: unknown; scene?: unknown }>;
	};
	const chosen: ChosenFile[] = [];
	for (const { file, scene } of files) {
		const named = typeof file === 'string' ? file.trim() : '';
		if (!named) continue;
		const text = typeof scene === 'number' || typeof scene === 'string' ? String(scene).trim() : '';
		chosen.push({ file: await namedFile(context, itemIndex, named, 'own-media', 'application/octet-stream'), scene: text });
	}
	return chosen;
}
