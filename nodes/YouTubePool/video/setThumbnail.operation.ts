/** Video: Set Thumbnail: a JPEG or PNG of up to 50 MB. */
import { MOST_THUMBNAIL_BYTES, replaceThumbnail } from '../../../core/youtube/thumbnail';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';

import { fileChoice, fileFields, fileSources, withFile } from './small-file';
import { againField, isAgain, poolDepsOf, readVideo, videoFields } from './video-fields';

export const setThumbnailOperation: Operation = {
	name: 'Set Thumbnail',
	value: 'setThumbnail',
	action: 'Set the thumbnail of a video',
	description: 'Set the picture shown before a video is played; adds thumbnail to the item. Costs 50 units of quota, nothing when it is set already.',
	properties: [
		...videoFields,
		{
			displayName: 'Source',
			name: 'source',
			type: 'options',
			options: fileSources,
			default: 'path',
			description: 'Where the picture is: JPEG or PNG, at most 50 MB',
		},
		...fileFields('e.g. /data/thumbnails/volcanoes.jpg'),
		againField,
	],
	async execute(context, itemIndex) {
		const deps = await poolDepsOf(context, itemIndex);
		const video = readVideo(context, itemIndex);
		const thumbnail = await withFile(
			context,
			itemIndex,
			fileChoice(context, itemIndex),
			MOST_THUMBNAIL_BYTES,
			async (path) => await replaceThumbnail({ ...video, path, again: isAgain(context, itemIndex) }, deps),
		);
		return [stageItem(context, itemIndex, { thumbnail })];
	},
};
