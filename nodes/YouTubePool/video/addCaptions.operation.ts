/** Video: Add Captions: a track of SRT or WebVTT; one that is there gets the new text. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { addCaptions, MOST_CAPTION_BYTES, readCaptions } from '../../../core/youtube/captions';
import { srtOf } from '../../../core/youtube/srt';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';

import { fileFields, fileSources, withFile } from './small-file';
import { poolDepsOf, readVideo, videoFields } from './video-fields';

export const addCaptionsOperation: Operation = {
	name: 'Add Captions',
	value: 'addCaptions',
	action: 'Add captions to a video',
	description:
		'Add a caption track, or replace the text of the one with this language and name; adds caption_track to the item. Costs 450 units of quota, 500 to replace.',
	properties: [
		...videoFields,
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
	],
	async execute(context, itemIndex) {
		const deps = await poolDepsOf(context, itemIndex);
		const track = await addCaptions(
			{
				...readVideo(context, itemIndex),
				text: await captionsOf(context, itemIndex),
				language: textParameter(context, 'language', itemIndex),
				name: textParameter(context, 'trackName', itemIndex),
			},
			deps,
		);
		return [stageItem(context, itemIndex, { caption_track: track })];
	},
};

async function captionsOf(context: IExecuteFunctions, itemIndex: number): Promise<string> {
	switch (context.getNodeParameter('source', itemIndex)) {
		case 'text':
			return textParameter(context, 'captions', itemIndex);
		case 'cues':
			return srtOf(parsed(context.getNodeParameter('cues', itemIndex)));
		default:
			return await withFile(context, itemIndex, MOST_CAPTION_BYTES, readCaptions);
	}
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
