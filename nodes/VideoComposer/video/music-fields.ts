/** Music under the voice: a file on n8n's machine, or one that came with the item. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { MUSIC_VOLUME_DB, type Music } from '../../../core/video/sound';
import { namedFile } from '../../shared/kept-binary';
import { textParameter } from '../../shared/text';

/** For the collection `options`. */
export const musicFields: INodeProperties[] = [
	{
		displayName: 'Music File',
		name: 'music',
		type: 'string',
		default: '',
		placeholder: 'e.g. /data/music/calm.mp3',
		description:
			'Path of a sound file, or the name of a binary field of the item. It is repeated as long as the video lasts, faded in and out, and lowered while the voice speaks.',
	},
	{
		displayName: 'Music Volume (dB)',
		name: 'musicVolume',
		type: 'number',
		typeOptions: { minValue: -40, maxValue: 0, numberPrecision: 1 },
		default: MUSIC_VOLUME_DB,
		description: 'How loud the music is against the voice where nobody speaks; under speech it is at least 14 dB quieter than the voice',
	},
];

/**
 * The music that is named, if any; one from a binary field is kept beside the store under its content's hash.
 * @throws YtempireError `invalid-request` when the file isn't there or n8n keeps nodes from it
 */
export async function musicOf(context: IExecuteFunctions, itemIndex: number): Promise<Music | undefined> {
	const named = textParameter(context, 'options.music', itemIndex);
	if (!named) return undefined;
	const volumeDb = Number(context.getNodeParameter('options.musicVolume', itemIndex, MUSIC_VOLUME_DB));
	return { file: await namedFile(context, itemIndex, named, 'music', 'audio/*'), volumeDb };
}
