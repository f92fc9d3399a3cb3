/** What the user sees of Image: Generate. */
import type { INodeProperties } from 'n8n-workflow';

import { IMAGE_FORMATS } from '../../../core/providers/image/fit';
import { LONGEST_PROMPT, SIDE_LIMITS } from '../../../core/providers/image/generate';
import { IMAGE_QUALITIES, IMAGE_STYLES, LARGEST_SEED } from '../../../core/providers/image/image';
import { defaultImageModel, imageModels, type ImageProviderId } from '../../../core/providers/image/models';
import { styleWords } from '../../../core/providers/image/wording';
import { providerFields } from '../../shared/candidates';
import { ffmpegFields } from '../../shared/ffmpeg';
import { videoIdField } from '../../shared/stage';
import { IMAGE_CHOICES } from '../connection';

const CUSTOM = 'custom';

const side = (displayName: string, name: string, otherwise: number): INodeProperties => ({
	displayName,
	name,
	type: 'number',
	typeOptions: { minValue: SIDE_LIMITS.min, maxValue: SIDE_LIMITS.max, numberPrecision: 0 },
	displayOptions: { show: { purpose: ['scene'], size: [CUSTOM] } },
	default: otherwise,
	description: 'In pixels',
});

const capital = (words: string) => words.replace(/\b\w/g, (letter) => letter.toUpperCase());

function modelField(displayName: string, name: string, provider: ImageProviderId): INodeProperties {
	return {
		displayName,
		name,
		type: 'options',
		options: imageModels(provider)
			.filter(({ shut_down: end }) => end === undefined)
			.map(({ id }) => ({ name: id, value: id })),
		default: defaultImageModel(provider),
	};
}

export const generateFields: INodeProperties[] = [
	videoIdField,
	{
		displayName: 'Purpose',
		name: 'purpose',
		type: 'options',
		options: [
			{ name: 'Scene', value: 'scene', description: 'A picture of the size that the video has' },
			{ name: 'Thumbnail', value: 'thumbnail', description: '1280 × 720, JPEG, under 2 MB' },
		],
		default: 'scene',
		description: 'What the picture is for',
	},
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 3 },
		required: true,
		default: '={{ $json.visual_query }}',
		placeholder: 'e.g. A volcano at dusk, seen from the sea',
		description: `What is seen, at most ${LONGEST_PROMPT} characters. It is data: commands of the image services in it are taken out.`,
	},
	{
		displayName: 'Size',
		name: 'size',
		type: 'options',
		displayOptions: { show: { purpose: ['scene'] } },
		options: [
			{ name: '1080 × 1080 (Square)', value: '1080x1080' },
			{ name: '1080 × 1350 (Portrait 4:5)', value: '1080x1350' },
			{ name: '1080 × 1920 (Portrait 9:16)', value: '1080x1920' },
			{ name: '1920 × 1080 (Landscape 16:9)', value: '1920x1080' },
			{ name: 'Custom', value: CUSTOM },
		],
		default: '1920x1080',
		description: 'The picture has exactly this size, whatever sizes the provider makes',
	},
	side('Width', 'width', 1920),
	side('Height', 'height', 1080),
	{
		displayName: 'Style',
		name: 'style',
		type: 'options',
		options: [
			{ name: 'As the Prompt Says', value: '' },
			...IMAGE_STYLES.map((style) => ({ name: capital(styleWords(style)), value: style })),
		],
		default: 'cinematic',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			...providerFields(IMAGE_CHOICES),
			...ffmpegFields,
			{
				displayName: 'File Format',
				name: 'format',
				type: 'options',
				options: IMAGE_FORMATS.map((format) => ({ name: format.toUpperCase(), value: format })),
				default: 'png',
				description: 'Of a scene; a thumbnail is always a JPEG',
			},
			{
				displayName: 'Negative Prompt',
				name: 'negativePrompt',
				type: 'string',
				default: 'text, letters, watermark, logo',
				description: 'What is not to be seen',
			},
			modelField('OpenAI Model', 'openaiModel', 'openai'),
			{
				displayName: 'Put Output File in Field',
				name: 'binaryField',
				type: 'string',
				default: 'data',
				hint: 'The name of the output field to put the file in',
			},
			{
				displayName: 'Quality',
				name: 'quality',
				type: 'options',
				options: IMAGE_QUALITIES.map((quality) => ({ name: capital(quality), value: quality })),
				default: 'medium',
				description: 'For providers that have classes of quality (OpenAI); higher costs more',
			},
			{
				displayName: 'Scene ID',
				name: 'sceneId',
				type: 'string',
				default: '={{ $json.id }}',
				description: "Keeps the pictures of a job's scenes apart. When the option is left out: the ID of the item.",
			},
			{
				displayName: 'Seed',
				name: 'seed',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: LARGEST_SEED, numberPrecision: 0 },
				default: 0,
				description: 'The same seed gives the same picture, where the provider takes one',
			},
			modelField('Stability Model', 'stabilityModel', 'stability'),
		],
	},
];
