/** A caption track: where its text comes from, its language and its name. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { MOST_CAPTION_BYTES, readCaptions, type CaptionText } from '../../../core/youtube/captions';
import { srtOf } from '../../../core/youtube/srt';

import { fileFields, fileSources, withFile } from './small-file';

export const captionFields: INodeProperties[] = [
	{
		displayName: 'Source',
		name: 'source',
		type: 'options',
		options: [
			...fileSources,
			{ name: 'Text', value: 'text', description: 'SRT or WebVTT' },
			{ name: 'Video Composer', value: 'cues', description: 'The captions of the composed video' },
		],
		default: 'cues',
		description: 'Where the captions are',
	},
	...fileFields('e.g. /data/captions/volcanoes.srt'),
	{
		displayName: 'Text',
		name: 'captions',
		type: 'string',
		required: true,
		typeOptions: { rows: 6 },
		displayOptions: { show: { source: ['text'] } },
		default: '',
		description: 'SRT or WebVTT',
	},
	{
		displayName: 'Cues',
		name: 'cues',
		type: 'json',
		required: true,
		displayOptions: { show: { source: ['cues'] } },
		default: '={{ $json.video.captions }}',
		description: 'A list of start_s, end_s and text',
	},
	{
		displayName: 'Language',
		name: 'language',
		type: 'string',
		required: true,
		default: "={{ $json.script?.language || 'en' }}",
		placeholder: 'e.g. pt-BR',
	},
	{
		displayName: 'Track Name',
		name: 'trackName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Simple words',
		description: 'Shown beside the language; at most 150 characters',
	},
];

/** What the user filled in of the fields above. */
export type CaptionChoice = Partial<Record<'binaryField' | 'captions' | 'cues' | 'filePath' | 'language' | 'source' | 'trackName', unknown>>;

/** @throws YtempireError `invalid-request` when the text can't be had */
export async function captionsOf(
	context: IExecuteFunctions,
	itemIndex: number,
	choice: CaptionChoice,
): Promise<CaptionText> {
	const { captions, cues, language, source = 'cues', trackName } = choice;
	const track = { language: textOf(language), name: textOf(trackName) };
	switch (source) {
		case 'text':
			return { ...track, text: textOf(captions) };
		case 'cues':
			return { ...track, text: srtOf(parsed(cues)) };
		default: {
			const file = {
				source: textOf(source),
				filePath: textOf(choice.filePath),
				binaryField: textOf(choice.binaryField) || undefined,
			};
			return { ...track, text: await withFile(context, itemIndex, file, MOST_CAPTION_BYTES, readCaptions) };
		}
	}
}

/** An expression that finds nothing gives null or undefined. */
function textOf(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}

/** A JSON field holds a text when it was typed in. */
function parsed(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	try {
		return JSON.parse(value) as unknown;
	} catch {
		return undefined;
	}
}
