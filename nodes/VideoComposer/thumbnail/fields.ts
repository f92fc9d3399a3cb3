/** What the user sees of Thumbnail: Create. */
import type { INodeProperties } from 'n8n-workflow';

import { THUMBNAIL_LAYOUTS } from '../../../core/video/thumbnail-title';
import { ffmpegFields } from '../../shared/ffmpeg';
import { videoIdField } from '../../shared/stage';

export const SOURCES = { video: 'video', picture: 'picture', binary: 'binary' } as const;

export const thumbnailFields: INodeProperties[] = [
	videoIdField,
	{
		displayName: 'Picture From',
		name: 'source',
		type: 'options',
		options: [
			{ name: 'Best Frames of the Video', value: SOURCES.video, description: 'The sharpest moments, never a blank one' },
			{ name: 'Picture in a Binary Field', value: SOURCES.binary },
			{ name: 'Picture on Disk', value: SOURCES.picture, description: 'As the node Scene Image leaves it' },
		],
		default: SOURCES.video,
		description: 'What is behind the title',
	},
	{
		displayName: 'Video',
		name: 'video',
		type: 'json',
		required: true,
		displayOptions: { show: { source: [SOURCES.video] } },
		default: '={{ $json.video }}',
		description: 'As Video: Create gives it',
	},
	{
		displayName: 'Picture Path',
		name: 'picturePath',
		type: 'string',
		required: true,
		displayOptions: { show: { source: [SOURCES.picture] } },
		default: '={{ $json.image.image.path }}',
		placeholder: 'e.g. /data/pictures/volcano.png',
		description: 'A PNG, JPEG or WebP file on the machine that n8n runs on',
	},
	{
		displayName: 'Picture Field',
		name: 'pictureField',
		type: 'string',
		required: true,
		displayOptions: { show: { source: [SOURCES.binary] } },
		default: 'data',
		hint: 'The name of the input field that holds the picture',
	},
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		default: "={{ $json.script?.title ?? '' }}",
		placeholder: 'e.g. 7 volcanoes that could wake up',
		description: 'Written as large as fits. Leave empty for a picture without words.',
	},
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		options: [
			{ name: '16:9 (1280 × 720)', value: '16:9' },
			{ name: '9:16 (1080 × 1920)', value: '9:16', description: 'For Shorts' },
		],
		default: '16:9',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			...ffmpegFields,
			{
				displayName: 'Language',
				name: 'language',
				type: 'string',
				default: "={{ $json.script?.language ?? '' }}",
				placeholder: 'e.g. ja',
				description: 'Decides between Chinese, Japanese and Korean forms of the same character',
			},
			{
				displayName: 'Put Output Files in Fields',
				name: 'binaryPrefix',
				type: 'string',
				default: 'thumbnail_',
				hint: 'What the names of the output fields begin with, e.g. thumbnail_1. When empty or left out, the files stay on disk alone.',
			},
			{
				displayName: 'Variants',
				name: 'variants',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: THUMBNAIL_LAYOUTS.length, numberPrecision: 0 },
				default: THUMBNAIL_LAYOUTS.length,
				description: 'How many, each with a layout and, where the video has them, a moment of its own',
			},
		],
	},
];
